import { afterEach, describe, expect, test } from "vitest";
import type { DeploymentCondition } from "../../apis/apps/v1/types.generated.ts";
import { createMetrics } from "../../base/metrics.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { Deployment, Pod, ReplicaSet } from "../../client/builtin.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { Controller } from "../../controller-runtime/controller/controller.ts";
import { fakeCluster, type FakeCluster } from "../../controller-runtime/testing/fake-cluster.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { keyOf } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { controllerOf, controllerReference } from "../../machinery/owners.ts";
import { forbidden } from "../../machinery/status.ts";
import { deploymentController } from "./controller.ts";
import { sizeOf } from "./replica-sets.ts";
import { REVISION_ANNOTATION, REVISION_HISTORY_ANNOTATION, revisionOf } from "./revisions.ts";
import { TEMPLATE_HASH_LABEL, templateHash } from "./template-hash.ts";
import { aDeployment, aSet, aTemplate } from "./testing.ts";

const KEY = { namespace: "default", name: "web" };

const running: AbortController[] = [];
afterEach(() => {
  for (const controller of running.splice(0)) controller.abort();
});

/** A cluster with a running deployment controller; the test plays the ReplicaSet controller. */
class World {
  readonly env: VirtualEnv = virtualEnv();
  readonly cluster: FakeCluster = fakeCluster(this.env);

  constructor() {
    const stop = new AbortController();
    running.push(stop);
    const controller = new Controller(deploymentController(this.cluster.deps), {
      env: this.env,
      metrics: createMetrics(),
    });
    void controller.run(aContext(this.env, stop.signal));
  }

  async deploy(wish: Partial<Deployment["spec"]> = {}): Promise<void> {
    this.cluster.seed(Deployment, aDeployment(wish));
    await this.env.settle();
  }

  async patch<T extends ApiObject>(
    patch: object,
    type: ResourceType<T>,
    name = "web",
  ): Promise<void> {
    const key = { ...KEY, name };
    await this.cluster.client.patch(type, key, { kind: "merge", patch }, aContext(this.env));
    await this.env.settle();
  }

  /** What `kubectl set image` does; an old image is what `kubectl rollout undo` does. */
  async setImage(image: string): Promise<void> {
    await this.patch({ spec: { template: aTemplate(image) } }, Deployment);
  }

  async resize(replicas: number): Promise<void> {
    await this.patch({ spec: { replicas } }, Deployment);
  }

  /** Every ReplicaSet gets its pods; `available` says which images come up. */
  async bring(available: (image: string) => boolean = () => true): Promise<void> {
    for (let round = 0; round < 30; round += 1) {
      for (const set of this.sets()) {
        const replicas = sizeOf(set);
        const up = available(imageOf(set)) ? replicas : 0;
        const counts = { replicas, readyReplicas: up, availableReplicas: up };
        const observedGeneration = set.metadata.generation ?? 0;
        const status = { ...set.status, ...counts, observedGeneration, terminatingReplicas: 0 };
        this.cluster.seed(ReplicaSet, { ...set, status });
      }
      await this.env.settle();
    }
  }

  sets(): readonly ReplicaSet[] {
    return this.cluster.list(ReplicaSet).toSorted((a, b) => revisionOf(a) - revisionOf(b));
  }

  /** `v1:0 v2:3`, the earlier revision first. */
  sizes(): string {
    return this.sets()
      .map((set) => `${imageOf(set)}:${sizeOf(set)}`)
      .join(" ");
  }

  deployment(): Deployment {
    const deployment = this.cluster.find(Deployment, KEY);
    if (deployment === undefined) throw new Error("the Deployment is there");
    return deployment;
  }

  condition(type: string): DeploymentCondition | undefined {
    return findCondition(this.deployment().status.conditions, type);
  }

  /** `True NewReplicaSetAvailable` */
  progress(): string {
    const condition = this.condition("Progressing");
    return `${condition?.status} ${condition?.reason}`;
  }

  events(): readonly string[] {
    return this.cluster.events.map((event) => `${event.type} ${event.reason} ${event.message}`);
  }
}

function imageOf(set: ReplicaSet): string {
  return set.spec.template.spec.containers[0]?.image ?? "";
}

describe("a Deployment controller", () => {
  test("makes a ReplicaSet that is told apart by the hash of its template", async () => {
    const world = new World();
    await world.deploy({ replicas: 3, minReadySeconds: 5 });
    const hash = templateHash(aTemplate(), 0);
    const [set] = world.sets();
    if (set === undefined) throw new Error("a ReplicaSet was made");
    const labels = { app: "web", [TEMPLATE_HASH_LABEL]: hash };
    expect(set.metadata.name).toBe(`web-${hash}`);
    expect(set.metadata.labels).toEqual(labels);
    expect(set.metadata.annotations).toEqual({
      [REVISION_ANNOTATION]: "1",
      "deployment.kubernetes.io/desired-replicas": "3",
      "deployment.kubernetes.io/max-replicas": "4",
    });
    expect(controllerOf(set)).toMatchObject({ kind: "Deployment", name: "web" });
    expect(set.spec.selector.matchLabels).toEqual(labels);
    expect(set.spec.template.metadata.labels).toEqual(labels);
    expect([set.spec.replicas, set.spec.minReadySeconds]).toEqual([3, 5]);
    expect(world.deployment().metadata.annotations).toEqual({ [REVISION_ANNOTATION]: "1" });
    const message = `Scaled up replica set web-${hash} from 0 to 3`;
    expect(world.events()).toEqual([`Normal ScalingReplicaSet ${message}`]);
  });

  test("reports how far it is, to the end", async () => {
    const world = new World();
    await world.deploy({ replicas: 3 });
    const [name = ""] = world.sets().map((set) => set.metadata.name);
    expect(world.condition("Progressing")).toMatchObject({
      status: "True",
      reason: "NewReplicaSetCreated",
      message: `Created new replica set "${name}"`,
    });
    expect(world.condition("Available")).toMatchObject({
      status: "False",
      reason: "MinimumReplicasUnavailable",
    });
    await world.bring();
    const { conditions, ...counts } = world.deployment().status;
    expect(counts).toEqual({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 0,
    });
    expect(conditions).toMatchObject([
      {
        type: "Progressing",
        status: "True",
        reason: "NewReplicaSetAvailable",
        message: `ReplicaSet "${name}" has successfully progressed.`,
      },
      {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      },
    ]);
  });

  test("rests when it is done", async () => {
    const world = new World();
    await world.deploy({ replicas: 3 });
    await world.bring();
    const [before, writes] = [world.cluster.revision(), world.cluster.requests.length];
    await world.env.advance(3_600_000);
    expect([world.cluster.revision(), world.cluster.requests.length]).toEqual([before, writes]);
  });

  test("adopts a ReplicaSet with its template instead of making one", async () => {
    const world = new World();
    world.cluster.seed(
      ReplicaSet,
      aSet({ size: 2, meta: { ...aSet().metadata, ownerReferences: [] } }),
    );
    await world.deploy({ replicas: 2 });
    expect(world.sets().map((set) => controllerOf(set)?.uid)).toEqual(["deployment-uid"]);
    expect(world.condition("Progressing")?.reason).not.toBe("NewReplicaSetCreated");
  });

  test("takes another name when another has the one it wants", async () => {
    const world = new World();
    const name = `web-${templateHash(aTemplate(), 0)}`;
    const stranger = aSet({
      name,
      image: "other",
      meta: { name, namespace: "default", labels: {} },
    });
    world.cluster.seed(ReplicaSet, stranger);
    await world.deploy({ replicas: 2 });
    expect(world.deployment().status.collisionCount).toBe(1);
    const names = world.sets().map((set) => set.metadata.name);
    expect(names).toContain(`web-${templateHash(aTemplate(), 1)}`);
  });

  test("makes one ReplicaSet though the reply is lost and the view is late", async () => {
    const world = new World();
    let losses = 3;
    world.cluster.lag.delayMs = 500;
    world.cluster.intercept(({ verb }) => {
      if (verb !== "create" || losses === 0) return "serve";
      losses -= 1;
      return "lose-reply";
    });
    await world.deploy({ replicas: 2 });
    await world.env.advance(5000);
    expect(world.sets()).toHaveLength(1);
    expect(world.deployment().status.collisionCount).toBeUndefined();
  });

  test("tells when the ReplicaSet is refused, and goes on when it no longer is", async () => {
    const world = new World();
    let isRefusing = true;
    world.cluster.intercept(({ verb }) => {
      const gr = { group: "apps", resource: "replicasets" };
      if (isRefusing && verb === "create") throw forbidden(gr, "x", "exceeded quota");
      return "serve";
    });
    await world.deploy({ replicas: 2 });
    expect(world.progress()).toBe("False ReplicaSetCreateError");
    expect(world.events()[0]).toMatch(
      /^Warning ReplicaSetCreateError Failed to create new replica set "web-.*": .*exceeded quota$/,
    );
    isRefusing = false;
    await world.env.advance(120_000);
    await world.bring();
    expect(world.progress()).toBe("True NewReplicaSetAvailable");
  });

  test("leaves a Deployment that is being deleted as it is", async () => {
    const world = new World();
    const meta = { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["foregroundDeletion"] };
    world.cluster.seed(Deployment, aDeployment({ replicas: 3 }, meta));
    await world.env.settle();
    expect(world.sets()).toEqual([]);
    expect(world.deployment().status.observedGeneration).toBe(1);
  });
});

describe("a rollout", () => {
  test("replaces the old ReplicaSet, step by step", async () => {
    const world = new World();
    await world.deploy({ replicas: 3 });
    await world.bring();
    await world.setImage("v2");
    expect(world.sizes()).toBe("v1:3 v2:1");
    await world.bring();
    expect(world.sizes()).toBe("v1:0 v2:3");
    expect(world.deployment().metadata.annotations?.[REVISION_ANNOTATION]).toBe("2");
    const scalings = world
      .events()
      .map((text) => text.replace(/.*Scaled (.*) replica set \S+/, "$1"));
    expect(scalings).toEqual([
      "up from 0 to 3",
      "up from 0 to 1",
      "down from 3 to 2",
      "up from 1 to 2",
      "down from 2 to 1",
      "up from 2 to 3",
      "down from 1 to 0",
    ]);
  });

  test("stops where the new template does not come up, and can be taken back", async () => {
    const world = new World();
    await world.deploy({ replicas: 4 });
    await world.bring();
    await world.setImage("bad");
    await world.bring((image) => image !== "bad");
    expect(world.sizes()).toBe("v1:3 bad:2");
    expect(world.deployment().status).toMatchObject({ availableReplicas: 3, updatedReplicas: 2 });

    await world.setImage("v1");
    await world.bring((image) => image !== "bad");
    expect(world.sizes()).toBe("bad:0 v1:4");
    const annotations = world.sets().at(-1)?.metadata.annotations;
    expect(annotations?.[REVISION_ANNOTATION]).toBe("3");
    expect(annotations?.[REVISION_HISTORY_ANNOTATION]).toBe("1");
    expect(world.deployment().metadata.annotations?.[REVISION_ANNOTATION]).toBe("3");
    expect(world.progress()).toBe("True NewReplicaSetAvailable");
  });

  test("that is overtaken by a third template ends with that", async () => {
    const world = new World();
    await world.deploy({ replicas: 4 });
    await world.bring();
    await world.setImage("v2");
    await world.setImage("v3");
    await world.bring();
    expect(world.sizes()).toBe("v1:0 v2:0 v3:4");
  });

  test("is told to have failed when it stands still until the deadline, not before", async () => {
    const world = new World();
    await world.deploy({ replicas: 2, progressDeadlineSeconds: 60 });
    await world.bring(() => false);
    expect(world.progress()).toBe("True ReplicaSetUpdated");
    await world.env.advance(59_000);
    expect(world.progress()).toBe("True ReplicaSetUpdated");
    await world.env.advance(1000);
    expect(world.progress()).toBe("False ProgressDeadlineExceeded");
    await world.bring();
    expect(world.progress()).toBe("True NewReplicaSetAvailable");
  });

  test("that may take for ever has no progress to tell of", async () => {
    const world = new World();
    await world.deploy({ replicas: 2, progressDeadlineSeconds: 2 ** 31 - 1 });
    await world.bring();
    expect(world.condition("Progressing")).toBeUndefined();
    expect(world.condition("Available")?.status).toBe("True");
  });

  test("passes the failure of a ReplicaSet on, until it is over", async () => {
    const world = new World();
    await world.deploy({ replicas: 2 });
    const [set] = world.sets();
    if (set === undefined) throw new Error("a ReplicaSet was made");
    const failure = {
      type: "ReplicaFailure",
      status: "True",
      reason: "FailedCreate",
      message: "quota",
      lastTransitionTime: apiTime(world.env.clock.now()),
    };
    world.cluster.seed(ReplicaSet, { ...set, status: { replicas: 0, conditions: [failure] } });
    await world.env.settle();
    expect(world.condition("ReplicaFailure")).toMatchObject({ status: "True", message: "quota" });
    world.cluster.seed(ReplicaSet, { ...set, status: { replicas: 0 } });
    await world.env.settle();
    expect(world.condition("ReplicaFailure")).toBeUndefined();
  });

  test("keeps as many old ReplicaSets as the history may have", async () => {
    const world = new World();
    await world.deploy({ replicas: 1, revisionHistoryLimit: 2 });
    await world.bring();
    for (const image of ["v2", "v3", "v4", "v5"]) {
      await world.setImage(image);
      await world.bring();
    }
    expect(world.sizes()).toBe("v3:0 v4:0 v5:1");
  });
});

describe("a paused Deployment", () => {
  test("does not roll out, but can be resized in the middle of a rollout", async () => {
    const world = new World();
    await world.deploy({ replicas: 10 });
    await world.bring();
    await world.setImage("v2");
    await world.patch({ spec: { paused: true } }, Deployment);
    await world.bring(() => false);
    const before = world.sizes();
    await world.setImage("v3");
    await world.bring(() => false);
    expect(world.sizes()).toBe(before);
    expect(world.progress()).toBe("Unknown DeploymentPaused");

    await world.resize(20);
    const sizes = world.sets().map(sizeOf);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(25);
    expect(Math.min(...sizes)).toBeGreaterThan(3);

    await world.patch({ spec: { paused: false } }, Deployment);
    await world.bring();
    expect(world.sizes()).toBe("v1:0 v2:0 v3:20");
  });

  test("tells of being resumed, and its deadline starts anew", async () => {
    const world = new World();
    await world.deploy({ replicas: 2, progressDeadlineSeconds: 60, paused: true });
    expect(world.sets()).toEqual([]);
    await world.env.advance(600_000);
    expect(world.progress()).toBe("Unknown DeploymentPaused");
    await world.patch({ spec: { paused: false } }, Deployment);
    await world.env.advance(59_000);
    expect(world.progress()).toBe("True NewReplicaSetCreated");
  });
});

describe("a resize", () => {
  test("goes to the one ReplicaSet there is", async () => {
    const world = new World();
    await world.deploy({ replicas: 3 });
    await world.bring();
    await world.resize(7);
    await world.bring();
    expect(world.sizes()).toBe("v1:7");
    await world.resize(0);
    await world.bring();
    expect(world.sizes()).toBe("v1:0");
    expect(world.progress()).toBe("True NewReplicaSetAvailable");
  });

  test("together with a new template does both", async () => {
    const world = new World();
    await world.deploy({ replicas: 3 });
    await world.bring();
    await world.patch({ spec: { replicas: 6, template: aTemplate("v2") } }, Deployment);
    await world.bring();
    expect(world.sizes()).toBe("v1:0 v2:6");
  });

  test("of a ReplicaSet by hand is undone", async () => {
    const world = new World();
    await world.deploy({ replicas: 3 });
    await world.bring();
    const [set] = world.sets();
    await world.patch({ spec: { replicas: 9 } }, ReplicaSet, set?.metadata.name);
    await world.bring();
    expect(world.sizes()).toBe("v1:3");
  });
});

describe("a Recreate", () => {
  test("waits for the end of the last old pod", async () => {
    const world = new World();
    await world.deploy({ replicas: 2, strategy: { type: "Recreate" } });
    await world.bring();
    const [set] = world.sets();
    if (set === undefined) throw new Error("a ReplicaSet was made");
    const pod: Pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "web-x",
        namespace: "default",
        ownerReferences: [controllerReference(set, ReplicaSet)],
      },
      spec: { containers: [] },
      status: { phase: "Running" },
    };
    world.cluster.seed(Pod, pod);
    await world.setImage("v2");
    await world.bring();
    expect(world.sizes()).toBe("v1:0");
    expect(world.condition("Available")?.status).toBe("False");
    world.cluster.vanish(Pod, keyOf(pod));
    await world.bring();
    expect(world.sizes()).toBe("v1:0 v2:2");
  });
});

test("a Deployment that is deleted while it is reconciled is no failure", async () => {
  const world = new World();
  world.cluster.intercept(({ verb }) => {
    if (verb === "create") world.cluster.vanish(Deployment, KEY);
    return "serve";
  });
  await world.deploy({ replicas: 2 });
  await world.env.advance(60_000);
  const lines = world.env.lines.filter(({ fields }) => "error" in fields);
  expect(lines.map(({ level, message }) => ({ level, message }))).toEqual([
    { level: "debug", message: "the object was deleted while it was reconciled" },
  ]);
});
