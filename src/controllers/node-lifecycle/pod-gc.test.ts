import { describe, expect, test } from "vitest";
import { Node, Pod } from "../../client/builtin.ts";
import { controllerWorld } from "../../controller-runtime/testing/controller-world.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { planPodGc } from "./pod-gc-plan.ts";
import { podGcController } from "./pod-gc.ts";
import { aNode, aPod } from "./testing.ts";

const leaving = { deletionTimestamp: "2026-01-01T00:00:00Z" };

describe("pod collector's plan", () => {
  const outOfService = [{ key: "node.kubernetes.io/out-of-service", effect: "NoExecute" }];
  const nodes = [
    aNode("up", { ready: "True", taints: outOfService }),
    aNode("off", { ready: "Unknown", taints: outOfService }),
    aNode("silent", { ready: "Unknown" }),
  ];
  for (const { name, pod, why } of [
    { name: "on a node that is there", pod: aPod("p", { node: "up" }), why: undefined },
    { name: "on a node that is gone", pod: aPod("p", { node: "gone" }), why: "node-gone" },
    {
      name: "on a node missing for a short time",
      pod: aPod("p", { node: "late" }),
      why: undefined,
    },
    { name: "not scheduled yet", pod: aPod("p"), why: undefined },
    {
      name: "deleted before it was scheduled",
      pod: aPod("p", { metadata: leaving }),
      why: "never-scheduled",
    },
    {
      name: "leaving a silent node: waits for its agent",
      pod: aPod("p", { node: "silent", metadata: leaving }),
      why: undefined,
    },
    {
      name: "leaving a node that people called off",
      pod: aPod("p", { node: "off", metadata: leaving }),
      why: "node-out-of-service",
    },
    {
      name: "staying on a node that people called off",
      pod: aPod("p", { node: "off" }),
      why: undefined,
    },
    {
      name: "leaving a node called off that is ready all the same",
      pod: aPod("p", { node: "up", metadata: leaving }),
      why: undefined,
    },
  ]) {
    test(`${name}: ${why ?? "stays"}`, () => {
      const input = { pods: [pod], nodes, goneNodes: new Set(["gone"]), overPodsMax: 10 };
      expect(planPodGc(input).map((removal) => removal.why)).toEqual(
        why === undefined ? [] : [why],
      );
    });
  }

  test("of very many ended pods the oldest go", () => {
    const over = (name: string, creationTimestamp: string, phase: string): Pod =>
      aPod(name, { node: "up", phase, metadata: { creationTimestamp } });
    const pods = [
      over("young", "2026-01-03T00:00:00Z", "Failed"),
      over("old", "2026-01-01T00:00:00Z", "Succeeded"),
      over("middle", "2026-01-02T00:00:00Z", "Succeeded"),
      over("running", "2025-01-01T00:00:00Z", "Running"),
    ];
    const input = { pods, nodes, goneNodes: new Set<string>(), overPodsMax: 1 };
    expect(planPodGc(input).map(({ pod }) => pod.metadata.name)).toEqual(["old", "middle"]);
  });
});

describe("pod collector", () => {
  test("pods of a node that is deleted are failed and removed after the quarantine", async () => {
    const world = controllerWorld();
    const statuses: unknown[] = [];
    world.cluster.intercept(({ verb, body }) => {
      if (verb === "update/status") statuses.push((body as Pod).status);
      return "serve";
    });
    world.cluster.seed(Node, aNode("n", { ready: "True" }));
    world.cluster.seed(Pod, aPod("p", { node: "n" }));
    world.start(podGcController);
    await world.env.advance(100_000);
    expect(world.cluster.list(Pod)).toHaveLength(1);
    world.cluster.vanish(Node, { namespace: "", name: "n" });
    await world.env.advance(59_999);
    expect(world.cluster.list(Pod)).toHaveLength(1);
    await world.env.advance(1);
    expect(world.cluster.list(Pod)).toEqual([]);
    expect(statuses).toMatchObject([{ phase: "Failed" }]);
    const { conditions } = statuses[0] as Pod["status"];
    expect(findCondition(conditions, "DisruptionTarget")?.reason).toBe("DeletionByPodGC");
    await world.stop();
  });

  test("a node that only the view does not know is asked for", async () => {
    const world = controllerWorld();
    world.cluster.seed(Pod, aPod("p", { node: "n" }));
    world.start(podGcController);
    await world.env.settle();
    world.cluster.lag.hold();
    world.cluster.seed(Node, aNode("n", { ready: "True" }));
    await world.env.advance(300_000);
    expect(world.cluster.list(Pod)).toHaveLength(1);
    expect(world.cluster.requests.every(({ verb }) => verb === "get")).toBe(true);
    await world.stop();
  });

  test("a node that comes back in time ends the quarantine", async () => {
    const world = controllerWorld();
    world.cluster.seed(Pod, aPod("p", { node: "n" }));
    world.start(podGcController);
    await world.env.advance(30_000);
    world.cluster.seed(Node, aNode("n", { ready: "True" }));
    await world.env.advance(30_000);
    world.cluster.vanish(Node, { namespace: "", name: "n" });
    await world.env.advance(35_000);
    expect(world.cluster.list(Pod)).toHaveLength(1);
    await world.env.advance(30_000);
    expect(world.cluster.list(Pod)).toEqual([]);
    await world.stop();
  });
});
