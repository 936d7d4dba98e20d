/**
 * The plans of a Deployment against a world that keeps failing: pods come up when they like or
 * never, crash, and people change template and size at any moment.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Deployment, ReplicaSet } from "../../client/builtin.ts";
import { isScaleChanged, planNewSize, planRollingUpdate, planScale } from "./plan.ts";
import { findNew, oldOnes, sizeOf, totalSize } from "./replica-sets.ts";
import { scaleAnnotations } from "./revisions.ts";
import { rolloutBudget, wantedReplicas } from "./rollout-budget.ts";
import { aDeployment, aSet, aTemplate } from "./testing.ts";

/** A ReplicaSet with its pods: true for available. The status may lag behind both. */
type Group = { set: ReplicaSet; pods: boolean[] };

type Step =
  /** The Deployment controller looks and acts once. */
  | { readonly kind: "reconcile" }
  /** The ReplicaSet controller brings the pods of the n-th group to its size. */
  | { readonly kind: "resize"; readonly group: number }
  /** It reports what it has. */
  | { readonly kind: "report"; readonly group: number }
  | { readonly kind: "ready"; readonly group: number; readonly pod: number }
  | { readonly kind: "crash"; readonly group: number; readonly pod: number }
  | { readonly kind: "template"; readonly image: number }
  | { readonly kind: "replicas"; readonly replicas: number };

class World {
  deployment: Deployment;
  readonly groups: Group[] = [];

  constructor(replicas: number, maxSurge: number, maxUnavailable: number) {
    const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } };
    this.deployment = aDeployment({ replicas, strategy });
  }

  available(): number {
    return this.groups.flatMap((group) => group.pods).filter(Boolean).length;
  }

  /** Available pods that the Deployment controller knows of. */
  known(): number {
    const known = this.groups.map(({ set, pods }) =>
      Math.min(set.status.availableReplicas ?? 0, pods.filter(Boolean).length),
    );
    return known.reduce((sum, count) => sum + count, 0);
  }

  total(): number {
    return totalSize(this.groups.map((group) => group.set));
  }

  step(step: Step): void {
    const group = "group" in step ? this.groups[step.group % (this.groups.length || 1)] : undefined;
    switch (step.kind) {
      case "reconcile":
        this.reconcile();
        return;
      case "template":
        this.#redeploy({ template: aTemplate(`v${step.image}`) });
        return;
      case "replicas":
        this.#redeploy({ replicas: step.replicas });
        return;
      case "resize":
        if (group !== undefined) resize(group);
        return;
      case "report":
        if (group !== undefined) report(group);
        return;
      case "ready":
      case "crash":
        if (group === undefined || group.pods.length === 0) return;
        // A crash after a decision and before its effect, no controller can budget for.
        if (step.kind === "crash") for (const each of this.groups) resize(each);
        if (group.pods.length > 0) group.pods[step.pod % group.pods.length] = step.kind === "ready";
        if (step.kind === "crash") report(group);
    }
  }

  reconcile(): void {
    const sets = this.groups.map((group) => group.set);
    const newest = findNew(this.deployment, sets);
    const old = oldOnes(sets, newest);
    const resizings = isScaleChanged(this.deployment, { newest, old })
      ? planScale(this.deployment, { newest, old })
      : [];
    if (resizings.length === 0 && newest === undefined) {
      const replicas = planNewSize(this.deployment, 0, totalSize(old));
      this.#create(replicas);
      return;
    }
    const plan =
      resizings.length > 0 || newest === undefined
        ? resizings
        : planRollingUpdate(this.deployment, newest, old);
    for (const { replicaSet, replicas } of plan) {
      const group = this.groups.find((candidate) => candidate.set === replicaSet);
      if (group === undefined) throw new Error("a plan is about what is there");
      const isResized = sizeOf(group.set) !== replicas;
      const generation = (group.set.metadata.generation ?? 0) + (isResized ? 1 : 0);
      const annotations = scaleAnnotations(this.deployment);
      group.set = {
        ...group.set,
        metadata: { ...group.set.metadata, annotations, generation },
        spec: { ...group.set.spec, replicas },
      };
    }
  }

  #create(replicas: number): void {
    const name = `set-${String(this.groups.length).padStart(4, "0")}`;
    const status = { observedGeneration: 0 };
    const set = aSet({ name, size: replicas, replicas: 0, available: 0, status });
    const { template } = this.deployment.spec;
    const annotations = scaleAnnotations(this.deployment);
    const made = {
      ...set,
      metadata: { ...set.metadata, annotations },
      spec: { ...set.spec, template },
    };
    this.groups.push({ set: made, pods: [] });
  }

  #redeploy(spec: Partial<Deployment["spec"]>): void {
    this.deployment = { ...this.deployment, spec: { ...this.deployment.spec, ...spec } };
  }
}

/** Unavailable pods go first, as a ReplicaSet does it. */
function resize(group: Group): void {
  const size = sizeOf(group.set);
  const available = group.pods.filter(Boolean).length;
  const kept = Math.min(available, size);
  const fresh = Array.from({ length: size - kept }, () => false);
  group.pods = [...Array.from({ length: kept }, () => true), ...fresh];
}

/** A ReplicaSet reports after it has acted. */
function report(group: Group): void {
  resize(group);
  const availableReplicas = group.pods.filter(Boolean).length;
  const observedGeneration = group.set.metadata.generation ?? 0;
  const counts = { replicas: group.pods.length, availableReplicas, observedGeneration };
  const status = { ...group.set.status, ...counts };
  group.set = { ...group.set, status };
}

/** Everybody does all they can, round after round, and every pod comes up. */
function runToEnd(world: World): void {
  for (let round = 0; round < 200; round += 1) {
    world.reconcile();
    for (const group of world.groups) {
      resize(group);
      group.pods = group.pods.map(() => true);
      report(group);
    }
  }
}

function expectDone(world: World): void {
  const wanted = wantedReplicas(world.deployment);
  const newest = findNew(
    world.deployment,
    world.groups.map((group) => group.set),
  );
  const sizes = world.groups.map((group) => sizeOf(group.set));
  expect(newest === undefined ? 0 : sizeOf(newest)).toBe(wanted);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(wanted);
}

const index = fc.nat({ max: 20 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Step>({ kind: "reconcile" }) },
  { weight: 6, arbitrary: index.map((group): Step => ({ kind: "resize", group })) },
  { weight: 6, arbitrary: index.map((group): Step => ({ kind: "report", group })) },
  {
    weight: 8,
    arbitrary: fc.tuple(index, index).map(([group, pod]): Step => ({ kind: "ready", group, pod })),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(index, index).map(([group, pod]): Step => ({ kind: "crash", group, pod })),
  },
  {
    weight: 1,
    arbitrary: fc.nat({ max: 3 }).map((image): Step => ({ kind: "template", image })),
  },
);
const anyScale = fc.nat({ max: 12 }).map((replicas): Step => ({ kind: "replicas", replicas }));
const anySize = fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 5 }), fc.nat({ max: 5 }));

test("a rollout keeps its budget at every step, and comes to its end", () => {
  fc.assert(
    fc.property(anySize, fc.array(anyStep, { maxLength: 120, size: "max" }), (size, steps) => {
      const world = new World(...size);
      runToEnd(world); // a rollout begins with what an earlier one left
      const { maxSurge, maxUnavailable } = rolloutBudget(world.deployment);
      const least = wantedReplicas(world.deployment) - maxUnavailable;
      const most = wantedReplicas(world.deployment) + maxSurge;
      for (const step of steps) {
        const before = world.known();
        world.step(step);
        expect(world.total()).toBeLessThanOrEqual(most);
        if (step.kind === "crash") continue;
        // Below the budget nothing available goes; above it, no more than the budget allows.
        expect(world.available()).toBeGreaterThanOrEqual(Math.min(before, least));
      }
      runToEnd(world);
      expectDone(world);
    }),
    { numRuns: 500 },
  );
});

test("a rollout that is resized on the way adds no more than allowed, and comes to its end", () => {
  const steps = fc.array(
    fc.oneof({ weight: 20, arbitrary: anyStep }, { weight: 1, arbitrary: anyScale }),
    {
      maxLength: 120,
    },
  );
  fc.assert(
    fc.property(anySize, steps, (size, all) => {
      const world = new World(...size);
      runToEnd(world);
      for (const step of all) {
        const before = world.total();
        world.step(step);
        const { maxSurge } = rolloutBudget(world.deployment);
        const most = wantedReplicas(world.deployment) + maxSurge;
        expect(world.total()).toBeLessThanOrEqual(Math.max(before, most));
      }
      runToEnd(world);
      expectDone(world);
    }),
    { numRuns: 300 },
  );
});

test("a template that never comes up costs no more than the budget", () => {
  const world = new World(10, 3, 2);
  runToEnd(world);
  world.step({ kind: "template", image: 9 });
  for (let round = 0; round < 50; round += 1) {
    world.reconcile();
    for (const group of world.groups) {
      resize(group);
      report(group);
    }
  }
  expect(world.groups.map((group) => sizeOf(group.set))).toEqual([8, 5]);
  expect(world.available()).toBe(8);
});
