import { withLostNodeTolerations } from "../../apis/core/v1/pod-admission.ts";
import type { Pod } from "../../apis/core/v1/types.generated.ts";
import { isAbout, type AdmissionPlugin } from "./admission.ts";

/** Bounds how long new pods stay on a lost node. */
export function lostNodeTolerations(lostNodeSeconds: number): AdmissionPlugin {
  return {
    name: "DefaultTolerationSeconds",
    mutate: (review) => {
      if (review.verb !== "create" || !isAbout(review, "", "pods")) return review.object;
      return withLostNodeTolerations(review.object as Pod, lostNodeSeconds);
    },
  };
}
