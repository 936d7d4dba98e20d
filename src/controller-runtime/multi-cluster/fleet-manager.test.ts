import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import type { Client } from "../../client/client.ts";
import { TransportError } from "../../client/transport.ts";
import { interceptedClient } from "../../client/wrappers/intercepted-client.ts";
import { parseLabelQuery } from "../../machinery/label-parser.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import { DONE } from "../controller/outcome.ts";
import { ownSource } from "../sources/sources.ts";
import { fakeCluster, type FakeCluster } from "../testing/fake-cluster.ts";
import { aWidget, Widget } from "../testing/widget.ts";
import { clusterChanges, watchesInClusters } from "./cluster-sources.ts";
import type {
  Cluster,
  ClusterConnection,
  ClusterProvider,
  ConnectDeps,
  TellClusters,
} from "./cluster.ts";
import { ClusterAwayError } from "./clusters.ts";
import { createFleetManager, type FleetManager } from "./fleet-manager.ts";
import type { FleetManagerOptions } from "./fleet-options.ts";

/** A provider that tells what a test says. */
function told(): ClusterProvider & { tell: TellClusters } {
  let last: readonly Cluster[] | undefined;
  let now: TellClusters | undefined;
  return {
    name: "told",
    tell: (clusters) => {
      last = clusters;
      now?.(clusters);
    },
    run: (tell, _deps, { signal }) => {
      now = tell;
      if (last !== undefined) tell(last);
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    },
  };
}

type Fate = "answers" | "dead" | "silent";

/** A cluster that can die. */
class Place {
  readonly name: string;
  readonly cluster: FakeCluster;
  readonly client: Client;
  fate: Fate = "answers";
  connects = 0;
  closes = 0;

  constructor(env: VirtualEnv, name: string) {
    this.name = name;
    this.cluster = fakeCluster(env);
    this.client = interceptedClient(this.cluster.client, async (call, next) => {
      if (this.fate === "dead") throw new TransportError("no route to it", { isRefused: true });
      if (this.fate === "silent") await env.timers.sleep(3_600_000, call.context.signal);
      return next();
    });
  }

  told(more: Partial<Cluster> = {}): Cluster {
    return {
      name: this.name,
      connect: () => {
        this.connects += 1;
        return { client: this.client, close: () => Promise.resolve(void (this.closes += 1)) };
      },
      ...more,
    };
  }

  put(name: string, size: number): void {
    const key = { namespace: "default", name };
    const old = this.cluster.find(Widget, key);
    this.cluster.seed(Widget, { ...aWidget(name), ...old, spec: { size } });
  }

  seen(name: string): unknown {
    return this.cluster.find(Widget, { namespace: "default", name })?.status;
  }
}

/** Copies the size of each widget into its status, with the name of its cluster. */
function sizer({ client, informers, cluster }: ControllerDeps): ControllerSpec {
  const widgets = informers.for(Widget);
  return {
    name: "sizer",
    sources: [ownSource(widgets)],
    reconcile: async (key, context) => {
      const widget = widgets.lister.get(key);
      if (widget === undefined || widget.status?.["size"] === widget.spec?.["size"]) return DONE;
      const status = { size: widget.spec?.["size"], cluster };
      await client.updateStatus(Widget, { ...widget, status }, context);
      return DONE;
    },
  };
}

type Fleet = {
  readonly fleet: FleetManager;
  readonly stop: () => Promise<void>;
  readonly signal: AbortSignal;
};

function run(env: VirtualEnv, options: Omit<FleetManagerOptions, "env">): Fleet {
  const fleet = createFleetManager({ ...options, env });
  const stop = new AbortController();
  const running = fleet.run(aContext(env, stop.signal));
  return {
    fleet,
    signal: stop.signal,
    stop: () => {
      stop.abort();
      return running;
    },
  };
}

function check(fleet: FleetManager, name: string): { readonly isOk?: boolean; state?: string } {
  return fleet.readyz().checks.find((one) => one.name === name) ?? {};
}

test("the same controller works in each cluster, as they come and go", async () => {
  const env = virtualEnv();
  const [a, b] = [new Place(env, "a"), new Place(env, "b")];
  const provider = told();
  const { fleet, stop } = run(env, { provider, controllers: [sizer] });
  for (const place of [a, b]) place.put("w", 1);
  await env.advance(1_000);
  expect(fleet.readyz().isOk).toBe(false); // nobody has told of any cluster yet
  provider.tell([a.told(), b.told()]);
  await env.advance(1_000);
  expect([a.seen("w"), b.seen("w")]).toEqual([
    { size: 1, cluster: "a" },
    { size: 1, cluster: "b" },
  ]);
  expect(fleet.readyz().isOk).toBe(true);
  expect(check(fleet, "cluster/a")).toMatchObject({ isOk: true, state: "connected" });
  const series = 'controller_runtime_reconcile_total{cluster="a",controller="sizer"';
  expect(fleet.metrics.text()).toContain(series);
  expect(fleet.debug()).toMatchObject({
    phase: "running",
    attention: [],
    clusters: {
      count: 2,
      first: ["a", "b"].map((name) => ({
        name,
        state: "connected",
        report: { phase: "leading", controllers: [{ name: "sizer" }] },
      })),
    },
  });
  provider.tell([b.told()]);
  await env.advance(1_000);
  for (const place of [a, b]) place.put("w", 2);
  await env.advance(1_000);
  expect([a.seen("w"), b.seen("w")]).toMatchObject([{ size: 1 }, { size: 2 }]);
  expect(fleet.metrics.text()).not.toContain(series);
  expect(check(fleet, "cluster/a")).toEqual({});
  expect([a.closes, b.closes]).toEqual([1, 0]);
  await stop();
  expect([a.closes, b.closes, env.pendingTimers]).toEqual([1, 1, 0]);
});

test.each<Fate>(["dead", "silent"])("a cluster that is %s holds up no other", async (fate) => {
  const env = virtualEnv();
  const [good, bad] = [new Place(env, "good"), new Place(env, "bad")];
  bad.fate = fate;
  const provider = told();
  const { fleet, stop } = run(env, { provider, controllers: [sizer], syncMsMax: 60_000 });
  provider.tell([bad.told(), good.told()]);
  for (const place of [good, bad]) place.put("w", 1);
  await env.advance(60_000);
  expect(good.seen("w")).toMatchObject({ size: 1 });
  expect(check(fleet, "cluster/bad").isOk).toBe(false);
  expect(fleet.readyz().isOk).toBe(true);
  expect(fleet.metrics.text()).toContain('setpoint_fleet_clusters{state="away"} 1');
  bad.fate = "answers";
  await env.advance(120_000);
  expect(bad.seen("w")).toMatchObject({ size: 1 });
  expect(check(fleet, "cluster/bad").isOk).toBe(true);
  bad.fate = fate; // dies while it is connected
  await env.advance(600_000);
  good.put("w", 2);
  await env.advance(1_000);
  expect(good.seen("w")).toMatchObject({ size: 2 });
  await stop();
  expect(env.pendingTimers).toBe(0);
});

test("another fingerprint connects anew, and only that cluster", async () => {
  const env = virtualEnv();
  const [a, b] = [new Place(env, "a"), new Place(env, "b")];
  const provider = told();
  const { stop } = run(env, { provider, controllers: [sizer] });
  provider.tell([a.told({ fingerprint: "1" }), b.told({ fingerprint: "1" })]);
  await env.advance(1_000);
  provider.tell([a.told({ fingerprint: "2" }), b.told({ fingerprint: "1" })]);
  await env.advance(1_000);
  expect([a.connects, a.closes, b.connects, b.closes]).toEqual([2, 1, 1, 0]);
  a.put("w", 3);
  await env.advance(1_000);
  expect(a.seen("w")).toMatchObject({ size: 3 });
  await stop();
});

/** Counts, on the hub, the widgets of equal name in all clusters that are chosen. */
function counter({ client, informers, clusters }: ControllerDeps): ControllerSpec {
  const widgets = informers.for(Widget);
  const deps: ControllerDeps = { client, informers, clusters } as ControllerDeps;
  const sameName = watchesInClusters(Widget, ({ metadata: { name = "" } }) => [
    { namespace: "default", name },
  ]);
  return {
    name: "counter",
    sources: [ownSource(widgets), sameName.source(deps), clusterChanges(Widget).source(deps)],
    reconcile: async (key, context) => {
      const widget = widgets.lister.get(key);
      if (widget === undefined) return DONE;
      const labels = parseLabelQuery("tier!=test");
      const found: Record<string, unknown> = {};
      for (const cluster of clusters?.list({ labels }) ?? []) {
        try {
          const copy = await cluster.get(Widget, key, context);
          await cluster.client.get(Widget, key, context).catch((error: unknown) => {
            if (error instanceof ClusterAwayError) throw error;
          });
          found[cluster.name] = copy?.spec?.["size"] ?? "none";
        } catch (error) {
          if (!(error instanceof ClusterAwayError)) throw error;
          found[cluster.name] = "away";
        }
      }
      const status = { found };
      await client.updateStatus(Widget, { ...widget, status }, context);
      return DONE;
    },
  };
}

test("a controller of the hub spans clusters, and is woken by what happens there", async () => {
  const env = virtualEnv();
  const [hub, a, b, c] = [
    new Place(env, "hub"),
    new Place(env, "a"),
    new Place(env, "b"),
    new Place(env, "c"),
  ];
  hub.put("w", 0);
  const found = (): unknown => Object(hub.seen("w")).found;
  const provider = told();
  const lease = { namespace: "default", name: "fleet" };
  const { stop } = run(env, {
    provider,
    hub: { client: hub.client, controllers: [counter], leaderElection: { lease } },
    callMsMax: 5_000,
  });
  await env.advance(30_000);
  expect(found()).toBeUndefined(); // it does not begin before it knows which clusters there are
  provider.tell([a.told(), b.told(), c.told({ labels: { tier: "test" } })]);
  await env.advance(5_000);
  expect(found()).toEqual({ a: "none", b: "none" });
  a.put("w", 7);
  await env.advance(1_000);
  expect(found()).toEqual({ a: 7, b: "none" });
  b.fate = "silent";
  hub.put("w", 1);
  await env.advance(60_000);
  expect(found()).toEqual({ a: 7, b: "away" });
  b.put("w", 8);
  b.fate = "answers";
  await env.advance(60_000);
  expect(found()).toEqual({ a: 7, b: 8 });
  provider.tell([a.told(), c.told()]);
  await env.advance(60_000);
  expect(found()).toEqual({ a: 7, c: "none" });
  await stop();
  expect(env.pendingTimers).toBe(0);
});

test("only the process that leads works in the clusters", async () => {
  const env = virtualEnv();
  const [hub, a] = [new Place(env, "hub"), new Place(env, "a")];
  const leaderElection = { lease: { namespace: "default", name: "fleet" } };
  const start = (): Fleet => {
    const provider = told();
    provider.tell([a.told()]);
    const options = { client: hub.client, leaderElection };
    return run(env, { provider, controllers: [sizer], hub: options });
  };
  const first = start();
  await env.advance(5_000);
  const second = start();
  await env.advance(10_000);
  expect(a.connects).toBe(1);
  expect(second.fleet.readyz().isOk).toBe(true); // it stands by
  await first.stop();
  await env.advance(10_000);
  expect([a.connects, a.closes]).toEqual([2, 1]);
  a.put("w", 1);
  await env.advance(1_000);
  expect(a.seen("w")).toMatchObject({ size: 1 });
  await second.stop();
});

test("processes divide the clusters, and hand them over", async () => {
  const env = virtualEnv();
  const hub = new Place(env, "hub");
  const places = Array.from({ length: 12 }, (_, index) => new Place(env, `c${index}`));
  const shards = { lease: { namespace: "default", name: "fleet" } };
  const start = (): Fleet => {
    const provider = told();
    provider.tell(places.map((place) => place.told()));
    return run(env, { provider, controllers: [sizer], hub: { client: hub.client }, shards });
  };
  const open = (): readonly number[] => places.map(({ connects, closes }) => connects - closes);
  const all = places.map(() => 1);
  const [first, second] = [start(), start()];
  await env.advance(10_000);
  expect(open()).toEqual(all); // each connected once, by one of them
  const shares = [first, second].map(({ fleet }) => fleet.clusters.list().length);
  expect(Math.min(...shares)).toBeGreaterThan(0);
  expect(first.fleet.readyz().isOk).toBe(true);
  const third = start();
  for (let step = 0; step < 40; step += 1) {
    await env.advance(250);
    expect(Math.max(...open())).toBe(1); // never with two at once
  }
  expect(third.fleet.clusters.list().length).toBeGreaterThan(0);
  expect(open()).toEqual(all);
  const stopped = first.stop();
  await env.advance(10_000);
  await stopped;
  expect(open()).toEqual(all);
  for (const place of places) place.put("w", 1);
  await env.advance(1_000);
  expect(places.filter((place) => place.seen("w") === undefined)).toEqual([]);
  const ends = Promise.all([second.stop(), third.stop()]);
  await env.advance(10_000);
  await ends;
  expect([...open(), env.pendingTimers]).toEqual([...places.map(() => 0), 0]);
});

test("what cannot be divided is refused", () => {
  const env = virtualEnv();
  const { client } = new Place(env, "hub");
  const lease = { namespace: "default", name: "fleet" };
  const options = { env, provider: told(), shards: { lease } };
  expect(() => createFleetManager(options)).toThrow("give `hub: {}`");
  const led = { client, leaderElection: { lease } };
  expect(() => createFleetManager({ ...options, hub: led })).toThrow("run the hub by itself");
});

test("a provider that fails is started again, and the clusters it told of stay", async () => {
  const env = virtualEnv();
  const a = new Place(env, "a");
  let runs = 0;
  const provider: ClusterProvider = {
    name: "shaky",
    run: (tell) => {
      runs += 1;
      if (runs === 2) tell([a.told()]);
      return Promise.reject(new Error("lost the list"));
    },
  };
  const { fleet, stop } = run(env, { provider, controllers: [sizer] });
  await env.advance(100);
  expect(check(fleet, "shaky")).toMatchObject({ isOk: false, state: "lost the list" });
  await env.advance(10_000);
  expect(check(fleet, "cluster/a").isOk).toBe(true);
  await env.advance(300_000);
  expect(runs).toBeGreaterThan(3);
  expect(a.connects).toBe(1);
  await stop();
  expect(env.pendingTimers).toBe(0);
});

test("the clients of clusters are told what is wanted of their requests", async () => {
  const env = virtualEnv();
  const provider = told();
  const place = new Place(env, "");
  const wanted: unknown[] = [];
  const { stop } = run(env, { provider, controllers: [sizer], clientMetrics: ["duration"] });
  const connect = ({ clientMetrics }: ConnectDeps): ClusterConnection => {
    wanted.push(clientMetrics);
    return { client: place.client };
  };
  provider.tell([{ name: "a", connect }]);
  await env.advance(1_000);
  expect(wanted).toEqual([["duration"]]);
  await stop();
});

test("a thousand clusters come and go, and leave nothing behind", async () => {
  const env = virtualEnv();
  const hub = new Place(env, "hub");
  const provider = told();
  const options = { client: hub.client, controllers: [counter] };
  const { fleet, stop, signal } = run(env, { provider, controllers: [sizer], hub: options });
  const shared = new Place(env, "");
  shared.put("w", 1);
  provider.tell([shared.told({ name: "first" })]);
  await env.advance(1_000);
  provider.tell([]);
  await env.advance(1_000);
  const grip = () => ({
    timers: env.pendingTimers,
    listeners: getEventListeners(signal, "abort").length,
    checks: fleet.readyz().checks.length, // counted in the metrics, so they come first
    metrics: fleet.metrics.text().split("\n").length,
  });
  const before = grip();
  for (let round = 0; round < 100; round += 1) {
    const names = Array.from({ length: 10 }, (_, index) => `c-${round}-${index}`);
    provider.tell(names.map((name) => shared.told({ name })));
    await env.advance(500);
  }
  provider.tell([]);
  await env.advance(1_000);
  expect([shared.connects, shared.closes]).toEqual([1_001, 1_001]);
  expect(grip()).toEqual(before);
  const watches = shared.cluster.requests.filter(({ verb }) => verb === "watch");
  expect(watches.length).toBeGreaterThanOrEqual(1_000);
  expect(watches.every(({ context }) => context.signal.aborted)).toBe(true);
  await stop();
  expect(env.pendingTimers).toBe(0);
});
