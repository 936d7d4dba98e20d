import { afterEach, describe, expect, test } from "vitest";
import { createMetrics } from "../../base/metrics.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { Namespace, Pod, ReplicaSet } from "../../client/builtin.ts";
import { Controller } from "../../controller-runtime/controller/controller.ts";
import { fakeCluster, type FakeCluster } from "../../controller-runtime/testing/fake-cluster.ts";
import { keyOf } from "../../machinery/key.ts";
import { isTerminating } from "../../machinery/object.ts";
import { controllerOf } from "../../machinery/owners.ts";
import { forbidden, internalError } from "../../machinery/status.ts";
import { replicaSetController } from "./controller.ts";
import { EXPECTATION_MS_MAX } from "./expectations.ts";
import { aPod, aReplicaSet } from "./testing.ts";

const KEY = { namespace: "default", name: "web" };

const running: AbortController[] = [];
afterEach(() => {
  for (const controller of running.splice(0)) controller.abort();
});

type World = { readonly env: VirtualEnv; readonly cluster: FakeCluster };

/** A cluster with a running controller in it. */
function aWorld(seed = 1): World {
  const env = virtualEnv({ seed });
  const cluster = fakeCluster(env);
  const stop = new AbortController();
  running.push(stop);
  const controller = new Controller(replicaSetController(cluster.deps), {
    env,
    metrics: createMetrics(),
  });
  void controller.run(aContext(env, stop.signal));
  return { env, cluster };
}

function pods({ cluster }: World): readonly Pod[] {
  return cluster.list(Pod).filter((pod) => !isTerminating(pod));
}

async function resize({ env, cluster }: World, replicas: number): Promise<void> {
  const patch = { spec: { replicas } };
  await cluster.client.patch(ReplicaSet, KEY, { kind: "merge", patch }, aContext(env));
}

/** Plays the node: `pod` is ready from now on. */
function makeReady({ env, cluster }: World, pod: Pod): void {
  const lastTransitionTime = new Date(env.clock.now()).toISOString();
  const status = {
    phase: "Running",
    conditions: [{ type: "Ready", status: "True", lastTransitionTime }],
  };
  cluster.seed(Pod, { ...pod, spec: { ...pod.spec, nodeName: "node-1" }, status });
}

const eventTexts = ({ cluster }: World): readonly string[] =>
  cluster.events.map((event) => `${event.type} ${event.reason} ${event.message}`);

describe("a ReplicaSet controller", () => {
  test("creates pods from the template, owned and named after the set", async () => {
    const world = aWorld();
    const template = {
      metadata: { labels: { app: "web" }, annotations: { note: "x" } },
      spec: { containers: [{ name: "main", image: "host" }] },
    };
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 2, template }));
    await world.env.settle();
    expect(pods(world)).toHaveLength(2);
    for (const pod of pods(world)) {
      expect(pod.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
      expect(pod.metadata.labels).toEqual({ app: "web" });
      expect(pod.metadata.annotations).toEqual({ note: "x" });
      expect(controllerOf(pod)).toMatchObject({ kind: "ReplicaSet", name: "web", uid: "set-uid" });
    }
    const names = pods(world).map((pod) => pod.metadata.name);
    expect(eventTexts(world).toSorted()).toEqual(
      names.map((name) => `Normal SuccessfulCreate Created pod: ${name}`),
    );
  });

  test("replaces a pod that is deleted, and one that failed", async () => {
    const world = aWorld();
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 2 }));
    await world.env.settle();
    const [first, second] = pods(world);
    if (first === undefined || second === undefined) throw new Error("two pods were made");
    await world.cluster.client.delete(Pod, keyOf(first), aContext(world.env));
    world.cluster.seed(Pod, { ...second, status: { phase: "Failed" } });
    await world.env.settle();
    const fresh = pods(world).filter((pod) => pod.status.phase !== "Failed");
    expect(fresh).toHaveLength(2);
    expect(fresh.map((pod) => pod.metadata.uid)).not.toContain(second.metadata.uid);
  });

  test("scales down by uid, the unready first", async () => {
    const world = aWorld();
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 3 }));
    await world.env.settle();
    const [kept] = pods(world);
    if (kept === undefined) throw new Error("pods were made");
    makeReady(world, kept);
    await resize(world, 1);
    await world.env.settle();
    expect(pods(world).map((pod) => pod.metadata.name)).toEqual([kept.metadata.name]);
    const deletions = world.cluster.requests.filter((request) => request.verb === "delete");
    expect(deletions).toHaveLength(2);
    for (const { body } of deletions) expect(body).toHaveProperty("preconditions.uid");
  });

  test("adopts the orphans it selects, and releases what it no longer selects", async () => {
    const world = aWorld();
    const orphan = aPod({ name: "orphan", meta: { name: "orphan", ownerReferences: [] } });
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 1 }));
    world.cluster.seed(Pod, orphan);
    await world.env.settle();
    const adopted = world.cluster.find(Pod, keyOf(orphan));
    expect(adopted === undefined ? undefined : controllerOf(adopted)?.uid).toBe("set-uid");

    const patch = { metadata: { labels: { app: "debug" } } };
    const key = keyOf(orphan);
    await world.cluster.client.patch(Pod, key, { kind: "merge", patch }, aContext(world.env));
    await world.env.settle();
    const released = world.cluster.find(Pod, key);
    expect(released?.metadata.ownerReferences ?? []).toEqual([]);
    const owned = pods(world).filter((pod) => controllerOf(pod) !== undefined);
    expect(owned).toHaveLength(1);
  });

  test("adopts nothing for a set that was deleted behind its view", async () => {
    const world = aWorld();
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 1 }));
    await world.env.settle();
    world.cluster.lag.hold();
    world.cluster.vanish(ReplicaSet, KEY);
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 1 }, { uid: "another" }));
    const orphan = aPod({ name: "orphan", meta: { name: "orphan", ownerReferences: [] } });
    world.cluster.seed(Pod, orphan);
    await world.env.advance(1000);
    expect(world.cluster.find(Pod, keyOf(orphan))?.metadata.ownerReferences).toEqual([]);
  });

  test("leaves the pods of a set that is being deleted to the garbage collector", async () => {
    const world = aWorld();
    const meta = { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["foregroundDeletion"] };
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 3 }, meta));
    await world.env.settle();
    expect(pods(world)).toEqual([]);
  });
});

describe("the status of a running ReplicaSet", () => {
  test("follows its pods, and tells of availability when its time has come", async () => {
    const world = aWorld();
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 1, minReadySeconds: 30 }));
    await world.env.settle();
    const [pod] = pods(world);
    if (pod === undefined) throw new Error("a pod was made");
    makeReady(world, pod);
    const status = (): ReplicaSet["status"] | undefined =>
      world.cluster.find(ReplicaSet, KEY)?.status;
    await world.env.advance(29_999);
    expect(status()).toMatchObject({ replicas: 1, readyReplicas: 1, observedGeneration: 1 });
    expect(status()?.availableReplicas).toBeUndefined();
    await world.env.advance(1);
    expect(status()).toMatchObject({ availableReplicas: 1 });
  });

  test("is not written again while nothing changes", async () => {
    const world = aWorld();
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 2 }));
    await world.env.advance(1000);
    const before = world.cluster.revision();
    const writes = world.cluster.requests.length;
    await world.env.advance(600_000);
    expect(world.cluster.revision()).toBe(before);
    expect(world.cluster.requests.length).toBe(writes);
  });

  test("is written over a concurrent change of the set", async () => {
    const world = aWorld();
    let isFirst = true;
    world.cluster.intercept(({ verb }) => {
      if (verb === "update/status" && isFirst) {
        isFirst = false;
        const live = world.cluster.find(ReplicaSet, KEY);
        if (live !== undefined) {
          const metadata = { ...live.metadata, labels: { touched: "yes" } };
          world.cluster.seed(ReplicaSet, { ...live, metadata });
        }
      }
      return "serve";
    });
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 1 }));
    await world.env.advance(1);
    expect(world.cluster.find(ReplicaSet, KEY)).toMatchObject({
      metadata: { labels: { touched: "yes" } },
      status: { replicas: 1 },
    });
  });
});

describe("when pods are refused", () => {
  test("few calls are made, the failure is told, and it goes when it is over", async () => {
    const world = aWorld();
    let isRefusing = true;
    const gr = { group: "", resource: "pods" };
    world.cluster.intercept(({ verb }) => {
      if (isRefusing && verb === "create") throw forbidden(gr, "", "exceeded quota");
      return "serve";
    });
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 50 }));
    await world.env.settle();
    const creations = (): number =>
      world.cluster.requests.filter((request) => request.verb === "create").length;
    expect(creations()).toBeLessThan(3); // one, and one after the status was written
    const condition = world.cluster.find(ReplicaSet, KEY)?.status.conditions?.[0];
    expect(condition).toMatchObject({ type: "ReplicaFailure", reason: "FailedCreate" });
    expect(eventTexts(world)[0]).toBe(
      "Warning FailedCreate Error creating: pods is forbidden: exceeded quota",
    );

    isRefusing = false;
    await world.env.advance(120_000);
    expect(pods(world)).toHaveLength(50);
    expect(world.cluster.find(ReplicaSet, KEY)?.status.conditions).toBeUndefined();
  });

  test("because the namespace goes, nothing is told and nothing retried", async () => {
    const world = aWorld();
    world.cluster.seed(Namespace, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "default", deletionTimestamp: "2026-01-01T00:00:00Z" },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Terminating" },
    });
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 5 }));
    await world.env.advance(600_000);
    const creations = world.cluster.requests.filter((request) => request.verb === "create");
    expect(creations.length).toBeLessThan(3);
    expect(world.cluster.events).toEqual([]);
  });
});

describe("never more pods than declared", () => {
  /** The most pods there ever were at once. */
  function watchMost(world: World): () => number {
    let most = 0;
    world.cluster.intercept(() => {
      most = Math.max(most, pods(world).length);
      return "serve";
    });
    return () => Math.max(most, pods(world).length);
  }

  for (const lagMs of [1, 50, 10_000, 2 * EXPECTATION_MS_MAX]) {
    test(`with a watch that is ${lagMs} ms late`, async () => {
      const world = aWorld(lagMs);
      const most = watchMost(world);
      world.cluster.lag.delayMs = lagMs;
      world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 7 }));
      // Whatever wakes the set meanwhile must not make it count again in the old view.
      for (let wake = 0; wake < 20; wake += 1) {
        const patch = { metadata: { annotations: { wake: String(wake) } } };
        await world.cluster.client.patch(
          ReplicaSet,
          KEY,
          { kind: "merge", patch },
          aContext(world.env),
        );
        await world.env.advance(lagMs / 3);
      }
      await world.env.advance(3 * lagMs);
      expect(most()).toBe(7);
      expect(pods(world)).toHaveLength(7);
    });
  }

  test("though half of the replies are lost", async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const world = aWorld(seed);
      let most = 0;
      world.cluster.lag.delayMs = 1000;
      world.cluster.intercept(({ verb }) => {
        most = Math.max(most, pods(world).length);
        return verb === "create" && world.env.random.next() < 0.5 ? "lose-reply" : "serve";
      });
      world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 9 }));
      await world.env.advance(120_000);
      expect([seed, Math.max(most, pods(world).length)]).toEqual([seed, 9]);
      expect([seed, pods(world).length]).toEqual([seed, 9]);
    }
  });

  test("nor fewer after a scale down whose replies are lost", async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const world = aWorld(seed);
      world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 9 }));
      await world.env.advance(1000);
      world.cluster.lag.delayMs = 1000;
      world.cluster.intercept(({ verb }) =>
        verb === "delete" && world.env.random.next() < 0.5 ? "lose-reply" : "serve",
      );
      await resize(world, 4);
      let fewest = 9;
      for (let step = 0; step < 100; step += 1) {
        await world.env.advance(100);
        fewest = Math.min(fewest, pods(world).length);
      }
      expect([seed, fewest, pods(world).length]).toEqual([seed, 4, 4]);
    }
  });

  test("a server that fails after the write is asked what it has", async () => {
    const world = aWorld();
    let count = 0;
    world.cluster.intercept(async ({ verb, body, context }): Promise<"serve"> => {
      count += 1;
      if (verb === "create" && count < 6 && context.cause.actor !== "served") {
        const served = { ...context, cause: { ...context.cause, actor: "served" } };
        await world.cluster.client.create(Pod, body as Pod, served);
        throw internalError("etcdserver: request timed out");
      }
      return "serve";
    });
    world.cluster.lag.delayMs = 60_000;
    world.cluster.seed(ReplicaSet, aReplicaSet({ replicas: 4 }));
    await world.env.advance(300_000);
    expect(pods(world)).toHaveLength(4);
  });
});
