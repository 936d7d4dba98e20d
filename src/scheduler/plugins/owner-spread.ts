import { controllerOf } from "../../machinery/owners.ts";
import { isTerminating } from "../../machinery/object.ts";
import { lowerIsBetter, SKIP, type Plugin } from "../framework.ts";

/**
 * Pods of one controller spread over the nodes, so that the loss of one costs few of them: the
 * default for pods that say nothing themselves. Upstream asks the selectors of services and
 * controllers who belongs together; the owner tells the same without a look at either.
 */
export const ownerSpread: Plugin = {
  name: "OwnerSpread",
  wakesOn: [],
  weight: 2,
  preFilter: (pod) => {
    const owner = controllerOf(pod)?.uid;
    const hasOwnRules = (pod.spec.topologySpreadConstraints ?? []).length > 0;
    if (owner === undefined || hasOwnRules) return SKIP;
    return {
      kind: "judge",
      score: ({ pods }) => {
        let count = 0;
        for (const other of pods) {
          if (controllerOf(other)?.uid === owner && !isTerminating(other)) count += 1;
        }
        return count;
      },
      normalize: lowerIsBetter,
    };
  },
};
