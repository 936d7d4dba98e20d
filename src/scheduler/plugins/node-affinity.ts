import { higherIsBetter, SKIP, type Plugin } from "../framework.ts";
import { matchesTerm, selectsNode } from "./node-selection.ts";

/** Pods go where their selector and affinity want them: required ones only there. */
export const nodeAffinity: Plugin = {
  name: "NodeAffinity",
  wakesOn: ["node-added", "node-labels"],
  weight: 2,
  preFilter: ({ spec }) => {
    const affinity = spec.affinity?.nodeAffinity;
    const preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (spec.nodeSelector === undefined && affinity === undefined) return SKIP;
    const reasons = ["node(s) didn't match Pod's node affinity/selector"];
    return {
      kind: "judge",
      filter: ({ node }) => (selectsNode(spec, node) ? [] : reasons),
      score: ({ node }) =>
        preferred
          .filter(({ preference }) => matchesTerm(preference, node))
          .reduce((sum, { weight }) => sum + weight, 0),
      normalize: higherIsBetter,
    };
  },
};
