import { describe, expect, test } from "vitest";
import { assert } from "../../base/assert.ts";
import type { Context } from "../../base/context.ts";
import { keyText } from "../../machinery/key.ts";
import { conflict } from "../../machinery/status.ts";
import { Controller } from "./controller.ts";
import type { ControllerDeps, ControllerSpec } from "./controller-spec.ts";
import { DONE, requeueAfter, TerminalError, type Outcome, type Reconciler } from "./outcome.ts";
import { ownSource } from "../sources/sources.ts";
import { controllerWorld, type ControllerWorld } from "../testing/controller-world.ts";
import { aWidget, Widget } from "../testing/widget.ts";

type Call = { readonly key: string; readonly atMs: number; readonly context: Context };

/** A world whose controller answers its n-th reconcile of any widget with `answer(n)`. */
function aWorld(
  answer: (count: number, context: Context) => Outcome | Promise<Outcome>,
  options: Partial<ControllerSpec> = {},
): ControllerWorld & { readonly calls: readonly Call[] } {
  const world = controllerWorld();
  const calls: Call[] = [];
  const reconcile: Reconciler = async (key, context) => {
    calls.push({ key: keyText(key), atMs: world.env.clock.monotonic(), context });
    return answer(calls.length, context);
  };
  world.start(({ informers }: ControllerDeps) => ({
    name: "widget",
    reconcile,
    sources: [ownSource(informers.for(Widget))],
    ...options,
  }));
  return { ...world, calls };
}

function times(world: { readonly calls: readonly Call[] }): readonly number[] {
  return world.calls.map(({ atMs }) => atMs);
}

function total(world: ControllerWorld, result: string): number {
  const counter = world.metrics.counter("controller_runtime_reconcile_total", "");
  return counter.value({ controller: "widget", result });
}

describe("controller", () => {
  test("reconciles what is there at the start, and each later change", async () => {
    const world = aWorld(() => DONE);
    world.cluster.seed(Widget, aWidget("a"));
    await world.env.settle();
    world.cluster.seed(Widget, aWidget("b"));
    await world.env.settle();
    expect(world.calls.map(({ key }) => key)).toEqual(["default/a", "default/b"]);
    expect(total(world, "success")).toBe(2);
    await world.stop();
  });

  test("every reconcile has an id, its causes and log fields", async () => {
    const world = aWorld(async (_, { log, signal }) => {
      log.info("looked");
      await world.env.timers.sleep(100, signal);
      return DONE;
    });
    const first = world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(50);
    const second = world.cluster.seed(Widget, { ...first, spec: { n: 1 } });
    const third = world.cluster.seed(Widget, { ...first, spec: { n: 2 } });
    await world.env.advance(100);
    const causes = world.calls.map(({ context }) => context.cause);
    expect(causes).toMatchObject([
      { actor: "widget", triggers: [Number(first.metadata.resourceVersion)] },
      {
        actor: "widget",
        triggers: [second, third].map((object) => Number(object.metadata.resourceVersion)),
      },
    ]);
    expect(causes[0]?.id).not.toBe(causes[1]?.id);
    expect(world.env.lines.find(({ message }) => message === "looked")?.fields).toEqual({
      controller: "widget",
      namespace: "default",
      name: "a",
      reconcileID: causes[0]?.id,
      causes: `Widget default/a @${first.metadata.resourceVersion}`,
    });
    await world.stop();
  });

  test("a failure is tried again, later each time, and remembers what led to it", async () => {
    const world = aWorld((count) => {
      if (count <= 3) throw new Error("not yet");
      return DONE;
    });
    await world.env.settle();
    const object = world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(1_000);
    expect(times(world)).toEqual([0, 5, 15, 35]);
    expect(world.calls.at(-1)?.context.cause.triggers).toEqual([
      Number(object.metadata.resourceVersion),
    ]);
    expect(total(world, "error")).toBe(3);
    await world.stop();
  });

  test("a reconcile that answers nothing has failed, and is told what to do", async () => {
    const nothing: unknown = JSON.parse("null");
    const isOutcome = (answer: unknown): answer is Outcome => answer === nothing;
    const world = aWorld(() => {
      if (isOutcome(nothing)) return nothing;
      return DONE;
    });
    world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(40);
    expect(times(world)).toEqual([0, 5, 15, 35]);
    const told = world.env.lines.filter(({ level }) => level === "error");
    expect(told).toHaveLength(1);
    expect(String(told[0]?.fields["error"])).toContain(
      'answered no outcome: end it with "return ctx.done()"',
    );
    expect(total(world, "success")).toBe(0);
    await world.stop();
  });

  test("a delay that is no number is a failure of the run that gives it", async () => {
    const world = aWorld(() => requeueAfter(Number.NaN));
    world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(40);
    expect(times(world)).toEqual([0, 5, 15, 35]);
    await world.stop();
  });

  test("who throws nothing is told of, too", async () => {
    const world = aWorld(() => Promise.reject(undefined));
    world.cluster.seed(Widget, aWidget("a"));
    await world.env.settle();
    const told = world.env.lines.find(({ level }) => level === "error");
    expect(told?.fields["error"]).toBe("undefined");
    await world.stop();
  });

  test("a success in between makes the next failure a first one", async () => {
    const world = aWorld((count) => {
      if (count !== 3) throw new Error("not yet");
      return requeueAfter(100);
    });
    world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(130);
    expect(times(world)).toEqual([0, 5, 15, 115, 120, 130]);
    await world.stop();
  });

  test("who mends a spec does not wait for what its mistakes have earned", async () => {
    const world = aWorld(() => Promise.reject(new Error("never")), { retryMsMax: 10_000 });
    const object = world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(2_000);
    expect(times(world)).toEqual([0, 5, 15, 35, 75, 155, 315, 635, 1_275]);
    const { generation = 1 } = object.metadata;
    const metadata = { ...object.metadata, generation: generation + 1 };
    world.cluster.seed(Widget, { ...object, metadata, spec: { n: 1 } });
    await world.env.advance(30);
    const after = times(world).filter((atMs) => atMs >= 2_000);
    expect(after).toEqual([2_000, 2_005, 2_015]);
    world.cluster.seed(Widget, { ...object, metadata, status: { n: 9 } }); // no new spec
    await world.env.advance(30);
    expect(times(world).filter((atMs) => atMs > 2_015)).toEqual([2_030]);
    await world.stop();
  });

  test("turns are shared out between those that fairBy names", async () => {
    const fairBy = ({ name }: { readonly name: string }): string => name.slice(0, 1);
    const world = aWorld(() => DONE, { fairBy });
    for (const name of ["a1", "a2", "a3", "b1"]) world.cluster.seed(Widget, aWidget(name));
    await world.env.settle();
    expect(world.calls.map(({ key }) => key)).toEqual([
      "default/a1",
      "default/b1",
      "default/a2",
      "default/a3",
    ]);
    await world.stop();
  });

  test("a fairBy without an answer stops nothing, and is told once", async () => {
    const fairBy = (): string => {
      throw new Error("no idea");
    };
    const world = aWorld(() => DONE, { fairBy });
    for (const name of ["a1", "a2"]) world.cluster.seed(Widget, aWidget(name));
    await world.env.settle();
    expect(world.calls).toHaveLength(2);
    const told = world.env.lines.filter(({ message }) => message.startsWith("fairBy"));
    expect(told).toMatchObject([{ level: "error", fields: { controller: "widget" } }]);
    await world.stop();
  });

  test("pace: runs of an object are apart, and a pause of its events is waited for", async () => {
    const world = aWorld(() => DONE, { pace: { atMostEveryMs: 1_000, quietMs: 50 } });
    const object = world.cluster.seed(Widget, aWidget("a"));
    for (let count = 0; count < 20; count += 1) {
      await world.env.advance(100);
      world.cluster.seed(Widget, { ...object, spec: { n: count } });
    }
    await world.env.advance(10_000);
    expect(times(world)).toEqual([50, 1_050, 2_050]);
    await world.stop();
  });

  test("the longest retry delay is configurable", async () => {
    const options = { retryMsMin: 10, retryMsMax: 20 };
    const world = aWorld(() => Promise.reject(new Error("never")), options);
    world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(70);
    expect(times(world)).toEqual([0, 10, 30, 50, 70]);
    await world.stop();
  });

  test("a terminal error is not tried again until something wakes the key", async () => {
    const world = aWorld(() => Promise.reject(new TerminalError("cannot be")));
    const object = world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(3_600_000);
    expect(times(world)).toEqual([0]);
    world.cluster.seed(Widget, { ...object, spec: { n: 1 } });
    await world.env.settle();
    expect(world.calls).toHaveLength(2);
    expect(world.metrics.text()).toContain(
      'controller_runtime_terminal_reconcile_errors_total{controller="widget"} 2',
    );
    await world.stop();
  });

  test("requeue-after looks again on time, or earlier when woken", async () => {
    const world = aWorld((count) => (count < 3 ? requeueAfter(1_000) : DONE));
    const object = world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(400);
    world.cluster.seed(Widget, { ...object, spec: { n: 1 } });
    await world.env.advance(10_000);
    expect(times(world)).toEqual([0, 400, 1_400]);
    expect(total(world, "requeue_after")).toBe(2);
    await world.stop();
  });

  test("an event takes the place of a look that was asked for later", async () => {
    const world = aWorld((count) => (count === 1 ? requeueAfter(1_000) : DONE));
    const object = world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(400);
    world.cluster.seed(Widget, { ...object, spec: { n: 1 } });
    await world.env.advance(10_000);
    expect(times(world)).toEqual([0, 400]);
    expect(world.env.pendingTimers).toBe(0);
    await world.stop();
  });

  test("what was there at the start waits for what happens; an outcome names its own", async () => {
    const world = controllerWorld();
    const keys: string[] = [];
    const names = ["a", "b", "c"];
    const [, , last] = names.map((name) => world.cluster.seed(Widget, aWidget(name)));
    world.start(({ informers }) => ({
      name: "widget",
      sources: [ownSource(informers.for(Widget))],
      reconcile: async ({ name }, { signal }) => {
        keys.push(name);
        await world.env.timers.sleep(100, signal);
        return keys.length === 1 ? requeueAfter(10, { priority: 5 }) : DONE;
      },
    }));
    await world.env.advance(50);
    assert(last !== undefined, "three were made");
    world.cluster.seed(Widget, { ...last, spec: { n: 1 } });
    await world.env.advance(10);
    const depth = world.metrics.gauge("workqueue_depth", "");
    const of = (priority: string): number =>
      depth.value({ controller: "widget", name: "widget", priority });
    expect([of("-100"), of("0")]).toEqual([1, 1]);
    await world.env.advance(1_000);
    expect(keys).toEqual(["a", "c", "a", "b"]);
    await world.stop();
  });

  test("a key has one worker, whatever happens meanwhile; other keys use the others", async () => {
    const open = new Map<string, number>();
    let peak = 0;
    const world = controllerWorld();
    world.start(({ informers }) => ({
      name: "widget",
      concurrency: 2,
      sources: [ownSource(informers.for(Widget))],
      reconcile: async (key, { signal }) => {
        const text = keyText(key);
        open.set(text, (open.get(text) ?? 0) + 1);
        expect(open.get(text)).toBe(1);
        peak = Math.max(
          peak,
          [...open.values()].reduce((sum, one) => sum + one, 0),
        );
        await world.env.timers.sleep(100, signal);
        open.set(text, 0);
        return DONE;
      },
    }));
    for (let round = 0; round < 20; round += 1) {
      for (const name of ["a", "b", "c"]) {
        world.cluster.seed(Widget, aWidget(name, { spec: { round } }));
      }
      await world.env.advance(30);
    }
    expect(peak).toBe(2);
    await world.stop();
  });

  test("a reconcile that is too slow is aborted, counted and tried again", async () => {
    const sleep = (_: number, { signal }: Context): Promise<Outcome> =>
      world.env.timers.sleep(60_000, signal).then(() => DONE);
    const world = aWorld((count, context) => (count === 1 ? sleep(count, context) : DONE), {
      timeoutMs: 500,
    });
    world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(505);
    expect(times(world)).toEqual([0, 505]);
    expect(world.metrics.text()).toContain(
      'controller_runtime_reconcile_timeouts_total{controller="widget"} 1',
    );
    expect(world.env.pendingTimers).toBe(0);
    await world.stop();
  });

  test("a defect in a reconciler is counted and logged, and the controller lives on", async () => {
    const world = aWorld((count) => {
      assert(count > 1, "the first reconcile is broken");
      return DONE;
    });
    world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(5);
    expect(world.calls).toHaveLength(2);
    expect(world.env.lines.some(({ level }) => level === "error")).toBe(true);
    expect(world.metrics.text()).toContain(
      'controller_runtime_reconcile_panics_total{controller="widget"} 1',
    );
    await world.stop();
  });

  test("a conflict is ordinary: tried again without an alarm in the log", async () => {
    const world = aWorld((count) => {
      if (count === 1) throw conflict(Widget, "a", "it is newer");
      return DONE;
    });
    world.cluster.seed(Widget, aWidget("a"));
    await world.env.advance(5);
    expect(world.calls).toHaveLength(2);
    expect(world.env.lines.filter(({ level }) => level === "warn" || level === "error")).toEqual(
      [],
    );
    await world.stop();
  });

  test("stopping aborts the reconcile under way, waits for it, and drops the rest", async () => {
    let isOver = false;
    const world = aWorld(async (_, { signal }) => {
      await world.env.timers.sleep(60_000, signal).catch(() => undefined);
      isOver = true;
      return DONE;
    });
    world.cluster.seed(Widget, aWidget("a"));
    world.cluster.seed(Widget, aWidget("b"));
    await world.env.settle();
    await world.stop();
    expect(isOver).toBe(true);
    expect(world.calls).toHaveLength(1);
    expect(world.env.pendingTimers).toBe(0);
  });

  test("all series are there before the first reconcile, under the known names", () => {
    const world = aWorld(() => DONE, { concurrency: 3 });
    const text = world.metrics.text();
    for (const line of [
      'controller_runtime_reconcile_total{controller="widget",result="error"} 0',
      'controller_runtime_reconcile_total{controller="widget",result="requeue"} 0',
      'controller_runtime_reconcile_total{controller="widget",result="requeue_after"} 0',
      'controller_runtime_reconcile_total{controller="widget",result="success"} 0',
      'controller_runtime_reconcile_errors_total{controller="widget"} 0',
      'controller_runtime_reconcile_time_seconds_count{controller="widget"} 0',
      'controller_runtime_max_concurrent_reconciles{controller="widget"} 3',
      'controller_runtime_active_workers{controller="widget"} 0',
      'workqueue_depth{controller="widget",name="widget",priority="0"} 0',
      'workqueue_adds_total{controller="widget",name="widget"} 0',
      'workqueue_retries_total{controller="widget",name="widget"} 0',
      'workqueue_queue_duration_seconds_bucket{controller="widget",name="widget",le="1e-08"} 0',
      'workqueue_work_duration_seconds_count{controller="widget",name="widget"} 0',
      'workqueue_unfinished_work_seconds{controller="widget",name="widget"} 0',
      'workqueue_longest_running_processor_seconds{controller="widget",name="widget"} 0',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
  });

  test("the queue metrics tell how long keys wait and how long work lasts", async () => {
    const world = aWorld(async (_, { signal }) => {
      await world.env.timers.sleep(2_000, signal);
      return DONE;
    });
    world.cluster.seed(Widget, aWidget("a"));
    world.cluster.seed(Widget, aWidget("b"));
    await world.env.advance(3_000);
    const text = world.metrics.text();
    expect(text).toContain(
      'workqueue_queue_duration_seconds_sum{controller="widget",name="widget"} 2',
    );
    expect(text).toContain(
      'workqueue_work_duration_seconds_sum{controller="widget",name="widget"} 2',
    );
    expect(text).toContain(
      'workqueue_unfinished_work_seconds{controller="widget",name="widget"} 1',
    );
    await world.stop();
  });

  test("refuses options that make no sense, naming them", () => {
    const { env, metrics } = controllerWorld();
    const spec = { name: "widget", reconcile: () => Promise.resolve(DONE), sources: [] };
    const make = (options: Partial<ControllerSpec>) => () =>
      new Controller({ ...spec, ...options }, { env, metrics });
    expect(make({ concurrency: 0 })).toThrow("widget: concurrency must be positive");
    expect(make({ timeoutMs: Number.NaN })).toThrow("widget: timeoutMs must be positive");
    expect(make({ pace: { quietMs: 0 } })).toThrow("widget: quietMs must be positive, not 0");
  });
});
