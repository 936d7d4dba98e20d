import { describe, expect, test } from "vitest";
import { Deployment, Pod, PodDisruptionBudget, ReplicaSet } from "../../client/builtin.ts";
import type { ReadScale } from "../../client/scales.ts";
import {
  controllerWorld,
  type ControllerWorld,
} from "../../controller-runtime/testing/controller-world.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { findCondition } from "../../machinery/conditions.ts";
import type { OwnerReference } from "../../machinery/object.ts";
import { controllerReference } from "../../machinery/owners.ts";
import { disruptionController } from "./controller.ts";
import { STALE_AFTER_MS, staleTargetController } from "./stale-target.ts";

const KEY = { namespace: "default", name: "b" };
const LABELS = { app: "web" };
const NOBODY: ReadScale = () => Promise.resolve(undefined);

function aWorld(readScale: ReadScale = NOBODY): ControllerWorld {
  const world = controllerWorld();
  world.start((deps) => disruptionController(deps, { readScale }), staleTargetController);
  return world;
}

function aBudget(spec: PodDisruptionBudget["spec"]): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { ...KEY, generation: 1 },
    spec: { selector: { matchLabels: LABELS }, ...spec },
    status: {},
  };
}

function aPod(name: string, owner?: OwnerReference): Pod {
  const ownerReferences = owner === undefined ? [] : [owner];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: LABELS, ownerReferences },
    spec: { containers: [] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  };
}

/** A set of three pods; `rollout`: made by a Deployment of five. */
function seedSet(world: ControllerWorld, rollout: "none" | "of five" = "none"): void {
  const shape = {
    selector: { matchLabels: LABELS },
    template: { metadata: {}, spec: { containers: [] } },
  };
  const base = { apiVersion: "apps/v1", metadata: { namespace: "default" }, status: {} } as const;
  const deployment = world.cluster.seed(Deployment, {
    ...base,
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: { ...shape, replicas: 5 },
  });
  const above = rollout === "none" ? [] : [controllerReference(deployment, Deployment)];
  const set = world.cluster.seed(ReplicaSet, {
    ...base,
    kind: "ReplicaSet",
    metadata: { name: "web-1", namespace: "default", ownerReferences: above },
    spec: { ...shape, replicas: 3 },
    status: { replicas: 3 },
  });
  for (const name of ["p1", "p2", "p3"]) {
    world.cluster.seed(Pod, aPod(name, controllerReference(set, ReplicaSet)));
  }
}

function status(world: ControllerWorld): PodDisruptionBudget["status"] | undefined {
  return world.cluster.find(PodDisruptionBudget, KEY)?.status;
}

describe("disruption controller", () => {
  test("counts what a set wants, and a Deployment in the place of its sets", async () => {
    for (const { rollout, expectedPods, disruptionsAllowed } of [
      { rollout: "none", expectedPods: 3, disruptionsAllowed: 1 },
      { rollout: "of five", expectedPods: 5, disruptionsAllowed: 0 },
    ] as const) {
      const world = aWorld();
      seedSet(world, rollout);
      world.cluster.seed(PodDisruptionBudget, aBudget({ maxUnavailable: 1 }));
      await world.env.settle();
      expect(status(world)).toMatchObject({ expectedPods, disruptionsAllowed, currentHealthy: 3 });
      await world.stop();
    }
  });

  test("follows its pods as they come, change and go", async () => {
    const world = aWorld();
    world.cluster.seed(PodDisruptionBudget, aBudget({ minAvailable: 1 }));
    await world.env.settle();
    expect(status(world)).toMatchObject({ expectedPods: 0, disruptionsAllowed: 0 });
    world.cluster.seed(Pod, aPod("p1"));
    world.cluster.seed(Pod, aPod("p2"));
    await world.env.settle();
    expect(status(world)).toMatchObject({ expectedPods: 2, disruptionsAllowed: 1 });
    world.cluster.vanish(Pod, { namespace: "default", name: "p1" });
    await world.env.settle();
    expect(status(world)).toMatchObject({ expectedPods: 1, disruptionsAllowed: 0 });
    await world.stop();
  });

  test("asks makers of other kinds for their scale", async () => {
    const world = aWorld(({ uid }) => Promise.resolve({ uid, replicas: 4 }));
    const owner = { apiVersion: "x/v1", kind: "Fleet", name: "f", uid: "f", controller: true };
    world.cluster.seed(Pod, aPod("p1", owner));
    world.cluster.seed(Pod, aPod("p2", owner));
    world.cluster.seed(PodDisruptionBudget, aBudget({ minAvailable: "25%" }));
    await world.env.settle();
    expect(status(world)).toMatchObject({ expectedPods: 4, disruptionsAllowed: 1 });
    await world.stop();
  });

  test("allows nothing while a maker is unknown, and says why", async () => {
    const world = aWorld();
    const owner = { apiVersion: "x/v1", kind: "Fleet", name: "f", uid: "f", controller: true };
    world.cluster.seed(Pod, aPod("p1", owner));
    world.cluster.seed(PodDisruptionBudget, aBudget({ maxUnavailable: 1 }));
    await world.env.settle();
    const message = 'found no controllers for pod "p1"';
    expect(status(world)).toMatchObject({ disruptionsAllowed: 0 });
    expect(findCondition(status(world)?.conditions, "DisruptionAllowed")).toMatchObject({
      status: "False",
      reason: "SyncFailed",
      message,
    });
    expect(world.cluster.events).toContainEqual(
      expect.objectContaining({
        reason: "CalculateExpectedPodCountFailed",
        message: `Failed to calculate the number of expected pods: ${message}`,
      }),
    );
    await world.stop();
  });

  test("people are told of pods that nobody makes", async () => {
    const world = aWorld();
    world.cluster.seed(Pod, aPod("p1"));
    world.cluster.seed(PodDisruptionBudget, aBudget({ maxUnavailable: 1 }));
    await world.env.settle();
    expect(status(world)).toMatchObject({ expectedPods: 0, disruptionsAllowed: 0 });
    const [event] = world.cluster.events.filter(({ reason }) => reason === "UnmanagedPods");
    expect(event?.message).toContain("(selector: app=web) were found to be unmanaged");
    await world.stop();
  });

  test("forgets an eviction that came to nothing, and says so of the pod", async () => {
    const world = aWorld();
    for (const name of ["p1", "p2"]) world.cluster.seed(Pod, aPod(name));
    const budget = aBudget({ minAvailable: 1 });
    const disruptedPods = { p1: apiTime(world.env.clock.now()) };
    world.cluster.seed(PodDisruptionBudget, { ...budget, status: { disruptedPods } });
    await world.env.settle();
    expect(status(world)).toMatchObject({ disruptionsAllowed: 0, currentHealthy: 1 });
    await world.env.advance(3 * 60_000);
    expect(status(world)).toMatchObject({ disruptionsAllowed: 1, currentHealthy: 2 });
    expect(world.cluster.events.map(({ reason }) => reason)).toContain("NotDeleted");
    await world.stop();
  });
});

describe("pods that were told of their end", () => {
  for (const { reason, ends } of [
    { reason: "EvictionByEvictionAPI", ends: "False" },
    { reason: "TerminationByKubelet", ends: "True" },
  ]) {
    test(`${reason} is ${ends} after two minutes`, async () => {
      const world = aWorld();
      const lastTransitionTime = apiTime(world.env.clock.now());
      const target = { type: "DisruptionTarget", status: "True", reason, lastTransitionTime };
      const pod = aPod("p1");
      world.cluster.seed(Pod, { ...pod, status: { ...pod.status, conditions: [target] } });
      const told = (): unknown => {
        const found = world.cluster.find(Pod, { namespace: "default", name: "p1" });
        return findCondition(found?.status.conditions, "DisruptionTarget")?.status;
      };
      await world.env.advance(STALE_AFTER_MS - 2_000);
      expect(told()).toBe("True");
      await world.env.advance(4_000);
      expect(told()).toBe(ends);
      await world.stop();
    });
  }
});
