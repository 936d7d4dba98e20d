import type { Node } from "../../apis/core/v1/types.generated.ts";
import { isAbout, type AdmissionPlugin } from "./admission.ts";

const NOT_READY = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };

/** A new node takes no pods until a controller has seen that it is ready. */
export function newNodeTaint(): AdmissionPlugin {
  return {
    name: "TaintNodesByCondition",
    mutate: (review) => {
      if (review.verb !== "create" || !isAbout(review, "", "nodes")) return review.object;
      const node = review.object as Node;
      const taints = node.spec?.taints ?? [];
      const isTainted = taints.some(
        ({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect,
      );
      if (isTainted) return node;
      return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } };
    },
  };
}
