import { isTolerated } from "../../machinery/taints.ts";
import { SKIP, type Plugin } from "../framework.ts";

/** The taint that stands for `spec.unschedulable`, for pods that tolerate it. */
const TAINT = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

/** A cordoned node takes no new pods, except those that tolerate it. */
export const nodeUnschedulable: Plugin = {
  name: "NodeUnschedulable",
  wakesOn: ["node-added", "node-taints"],
  preFilter: (pod) => {
    if (isTolerated(TAINT, pod.spec.tolerations)) return SKIP;
    const reasons = ["node(s) were unschedulable"];
    return {
      kind: "judge",
      filter: ({ node }) => (node.spec.unschedulable === true ? reasons : []),
    };
  },
};
