import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClusterState } from "./cluster-state.ts";
import { amountOf } from "./resources.ts";
import { aNode, aPod } from "./testing.ts";

const one = { cpu: "1" };

/** `node-1: 2 pods, 2000`, in the order of the snapshot. */
function text(state: ClusterState): string {
  return state
    .snapshot()
    .nodes.map(({ name, pods, requested }) => {
      return `${name}: ${pods.size} pods, ${amountOf(requested, "cpu")}`;
    })
    .join("; ");
}

describe("the state of the cluster", () => {
  test("counts pods on their nodes, in the order of names", () => {
    const state = new ClusterState();
    state.putNode(aNode("b"));
    state.putNode(aNode("a"));
    state.putPod(aPod("p", { requests: one, spec: { nodeName: "b" } }));
    expect(text(state)).toBe("a: 0 pods, 0; b: 1 pods, 1000");
  });

  test("keeps pods of a node that is not known yet, or no more", () => {
    const state = new ClusterState();
    const pod = aPod("p", { requests: one, spec: { nodeName: "a" } });
    state.putPod(pod);
    expect(text(state)).toBe("");
    state.putNode(aNode("a"));
    expect(text(state)).toBe("a: 1 pods, 1000");
    state.removeNode("a");
    expect(text(state)).toBe("");
    state.putNode(aNode("a"));
    expect(text(state)).toBe("a: 1 pods, 1000");
    state.removePod("default/p");
    expect(text(state)).toBe("a: 0 pods, 0");
  });

  test("counts an assumed pod once, before and after the watch shows it", () => {
    const state = new ClusterState();
    state.putNode(aNode("a"));
    const pod = aPod("p", { requests: one });
    state.assume(pod, "a");
    expect([text(state), state.assumedCount]).toEqual(["a: 1 pods, 1000", 1]);
    state.putPod({ ...pod, spec: { ...pod.spec, nodeName: "a" } });
    expect([text(state), state.assumedCount]).toEqual(["a: 1 pods, 1000", 0]);
    state.forget(pod);
    expect(text(state)).toBe("a: 1 pods, 1000");
  });

  test("follows the watch when it shows the pod elsewhere", () => {
    const state = new ClusterState();
    state.putNode(aNode("a"));
    state.putNode(aNode("b"));
    const pod = aPod("p", { requests: one });
    state.assume(pod, "a");
    state.putPod({ ...pod, spec: { ...pod.spec, nodeName: "b" } });
    expect(text(state)).toBe("a: 0 pods, 0; b: 1 pods, 1000");
  });

  test("gives room back that was only assumed", () => {
    const state = new ClusterState();
    state.putNode(aNode("a"));
    const pod = aPod("p", { requests: one });
    state.assume(pod, "a");
    state.forget(pod);
    expect([text(state), state.isAssumed(pod)]).toEqual(["a: 0 pods, 0", false]);
  });
});

test("the sums of a node are those of its pods, after any history", () => {
  const name = fc.constantFrom("p", "q", "r");
  const node = fc.constantFrom("a", "b");
  const step = fc.oneof(
    fc.record({ kind: fc.constant("put"), name, node, cpu: fc.nat({ max: 5 }) }),
    fc.record({ kind: fc.constant("assume"), name, node, cpu: fc.nat({ max: 5 }) }),
    fc.record({
      kind: fc.constantFrom("forget", "remove", "node", "nodeless"),
      name,
      node,
      cpu: fc.constant(0),
    }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const state = new ClusterState();
      for (const { kind, name: pod, node: nodeName, cpu } of steps) {
        const object = aPod(pod, { requests: { cpu: String(cpu) } });
        const key = `default/${pod}`;
        if (kind === "put") state.putPod({ ...object, spec: { ...object.spec, nodeName } });
        if (kind === "assume" && state.pod(key) === undefined) state.assume(object, nodeName);
        if (kind === "forget") state.forget(object);
        if (kind === "remove") state.removePod(key);
        if (kind === "node") state.putNode(aNode(nodeName));
        if (kind === "nodeless") state.removeNode(nodeName);
      }
      for (const each of ["a", "b"]) state.putNode(aNode(each));
      for (const view of state.snapshot().nodes) {
        const cpus = [...view.pods].map(({ spec }) =>
          Number(spec.containers[0]?.resources?.requests?.["cpu"] ?? 0),
        );
        const sum = cpus.reduce((total, cpu) => total + cpu, 0);
        expect(amountOf(view.requested, "cpu")).toBe(BigInt(sum * 1000));
      }
    }),
  );
});
