import { describe, expect, test } from "vitest";
import { Lease, Node, Pod } from "../../client/builtin.ts";
import {
  controllerWorld,
  type ControllerWorld,
} from "../../controller-runtime/testing/controller-world.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { nodeLifecycleController } from "./controller.ts";
import type { NodeLifecycleOptions } from "./options.ts";
import { aLease, aNode, aPod, taintTexts } from "./testing.ts";

function aWorld(
  nodes: readonly Node[],
  options?: NodeLifecycleOptions,
): ControllerWorld & {
  /** Time passes; the agents of these nodes give signs of life all the while. */
  readonly pass: (ms: number, ...alive: readonly string[]) => Promise<void>;
  readonly node: (name: string) => Node;
} {
  const world = controllerWorld();
  for (const node of nodes) world.cluster.seed(Node, node);
  world.start((deps) => nodeLifecycleController(deps, options));
  let beat = 0;
  const pass = async (ms: number, ...alive: readonly string[]): Promise<void> => {
    for (let left = ms; left > 0; left -= 10_000) {
      beat += 1;
      for (const name of alive) world.cluster.seed(Lease, aLease(name, beat));
      await world.env.advance(Math.min(left, 10_000));
    }
  };
  const node = (name: string): Node => {
    const found = world.cluster.find(Node, { namespace: "", name });
    if (found === undefined) throw new Error(`no node ${name}`);
    return found;
  };
  return { ...world, pass, node };
}

function ready(node: Node): string | undefined {
  return findCondition(node.status.conditions, "Ready")?.status;
}

const three = (): readonly Node[] =>
  ["a", "b", "c"].map((name) => aNode(name, { ready: "True", heartbeat: "1" }));

describe("node lifecycle controller", () => {
  test("a node that renews its lease is left alone", async () => {
    const world = aWorld(three());
    const revision = world.cluster.revision();
    await world.pass(200_000, "a", "b", "c");
    expect(world.cluster.requests).toEqual([]);
    expect(world.cluster.revision()).toBeGreaterThan(revision);
    await world.stop();
  });

  test("a status report is a sign of life too", async () => {
    const world = aWorld(three());
    for (const heartbeat of ["2", "3", "4"]) {
      await world.pass(40_000, "a", "b");
      const status = aNode("c", { ready: "True", heartbeat }).status;
      world.cluster.seed(Node, { ...world.node("c"), status });
    }
    await world.pass(40_000, "a", "b");
    expect(ready(world.node("c"))).toBe("True");
    await world.stop();
  });

  test("a silent node becomes unknown just after the grace, with taints and events", async () => {
    const world = aWorld(three());
    await world.pass(49_999, "a", "b");
    expect(ready(world.node("c"))).toBe("True");
    await world.pass(1, "a", "b");
    expect(ready(world.node("c"))).toBe("Unknown");
    expect(taintTexts(world.node("c").spec.taints)).toEqual([
      "node.kubernetes.io/unreachable:NoSchedule",
      "node.kubernetes.io/unreachable:NoExecute",
    ]);
    expect(world.cluster.events).toMatchObject([{ reason: "NodeNotReady", gvk: { kind: "Node" } }]);
    expect(ready(world.node("a"))).toBe("True");
    await world.stop();
  });

  test("a jump of the wall clock makes no node look dead", async () => {
    const world = aWorld(three());
    await world.pass(20_000, "a", "b", "c");
    world.env.jumpWallClock(3_600_000);
    await world.pass(20_000, "a", "b", "c");
    expect(world.cluster.requests).toEqual([]);
    await world.stop();
  });

  test("a node that never reported has the time it needs to start", async () => {
    const world = aWorld([aNode("a", { ready: "True" }), aNode("new")]);
    await world.pass(59_999, "a");
    expect(ready(world.node("new"))).toBeUndefined();
    await world.pass(1, "a");
    expect(findCondition(world.node("new").status.conditions, "Ready")?.reason).toBe(
      "NodeStatusNeverUpdated",
    );
    await world.stop();
  });

  test("timings are options", async () => {
    const world = aWorld(three(), { monitorGraceMs: 4_300, monitorPeriodMs: 1_000 });
    await world.pass(4_299);
    expect(ready(world.node("a"))).toBe("True");
    await world.pass(1);
    expect(ready(world.node("a"))).toBe("Unknown");
    await world.stop();
    expect(() => aWorld([], { monitorGraceMs: 0 })).toThrow("monitorGraceMs must be positive");
  });

  test("pods of a silent node are marked not ready, ended ones are not touched", async () => {
    const world = aWorld(three());
    world.cluster.seed(Pod, aPod("up", { node: "c", ready: "True" }));
    world.cluster.seed(Pod, aPod("elsewhere", { node: "a", ready: "True" }));
    world.cluster.seed(Pod, aPod("over", { node: "c", ready: "True", phase: "Succeeded" }));
    await world.pass(55_000, "a", "b");
    const states = world.cluster
      .list(Pod)
      .map(({ metadata, status }) => [
        metadata.name,
        findCondition(status.conditions, "Ready")?.status,
      ]);
    expect(states).toEqual([
      ["elsewhere", "True"],
      ["over", "True"],
      ["up", "False"],
    ]);
    await world.stop();
  });

  test("a node that reports again loses its taints", async () => {
    const world = aWorld(three());
    await world.pass(60_000, "a", "b");
    const status = aNode("c", { ready: "True", heartbeat: "9" }).status;
    world.cluster.seed(Node, { ...world.node("c"), status });
    await world.pass(1_000, "a", "b", "c");
    expect(world.node("c").spec.taints ?? []).toEqual([]);
    await world.stop();
  });

  test("nodes are emptied one each ten seconds", async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const world = aWorld(names.map((name) => aNode(name, { ready: "True", heartbeat: "1" })));
    const emptied = (): number =>
      names.filter((name) =>
        taintTexts(world.node(name).spec.taints).includes(
          "node.kubernetes.io/unreachable:NoExecute",
        ),
      ).length;
    await world.pass(50_000, "a", "b", "c", "d");
    expect(emptied()).toBe(1);
    await world.pass(9_000, "a", "b", "c", "d");
    expect(emptied()).toBe(1);
    await world.pass(6_000, "a", "b", "c", "d");
    expect(emptied()).toBe(2);
    await world.stop();
  });

  test("while most of a few nodes are in trouble, nothing more is driven off", async () => {
    const names = ["a", "b", "c", "d"];
    const world = aWorld(names.map((name) => aNode(name, { ready: "True", heartbeat: "1" })));
    await world.pass(200_000, "a");
    const effects = names.flatMap((name) => taintTexts(world.node(name).spec.taints));
    expect(effects.filter((text) => text.endsWith(":NoSchedule"))).toHaveLength(3);
    expect(effects.filter((text) => text.endsWith(":NoExecute")).length).toBeLessThanOrEqual(1);
    await world.stop();
  });

  test("when the last node falls silent, what was begun is taken back", async () => {
    const world = aWorld([aNode("a", { ready: "True" }), aNode("b", { ready: "True" })]);
    await world.pass(60_000, "a");
    expect(taintTexts(world.node("b").spec.taints)).toContain(
      "node.kubernetes.io/unreachable:NoExecute",
    );
    await world.pass(70_000);
    for (const name of ["a", "b"]) {
      expect(taintTexts(world.node(name).spec.taints)).toEqual([
        "node.kubernetes.io/unreachable:NoSchedule",
      ]);
    }
    await world.stop();
  });

  test("a new node of an old name is given its own time", async () => {
    const world = aWorld(three());
    await world.pass(45_000, "a", "b");
    world.cluster.lag.hold(); // so that the two come as one
    world.cluster.vanish(Node, { namespace: "", name: "c" });
    world.cluster.seed(Node, aNode("c", { ready: "True", heartbeat: "1" }));
    await world.env.settle();
    world.cluster.lag.release();
    await world.pass(45_000, "a", "b");
    expect(ready(world.node("c"))).toBe("True");
    await world.stop();
  });

  test("waiting writes nothing", async () => {
    const world = aWorld(three());
    await world.pass(70_000, "a", "b");
    const { length } = world.cluster.requests;
    await world.pass(600_000, "a", "b");
    expect(world.cluster.requests).toHaveLength(length);
    await world.stop();
  });
});
