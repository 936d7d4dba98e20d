import { expect, test } from "vitest";
import { createMetrics } from "../../base/metrics.ts";
import { ConfigMap } from "../../client/builtin.ts";
import type { ControllerDeps } from "../../controller-runtime/controller/controller-spec.ts";
import { DONE, type Reconciler } from "../../controller-runtime/controller/outcome.ts";
import { DECADES_S } from "../../controller-runtime/queue/queue-metrics.ts";
import { ownSource } from "../../controller-runtime/sources/sources.ts";
import { Hold } from "../actors/hold.ts";
import { change, create, remove, type Operation } from "../scenario/operation.ts";
import type { MakeController } from "../scenario/replicas.ts";
import { systemOf, type SimulateOptions } from "../simulate.ts";
import { HandMadeRun } from "../testing/hand-made.ts";
import { runWith } from "../testing/probe.ts";
import { runCompared } from "../world/references.ts";
import { CALM } from "../choices/choices.ts";
import { replayed } from "../choices/replayed.ts";
import { sameEndState } from "./end-state.ts";
import { idempotent } from "./settled.ts";
import { noStaleDestruction } from "./stale-destruction.ts";
import { stopsCleanly } from "./stopping.ts";
import { noStarvation } from "./turns.ts";

const made = (name: string): Operation =>
  create(ConfigMap, { metadata: { name }, data: { text: "first" } });

/** A controller of configmaps in `default`, with one worker. */
function making(reconcile: (deps: ControllerDeps) => Reconciler): MakeController {
  return (deps) => {
    const work = reconcile(deps);
    return {
      name: "notes",
      concurrency: 1,
      reconcile: async (key, context) => {
        return key.namespace === "default" ? work(key, context) : DONE;
      },
      sources: [ownSource(deps.informers.for(ConfigMap))],
    };
  };
}

/** What is said of such a controller in a run without faults. */
async function saidOf(
  reconcile: (deps: ControllerDeps) => Reconciler,
  options: Partial<SimulateOptions> = {},
): Promise<string | undefined> {
  const around = { hasNodes: false, hasCollector: false, scenario: [made("a"), made("b")] };
  const system = await systemOf({ ...around, controllers: [making(reconcile)], ...options });
  const { violation } = await runWith(system, {});
  return violation && `${violation.oracle}: ${violation.message}`;
}

test("a key that waits behind one that never ends starves; one with turns does not", async () => {
  const hangs = await saidOf(() => async ({ name }) => {
    if (name === "a") await new Promise(() => undefined);
    return DONE;
  });
  expect(hangs).toMatch(/^no starvation: controllers: notes lets default\/b wait for \d+ s/);
  expect(await saidOf(() => () => Promise.resolve(DONE))).toBeUndefined();
});

test("a key that was added and never had a turn is missed", () => {
  const metrics = createMetrics();
  const labels = { name: "notes", controller: "notes" };
  metrics.counter("workqueue_adds_total", "Keys added").add(labels, 3);
  const waits = metrics.histogram("workqueue_queue_duration_seconds", "Waits", DECADES_S);
  for (const seconds of [0, 1]) waits.observe(labels, seconds);
  const none = { count: 0, first: [] };
  const parts = { running: none, ready: none, failing: none, later: none, parked: none };
  const more = { awaiting: none, slowed: none };
  const report = { name: "notes", state: "working", workers: 1, ...parts, ...more };
  const debug = () => ({
    at: "",
    phase: "leading",
    attention: [],
    leadership: undefined,
    shards: undefined,
    controllers: [report],
    views: [],
    webhooks: undefined,
    clusters: none,
  });
  const hold = new Hold();
  hold.takes({ metrics, debug });
  const run = new HandMadeRun(noStarvation);
  run.processes.push({ name: "a", ends: 0, isUp: true, hold });
  expect(run.atEnd()).toBe("a: notes was given 3 keys, and 1 of them never had a turn");
  waits.observe(labels, 1);
  expect(run.atEnd()).toBeUndefined();
  metrics.counter("workqueue_adds_total", "Keys added").add(labels);
  const again = new Hold(); // the next life counts on where the last one ended
  again.takes({ metrics, debug });
  const next = new HandMadeRun(noStarvation);
  next.processes.push({ name: "a", ends: 0, isUp: true, hold: again });
  expect(next.atEnd()).toBeUndefined();
});

/** Writes down how often it has looked. */
const counts =
  ({ client }: ControllerDeps): Reconciler =>
  async (key, context) => {
    const looks = Number((await client.get(ConfigMap, key, context)).data?.["looks"] ?? "0");
    const isKnown = looks > 0 && (context.causes ?? []).some(({ kind }) => kind === "event");
    if (isKnown) return DONE; // its own write
    const patch = { data: { looks: String(looks + 1) } };
    await client.patch(ConfigMap, key, { kind: "merge", patch }, context);
    return DONE;
  };

const marks =
  ({ client }: ControllerDeps): Reconciler =>
  async (key, context) => {
    const patch = { data: { seen: "yes" } };
    await client.patch(ConfigMap, key, { kind: "merge", patch }, context);
    return DONE;
  };

test("who writes on each look is not idempotent, though it comes to rest", async () => {
  const options = { invariants: [idempotent()] };
  expect(await saidOf(counts)).toBeUndefined();
  expect(await saidOf(counts, options)).toMatch(
    /^idempotent: controllers \(notes\) looks once more .* a patch of .*configmaps\/default\/a$/,
  );
  expect(await saidOf(marks, options)).toBeUndefined();
});

test("a timer that is left, or an end that never comes, is no clean stop", async () => {
  const options = { invariants: [stopsCleanly()] };
  const leaves = await saidOf(
    ({ env }) =>
      () => {
        env.timers.after(86_400_000, () => undefined);
        return Promise.resolve(DONE);
      },
    options,
  );
  expect(leaves).toMatch(/^stops cleanly: controllers has ended, and \d+ of its timers are still/);
  const deaf = { probe: () => ({ name: "probe", run: () => new Promise<void>(() => undefined) }) };
  expect(await saidOf(marks, { ...options, processes: deaf })).toBe(
    "stops cleanly: probe was asked to end, and a minute later it has not",
  );
  expect(await saidOf(marks, options)).toBeUndefined();
});

/** Looks at an object and deletes it five minutes later, if it said so then. */
const deletesLate =
  (preconditions: boolean) =>
  ({ client, informers, env }: ControllerDeps): Reconciler =>
  async (key, context) => {
    const known = informers.for(ConfigMap).lister.get(key);
    if (known?.data?.["text"] !== "first") return DONE;
    await env.timers.sleep(300_000, context.signal);
    const { uid = "" } = known.metadata;
    const options = preconditions ? { preconditions: { uid } } : {};
    await client.delete(ConfigMap, key, context, options);
    return DONE;
  };

test("who deletes what it saw some time ago is told which version, and which it was", async () => {
  const scenario = [made("a"), change(ConfigMap, "a", { data: { text: "keep" } })];
  const options = { scenario, invariants: [noStaleDestruction()] };
  const said = (await saidOf(deletesLate(false), options))?.replace(/\d+/g, "N");
  expect(said).toBe(
    "no stale destruction: controllers (notes) deletes configmaps default/a at revision N: " +
      "that is version N, and its reconcile of default/a had read its version N; " +
      "name the uid or resourceVersion as a precondition",
  );
  expect(await saidOf(deletesLate(true), options)).toBeUndefined();
  expect(await saidOf(deletesLate(false), { ...options, scenario: [made("a")] })).toBeUndefined();
});

/** Says which of two it has met first, for ever. */
const firstWins =
  ({ client }: ControllerDeps): Reconciler =>
  async (key, context) => {
    const metadata = { namespace: "default", name: "first" };
    if (key.name === "first") return DONE;
    const first = { metadata, data: { name: key.name } };
    await client.create(ConfigMap, first, context).catch(() => undefined);
    return DONE;
  };

test("runs that end differently by the way they took are found, with what differs", async () => {
  const options = {
    hasNodes: false,
    hasCollector: false,
    scenario: [made("a"), made("b"), remove(ConfigMap, "a")],
    invariants: [sameEndState()],
  };
  const crash = { "call: controllers: create configmaps default/first": "lost before effect" };
  const taken = new Map(Object.entries(crash));
  const said = async (reconcile: (deps: ControllerDeps) => Reconciler) => {
    const system = await systemOf({ ...options, controllers: [making(reconcile)] });
    const calm = await runCompared(system, { seed: 1, source: CALM });
    const other = await runCompared(system, { seed: 2, source: replayed(taken) });
    return [calm.violation, other.violation?.message];
  };
  expect(await said(firstWins)).toEqual([
    undefined,
    expect.stringMatching(/configmaps default\/first is .*"b".*without faults .*"a"/),
  ]);
  expect(await said(marks)).toEqual([undefined, undefined]);
});
