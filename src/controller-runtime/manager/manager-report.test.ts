import { expect, test } from "vitest";
import { createMetrics } from "../../base/metrics.ts";
import { orAborted } from "../../base/signals.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { delegatingClient } from "../../client/wrappers/delegating-client.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import { DONE, requeueAfter, TerminalError, type Reconciler } from "../controller/outcome.ts";
import { controller } from "../declared/controller.ts";
import { ownSource } from "../sources/sources.ts";
import { fakeCluster } from "../testing/fake-cluster.ts";
import { aWidget, Widget } from "../testing/widget.ts";
import { createManager } from "./manager.ts";
import type { LeaderElection } from "./runnable.ts";
import type { ManagerOptions } from "./manager-options.ts";

const AT = { namespace: "default", name: "slow" };

/** A manager of two controllers of widgets, which do as the widgets are called. */
function aWorld(options: Partial<ManagerOptions> = {}) {
  const env = virtualEnv();
  const cluster = fakeCluster(env);
  const slow = env.timers;
  const state = { isBroken: true };
  const reconcile: (deps: ControllerDeps) => Reconciler =
    ({ client }) =>
    async ({ name }, context) => {
      if (name === "broken" && state.isBroken) throw new Error("no such theme");
      if (name === "hopeless") throw new TerminalError("cannot be");
      if (name === "later") return requeueAfter(90_000);
      if (name === "slow") await client.get(Widget, AT, context);
      return DONE;
    };
  const plain = (deps: ControllerDeps): ControllerSpec => ({
    name: "plain",
    reconcile: reconcile(deps),
    sources: [ownSource(deps.informers.for(Widget))],
    loopGuard: "off",
  });
  const waiting = controller(Widget, {
    name: "waiting",
    reconcile: (_, ctx) => Promise.resolve(ctx.waitFor(Widget, ["x", "y"])),
  });
  cluster.intercept(async ({ verb, key }) => {
    if (verb === "get" && key?.name === "slow") {
      await slow.sleep(30_000, new AbortController().signal);
    }
    return "serve" as const;
  });
  const manager = createManager({
    client: cluster.client,
    informers: cluster.informers,
    recorder: cluster.deps.recorder,
    env,
    metrics: createMetrics(),
    controllers: [plain, (deps) => ({ ...waiting(deps) })],
    ...options,
  });
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  const end = async (): Promise<void> => {
    stop.abort();
    await env.advance(60_000);
    await running;
  };
  return { env, cluster, manager, state, end };
}

test("tells what runs, what fails, what has failed for good, and what waits for what", async () => {
  const { env, cluster, manager, end } = aWorld({ debug: true });
  for (const name of ["broken", "hopeless", "later", "slow", "z-behind"]) {
    cluster.seed(Widget, aWidget(name));
  }
  await env.advance(20_000);
  const report = manager.debug();
  expect(report).toMatchObject({ phase: "leading", leadership: undefined, clusters: { count: 0 } });
  const [plain, waiting] = report.controllers;
  expect(plain).toMatchObject({
    name: "plain",
    state: "working",
    workers: 1,
    running: {
      count: 1,
      first: [{ key: "default/slow", attempt: 1, calls: [{ call: "get Widget default/slow" }] }],
    },
    later: { count: 1, first: [{ key: "default/later", failures: 0, lastError: undefined }] },
    parked: { count: 1, first: [{ key: "default/hopeless", error: { text: "cannot be" } }] },
    slowed: { count: 0 },
  });
  expect(plain?.running.first[0]?.runsForMs).toBeGreaterThan(19_000);
  expect(plain?.running.first[0]?.reconcileId).toMatch(/^[0-9a-f-]{36}$/);
  expect(plain?.ready.first.map(({ key }) => key).toSorted()).toEqual([
    "default/broken",
    "default/z-behind",
  ]);
  expect(waiting?.awaiting).toMatchObject({
    count: 5,
    first: Array.from({ length: 5 }, () => ({ what: "Widget default/x, default/y: ready" })),
  });
  await end();
});

test("a key that works again is not told of any more", async () => {
  const { env, cluster, manager, state, end } = aWorld({ debug: true });
  cluster.seed(Widget, aWidget("broken"));
  await env.advance(1_000);
  const failing = () => manager.debug().controllers[0]?.failing;
  expect(failing()).toMatchObject({
    count: 1,
    first: [{ key: "default/broken", failures: 8, lastError: { text: "no such theme" } }],
  });
  expect(manager.debug().attention).toContainEqual(
    expect.stringMatching(/^plain: 1 object fails; default\/broken 8 times in a row, next try in/),
  );
  state.isBroken = false;
  await env.advance(1_000);
  expect(failing()?.count).toBe(0);
  expect(manager.debug().attention).toEqual([]);
  await end();
});

test("without debug, calls are not followed, and errors are not kept", async () => {
  const { env, cluster, manager, end } = aWorld();
  cluster.seed(Widget, aWidget("hopeless"));
  cluster.seed(Widget, aWidget("slow"));
  await env.advance(1_000);
  const [plain] = manager.debug().controllers;
  expect(plain).toMatchObject({ running: { count: 0 }, parked: { count: 0 } });
  await end();
});

test("tells how often the watch of a view was begun, and why it broke", async () => {
  const env = virtualEnv();
  const cluster = fakeCluster(env);
  let breaks = 0;
  const client = delegatingClient(cluster.client, {
    watch: (type, options, context) => {
      breaks += 1;
      if (breaks <= 3) return Promise.reject(new Error("connection reset"));
      return cluster.client.watch(type, options, context);
    },
  });
  const stop = new AbortController();
  const manager = createManager({
    client,
    recorder: cluster.deps.recorder,
    env,
    debug: true,
    controllers: [
      ({ informers }) => ({
        name: "idle",
        sources: [ownSource(informers.for(Widget))],
        reconcile: () => Promise.resolve(DONE),
      }),
    ],
  });
  const running = manager.run(stop.signal);
  await env.advance(1_000);
  const [broken] = manager.debug().views;
  expect(broken?.lastError).toBe("connection reset");
  await env.advance(60_000);
  const [view] = manager.debug().views;
  expect(view).toMatchObject({ resource: "widgets.test.example", hasSynced: true });
  expect(view?.watches).toBe(breaks);
  expect(view?.lastError).toBeUndefined();
  stop.abort();
  await env.advance(1_000);
  await running;
});

test("tells who leads: of a process that waits, and of one whose lease has run out", async () => {
  let holds = false;
  const turn = Promise.withResolvers<void>();
  const leaderElection: LeaderElection = {
    name: "sites",
    holds: () => holds,
    run: async (context, lead) => {
      await orAborted(turn.promise, context.signal);
      await lead(context);
    },
  };
  const { env, manager, end } = aWorld({ leaderElection });
  await env.advance(100);
  const told = () => [manager.debug().phase, manager.debug().leadership];
  expect(told()).toEqual(["standby", { name: "sites", isLeading: false }]);
  holds = true;
  turn.resolve();
  await env.advance(100);
  expect(told()).toEqual(["leading", { name: "sites", isLeading: true }]);
  holds = false;
  expect(told()).toEqual(["leading", { name: "sites", isLeading: false }]);
  expect(manager.debug().attention).toEqual([
    "the lease sites is not held any more: writes are refused",
  ]);
  await end();
});
