import type { Taint } from "../../apis/core/v1/types.generated.ts";
import { isTolerated } from "../../machinery/taints.ts";
import { lowerIsBetter, type Plugin } from "../framework.ts";

/** Taints keep pods away that do not tolerate them; those that only prefer to, count against. */
export const taintToleration: Plugin = {
  name: "TaintToleration",
  wakesOn: ["node-added", "node-taints"],
  weight: 3,
  preFilter: ({ spec }) => {
    const reasons = ["node(s) had untolerated taint(s)"];
    const mild = (spec.tolerations ?? []).filter(
      ({ effect = "" }) => effect === "" || effect === "PreferNoSchedule",
    );
    const keepsAway = (taint: Taint): boolean =>
      (taint.effect === "NoSchedule" || taint.effect === "NoExecute") &&
      !isTolerated(taint, spec.tolerations);
    const discourages = (taint: Taint): boolean =>
      taint.effect === "PreferNoSchedule" && !isTolerated(taint, mild);
    return {
      kind: "judge",
      filter: ({ node }) => ((node.spec.taints ?? []).some(keepsAway) ? reasons : []),
      score: ({ node }) => (node.spec.taints ?? []).filter(discourages).length,
      normalize: lowerIsBetter,
    };
  },
};
