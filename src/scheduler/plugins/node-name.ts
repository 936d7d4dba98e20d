import { SKIP, type Plugin } from "../framework.ts";

/** A pod that names its node goes nowhere else. */
export const nodeName: Plugin = {
  name: "NodeName",
  wakesOn: ["node-added"],
  preFilter: (pod) => {
    const wanted = pod.spec.nodeName ?? "";
    if (wanted === "") return SKIP;
    const reasons = ["node(s) didn't match the requested node name"];
    return { kind: "judge", filter: (node) => (node.name === wanted ? [] : reasons) };
  },
};
