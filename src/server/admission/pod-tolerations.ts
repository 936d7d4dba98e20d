import { withLostNodeTolerations } from "../../apis/core/v1/pod-admission.ts";
import type { Pod } from "../../apis/core/v1/types.generated.ts";
import { isAbout, type AdmissionPlugin } from "./admission.ts";

/** Bounds how long pods stay on a lost node, also those whose tolerations are taken away. */
export function lostNodeTolerations(lostNodeSeconds: number): AdmissionPlugin {
  return {
    name: "DefaultTolerationSeconds",
    mutate: (review) => {
      if (review.verb === "delete" || !isAbout(review, "", "pods")) return review.object;
      return withLostNodeTolerations(review.object as Pod, lostNodeSeconds);
    },
  };
}
