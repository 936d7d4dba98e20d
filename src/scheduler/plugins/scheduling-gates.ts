import type { Plugin } from "../framework.ts";

/** A pod with gates waits until whoever set them has taken the last one away. */
export const schedulingGates: Plugin = {
  name: "SchedulingGates",
  wakesOn: [], // only a change of the pod itself opens a gate, and that is always looked at
  preEnqueue: (pod) => {
    const gates = (pod.spec.schedulingGates ?? []).map((gate) => gate.name);
    return gates.length === 0 ? undefined : `waiting for scheduling gates: [${gates.join(" ")}]`;
  },
};
