import { describe, expect, test } from "vitest";
import { Node, Pod } from "../../client/builtin.ts";
import {
  controllerWorld,
  type ControllerWorld,
} from "../../controller-runtime/testing/controller-world.ts";
import { findCondition } from "../../machinery/conditions.ts";
import type { Taint } from "./node-views.ts";
import { taintEvictionController } from "./taint-eviction.ts";
import { aNode, aPod } from "./testing.ts";

const TAINT: Taint = { key: "node.kubernetes.io/unreachable", effect: "NoExecute" };
const key = { namespace: "default", name: "p" };

function tolerationFor(tolerationSeconds: number) {
  return [{ key: TAINT.key, operator: "Exists", effect: "NoExecute", tolerationSeconds }];
}

/** A node `n`, a controller at work, and a grip on the node's taints. */
async function aWorld(): Promise<
  ControllerWorld & {
    readonly taint: (...taints: readonly Taint[]) => void;
    readonly isLeaving: () => boolean | undefined;
  }
> {
  const world = controllerWorld();
  world.cluster.seed(Node, aNode("n", { ready: "True" }));
  world.start(taintEvictionController);
  await world.env.settle();
  return {
    ...world,
    taint: (...taints) => world.cluster.seed(Node, aNode("n", { ready: "Unknown", taints })),
    isLeaving: () => {
      const pod = world.cluster.find(Pod, key);
      return pod === undefined ? undefined : pod.metadata.deletionTimestamp !== undefined;
    },
  };
}

describe("taint eviction controller", () => {
  test("a pod without a toleration leaves at once, told why, with its grace", async () => {
    const world = await aWorld();
    world.cluster.seed(Pod, aPod("p", { node: "n" }));
    await world.env.advance(1_000);
    expect(world.isLeaving()).toBe(false);
    world.taint(TAINT);
    await world.env.settle();
    const pod = world.cluster.find(Pod, key);
    expect(pod?.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(findCondition(pod?.status.conditions, "DisruptionTarget")).toMatchObject({
      status: "True",
      reason: "DeletionByTaintManager",
    });
    expect(world.cluster.events).toMatchObject([{ reason: "TaintManagerEviction" }]);
    await world.stop();
  });

  test("a pod leaves when its toleration is over, not before", async () => {
    const world = await aWorld();
    world.cluster.seed(Pod, aPod("p", { node: "n", tolerations: tolerationFor(300) }));
    world.taint(TAINT);
    await world.env.advance(299_999);
    expect(world.isLeaving()).toBe(false);
    await world.env.advance(1);
    expect(world.isLeaving()).toBe(true);
    await world.stop();
  });

  test("changes of the pod meanwhile do not grant it more time", async () => {
    const world = await aWorld();
    const pod = world.cluster.seed(Pod, aPod("p", { node: "n", tolerations: tolerationFor(300) }));
    world.taint(TAINT);
    await world.env.advance(200_000);
    world.cluster.seed(Pod, { ...pod, status: { ...pod.status, message: "changed" } });
    world.taint({ ...TAINT, timeAdded: "2026-01-01T00:00:00Z" });
    await world.env.advance(100_000);
    expect(world.isLeaving()).toBe(true);
    await world.stop();
  });

  test("a taint that goes in time cancels it, and a later one counts anew", async () => {
    const world = await aWorld();
    world.cluster.seed(Pod, aPod("p", { node: "n", tolerations: tolerationFor(300) }));
    world.taint(TAINT);
    await world.env.advance(200_000);
    world.taint();
    await world.env.advance(200_000);
    expect(world.isLeaving()).toBe(false);
    expect(world.cluster.events.map(({ message }) => message)).toEqual([
      "Cancelling deletion of Pod default/p",
    ]);
    world.taint(TAINT);
    await world.env.advance(299_000);
    expect(world.isLeaving()).toBe(false);
    await world.env.advance(1_000);
    expect(world.isLeaving()).toBe(true);
    await world.stop();
  });

  test("pods elsewhere and pods without a node stay", async () => {
    const world = await aWorld();
    world.cluster.seed(Pod, aPod("p", { node: "other" }));
    world.cluster.seed(Pod, aPod("q"));
    world.taint(TAINT);
    await world.env.advance(1_000);
    expect(world.cluster.requests).toEqual([]);
    await world.stop();
  });

  test("a pod that is put on a tainted node is judged like the others", async () => {
    const world = await aWorld();
    world.taint(TAINT);
    await world.env.advance(100_000);
    world.cluster.seed(Pod, aPod("p", { node: "n", tolerations: tolerationFor(30) }));
    await world.env.advance(29_000);
    expect(world.isLeaving()).toBe(false);
    await world.env.advance(1_000);
    expect(world.isLeaving()).toBe(true);
    await world.stop();
  });

  test("a pod of the same name that follows is not the one that was counted", async () => {
    const world = await aWorld();
    const pod = aPod("p", { node: "n", tolerations: tolerationFor(300) });
    world.cluster.seed(Pod, pod);
    world.taint(TAINT);
    await world.env.advance(200_000);
    world.cluster.lag.hold();
    world.cluster.vanish(Pod, key);
    world.cluster.seed(Pod, pod);
    await world.env.settle();
    world.cluster.lag.release();
    await world.env.advance(200_000);
    expect(world.isLeaving()).toBe(false);
    await world.stop();
  });

  test("a pod is deleted by its uid only", async () => {
    const world = await aWorld();
    const pod = world.cluster.seed(Pod, aPod("p", { node: "n" }));
    world.taint(TAINT);
    await world.env.settle();
    const deletes = world.cluster.requests.filter(({ verb }) => verb === "delete");
    expect(deletes).toMatchObject([{ body: { preconditions: { uid: pod.metadata.uid } } }]);
    await world.stop();
  });
});
