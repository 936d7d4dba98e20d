import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import { Node, Pod } from "../client/builtin.ts";
import { fakeCluster, type FakeCluster } from "../controller-runtime/testing/fake-cluster.ts";
import { findCondition } from "../machinery/conditions.ts";
import { internalError } from "../machinery/status.ts";
import { createScheduler, type SchedulerOptions } from "./scheduler.ts";
import { UNSCHEDULABLE_MS_MAX } from "./queue.ts";
import { aNode, aPod, type NodeWish, type PodWish } from "./testing.ts";

const running: World[] = [];
afterEach(async () => {
  for (const world of running.splice(0)) await world.stop();
});

/** A cluster with a running scheduler. */
class World {
  readonly env: VirtualEnv;
  readonly cluster: FakeCluster;
  readonly #stop = new AbortController();
  #ended: Promise<void> | undefined;

  constructor(seed = 1, options: SchedulerOptions = {}) {
    this.env = virtualEnv({ seed });
    this.cluster = fakeCluster(this.env);
    const scheduler = createScheduler(
      { ...this.cluster.deps, client: this.cluster.client },
      options,
    );
    this.#ended = scheduler.run(aContext(this.env, this.#stop.signal));
    running.push(this);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  addNode(name: string, wish: NodeWish = {}): void {
    this.cluster.seed(Node, aNode(name, wish));
  }

  addPods(names: string, wish: PodWish = {}): void {
    for (const name of names.split(" ")) this.cluster.seed(Pod, aPod(name, wish));
  }

  /** `a b`: the pods on a node, by name. */
  on(node: string): string {
    return this.pods()
      .filter((pod) => pod.spec.nodeName === node)
      .map((pod) => pod.metadata.name)
      .join(" ");
  }

  pods(): readonly Pod[] {
    return this.cluster.list(Pod);
  }

  pod(name: string): Pod {
    const pod = this.cluster.find(Pod, { namespace: "default", name });
    if (pod === undefined) throw new Error(`the pod ${name} is there`);
    return pod;
  }

  scheduled(name: string): string {
    const condition = findCondition(this.pod(name).status.conditions, "PodScheduled");
    return `${condition?.status} ${condition?.reason}: ${condition?.message}`;
  }

  events(): readonly string[] {
    return this.cluster.events.map((event) => `${event.type} ${event.reason} ${event.message}`);
  }
}

describe("a scheduler", () => {
  test("gives a pod a node, and says so", async () => {
    const world = new World();
    world.addNode("node-1");
    world.addPods("x");
    await world.env.settle();
    expect(world.on("node-1")).toBe("x");
    expect(world.events()).toEqual(["Normal Scheduled Successfully assigned default/x to node-1"]);
    const binding = world.cluster.requests.find(({ verb }) => verb === "create/binding");
    expect(binding?.body).toMatchObject({
      kind: "Binding",
      metadata: { uid: "x" },
      target: { kind: "Node", name: "node-1" },
    });
    expect(binding?.context.cause.actor).toBe("default-scheduler");
  });

  test("counts what was there before it came", async () => {
    const env = virtualEnv();
    const cluster = fakeCluster(env);
    cluster.seed(Node, aNode("a", { allocatable: { cpu: "1" } }));
    cluster.seed(Node, aNode("b", { allocatable: { cpu: "1" } }));
    const requests = { cpu: "1" };
    cluster.seed(Pod, aPod("old", { requests, spec: { nodeName: "a" } }));
    cluster.seed(Pod, aPod("new", { requests }));
    const stop = new AbortController();
    const ended = createScheduler(cluster.deps).run(aContext(env, stop.signal));
    await env.settle();
    const pod = cluster.find(Pod, { namespace: "default", name: "new" });
    expect(pod?.spec.nodeName).toBe("b");
    stop.abort();
    await ended;
  });

  test("spreads the pods of one owner over the nodes", async () => {
    const world = new World();
    for (const name of ["a", "b", "c"]) world.addNode(name);
    world.addPods("p1 p2 p3 p4 p5 p6", { owner: "rs" });
    await world.env.settle();
    const counts = ["a", "b", "c"].map((node) => world.on(node).split(" ").length);
    expect(counts).toEqual([2, 2, 2]);
  });

  test("keeps to taints, selectors and names", async () => {
    const world = new World();
    world.addNode("plain");
    world.addNode("tainted", { spec: { taints: [{ key: "gpu", effect: "NoSchedule" }] } });
    world.addNode("labeled", { labels: { disk: "ssd" } });
    world.addNode("cordoned", { spec: { unschedulable: true } });
    world.addPods("picky", { spec: { nodeSelector: { disk: "ssd" } } });
    world.addPods("bound-for-tainted", {
      spec: {
        tolerations: [{ key: "gpu", operator: "Exists" }],
        nodeSelector: { "kubernetes.io/hostname": "tainted" },
      },
    });
    world.addPods("p1 p2 p3 p4 p5 p6 p7 p8");
    await world.env.settle();
    expect(world.on("tainted")).toBe("bound-for-tainted");
    expect(world.on("cordoned")).toBe("");
    expect(world.on("labeled").split(" ")).toContain("picky");
    expect(world.pods().every((pod) => pod.spec.nodeName !== undefined)).toBe(true);
  });

  test("leaves the pods of other schedulers, ended and deleted ones alone", async () => {
    const world = new World();
    world.addNode("a");
    world.addPods("other", { spec: { schedulerName: "other-scheduler" } });
    world.addPods("ended", { status: { phase: "Failed" } });
    const meta = { name: "leaving", namespace: "default", uid: "leaving" };
    const deletionTimestamp = "2026-01-01T00:00:00Z";
    world.addPods("leaving", { meta: { ...meta, deletionTimestamp, finalizers: ["x"] } });
    world.addPods("ours", { spec: { schedulerName: "default-scheduler" } });
    await world.env.settle();
    expect(world.on("a")).toBe("ours");
  });

  test("gives the room of ended pods away", async () => {
    const world = new World();
    world.addNode("a", { allocatable: { cpu: "1" } });
    world.addPods("first", { requests: { cpu: "1" } });
    await world.env.settle();
    world.addPods("second", { requests: { cpu: "1" } });
    await world.env.settle();
    expect(world.on("a")).toBe("first");
    world.cluster.seed(Pod, { ...world.pod("first"), status: { phase: "Succeeded" } });
    await world.env.advance(1000);
    expect(world.on("a")).toBe("first second");
  });

  test("takes urgent pods first when there is not room for all", async () => {
    const world = new World();
    world.addPods("slow", { requests: { cpu: "1" }, spec: { priority: 0 } });
    world.addPods("urgent", { requests: { cpu: "1" }, spec: { priority: 1000 } });
    await world.env.advance(20_000);
    world.addNode("a", { allocatable: { cpu: "1" } });
    await world.env.advance(20_000);
    expect(world.on("a")).toBe("urgent");
  });

  test("waits for gates to open", async () => {
    const world = new World();
    world.addNode("a");
    world.addPods("x", { spec: { schedulingGates: [{ name: "quota" }] } });
    await world.env.advance(UNSCHEDULABLE_MS_MAX);
    expect([world.on("a"), world.events()]).toEqual(["", []]);
    world.addPods("x");
    await world.env.settle();
    expect(world.on("a")).toBe("x");
  });

  test("ends with its signal, and leaves nothing behind", async () => {
    const world = new World();
    world.addPods("x");
    await world.env.advance(5000);
    await world.stop();
    expect(world.env.pendingTimers).toBe(0);
  });
});

describe("a pod that fits nowhere", () => {
  const requests = { cpu: "3" };

  test("is told why, once", async () => {
    const world = new World();
    world.addNode("a", { allocatable: { cpu: "2" } });
    world.addNode("b", { spec: { unschedulable: true } });
    world.addPods("x", { requests });
    await world.env.settle();
    const message = "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.";
    expect(world.scheduled("x")).toBe(`False Unschedulable: ${message}`);
    expect(world.events()).toEqual([`Warning FailedScheduling ${message}`]);
    const before = world.cluster.requests.length;
    await world.env.advance(UNSCHEDULABLE_MS_MAX - 1000);
    expect(world.cluster.requests.length).toBe(before);
    expect(world.events()).toHaveLength(1);
  });

  test("is told when there is no node at all", async () => {
    const world = new World();
    world.addPods("x");
    await world.env.settle();
    expect(world.scheduled("x")).toBe("False Unschedulable: no nodes available to schedule pods");
  });

  for (const { name, change } of [
    { name: "a node comes", change: (world: World) => world.addNode("b") },
    {
      name: "a node grows",
      change: (world: World) => world.addNode("a", { allocatable: { cpu: "8" } }),
    },
    {
      name: "a pod goes",
      change: (world: World) => world.cluster.vanish(Pod, { namespace: "default", name: "hog" }),
    },
  ]) {
    test(`is tried again as soon as ${name}`, async () => {
      const world = new World();
      world.addNode("a");
      world.addPods("hog", { requests });
      await world.env.settle();
      world.addPods("x", { requests });
      await world.env.advance(10_000);
      expect(world.pod("x").spec.nodeName).toBeUndefined();
      change(world);
      await world.env.settle();
      expect(world.pod("x").spec.nodeName).toBeDefined();
    });
  }

  test("is not tried for changes that cannot help", async () => {
    const world = new World();
    world.addNode("a");
    world.addPods("x", { requests: { cpu: "99" } });
    await world.env.advance(10_000);
    const before = world.events().length;
    world.addNode("a", { labels: { new: "label" } });
    await world.env.advance(10_000);
    expect(world.events().length).toBe(before);
  });

  test("is tried when a taint it does not tolerate goes", async () => {
    const world = new World();
    world.addNode("a", { spec: { taints: [{ key: "k", effect: "NoSchedule" }] } });
    world.addPods("x");
    await world.env.advance(10_000);
    world.addNode("a");
    await world.env.settle();
    expect(world.on("a")).toBe("x");
  });

  test("does not keep others waiting", async () => {
    const world = new World();
    world.addNode("a");
    world.addPods("large", { requests: { cpu: "99" } });
    world.addPods("small");
    await world.env.settle();
    expect(world.on("a")).toBe("small");
  });
});

describe("when a choice cannot be written", () => {
  test("the room is given back, and the pod tried again", async () => {
    const world = new World();
    let failures = 2;
    world.cluster.intercept(({ verb }) => {
      if (verb !== "create/binding" || failures === 0) return "serve";
      failures -= 1;
      throw internalError("not now");
    });
    world.addNode("a", { allocatable: { cpu: "1" } });
    world.addPods("x", { requests: { cpu: "1" } });
    await world.env.settle();
    expect(world.on("a")).toBe("");
    await world.env.advance(3000);
    expect(world.on("a")).toBe("x");
    expect(world.events().at(-1)).toMatch(/^Normal Scheduled/);
  });

  test("but was written all the same, the room stays taken", async () => {
    const world = new World();
    world.cluster.lag.delayMs = 60_000;
    world.addNode("a", { allocatable: { cpu: "1" } });
    await world.env.advance(60_000);
    world.cluster.intercept(({ verb }) => (verb === "create/binding" ? "lose-reply" : "serve"));
    world.addPods("x y", { requests: { cpu: "1" } });
    await world.env.advance(300_000);
    expect(world.on("a").split(" ")).toHaveLength(1);
  });

  test("as the pod has gone, the next gets the room", async () => {
    const world = new World();
    world.addNode("a", { allocatable: { cpu: "1" } });
    await world.env.settle();
    world.cluster.intercept(({ verb, key }) => {
      if (verb === "create/binding" && key.name === "x") world.cluster.vanish(Pod, key);
      return "serve";
    });
    world.addPods("x y", { requests: { cpu: "1" } });
    await world.env.advance(20_000);
    expect(world.on("a")).toBe("y");
  });
});

test("no node is ever over-committed, and what fits is scheduled in the end", async () => {
  const anyNode = fc.record({
    cpu: fc.integer({ min: 1, max: 6 }),
    pods: fc.integer({ min: 1, max: 5 }),
  });
  const anyPod = fc.record({ cpu: fc.nat({ max: 4 }), owner: fc.constantFrom("a", "b") });
  const anyTrouble = fc.record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    lagMs: fc.constantFrom(0, 10, 3000),
    failing: fc.constantFrom(0, 0.3),
    lost: fc.constantFrom(0, 0.3),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyNode, { minLength: 1, maxLength: 4 }),
      fc.array(anyPod, { maxLength: 15 }),
      anyTrouble,
      async (nodes, pods, { seed, lagMs, failing, lost }) => {
        const world = new World(seed);
        const { env, cluster } = world;
        cluster.lag.delayMs = lagMs;
        const checkRoom = (): void => {
          for (const [index, { cpu, pods: most }] of nodes.entries()) {
            const there = world.pods().filter((pod) => pod.spec.nodeName === `node-${index}`);
            const used = there.reduce((sum, pod) => sum + cpuOf(pod), 0);
            expect(used).toBeLessThanOrEqual(cpu);
            expect(there.length).toBeLessThanOrEqual(most);
          }
        };
        cluster.intercept(({ verb }) => {
          checkRoom();
          if (verb !== "create/binding") return "serve";
          if (env.random.next() < failing) throw internalError("not now");
          return env.random.next() < lost ? "lose-reply" : "serve";
        });
        for (const [index, pod] of pods.entries()) {
          world.addPods(`pod-${index}`, { requests: { cpu: String(pod.cpu) }, owner: pod.owner });
          if (index % 4 === 0) await env.advance(50);
        }
        for (const [index, { cpu, pods: most }] of nodes.entries()) {
          const allocatable = { cpu: String(cpu), pods: String(most) };
          world.addNode(`node-${index}`, { allocatable });
          await env.advance(50);
        }
        await env.advance(2 * UNSCHEDULABLE_MS_MAX);
        checkRoom();
        const smallest = Math.min(
          99,
          ...world
            .pods()
            .filter((pod) => pod.spec.nodeName === undefined)
            .map(cpuOf),
        );
        for (const [index, { cpu, pods: most }] of nodes.entries()) {
          const there = world.pods().filter((pod) => pod.spec.nodeName === `node-${index}`);
          const used = there.reduce((sum, pod) => sum + cpuOf(pod), 0);
          expect(there.length === most || used + smallest > cpu).toBe(true);
        }
        await world.stop();
      },
    ),
    { numRuns: 100 },
  );
}, 30_000);

function cpuOf(pod: Pod): number {
  return Number(pod.spec.containers[0]?.resources?.requests?.["cpu"] ?? 0);
}
