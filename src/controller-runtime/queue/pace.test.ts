import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMetrics } from "../../base/metrics.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import type { Trigger } from "../sources/source.ts";
import { Pace, type PaceOptions } from "./pace.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

const EVENT: readonly Trigger[] = [{ kind: "event", revision: 1, object: "Pod default/x" }];

type Run = { readonly key: string; readonly atMs: number; readonly kinds: readonly string[] };
type Work = (run: Run, queue: ReconcileQueue, env: VirtualEnv) => Promise<void> | void;

/** A queue with two workers, whose runs do `work`. */
function aQueue(pace: PaceOptions, work: Work = () => undefined) {
  const env = virtualEnv();
  const options = { name: "q", retryMsMin: 5, retryMsMax: 1_000, pace };
  const queue = new ReconcileQueue(options, { env, metrics: createMetrics() });
  const runs: Run[] = [];
  const serve = async (): Promise<void> => {
    for (let turn = await queue.next(); turn !== undefined; turn = await queue.next()) {
      const kinds = turn.triggers.map(({ kind }) => kind);
      const run = { key: turn.key, atMs: env.clock.monotonic(), kinds };
      runs.push(run);
      await work(run, queue, env);
      queue.done(turn.key);
    }
  };
  void serve();
  void serve();
  return { env, queue, runs, times: () => runs.map(({ atMs }) => atMs) };
}

const sleep = (env: VirtualEnv, ms: number): Promise<void> =>
  env.timers.sleep(ms, new AbortController().signal);

describe("at most every", () => {
  test("a key that has run is not run again before its time, and then once for all", async () => {
    const { env, queue, times } = aQueue({ atMostEveryMs: 5_000 });
    for (let ms = 0; ms < 12_000; ms += 1_000) {
      queue.add("a", EVENT);
      await env.advance(1_000);
    }
    await env.advance(60_000);
    expect(times()).toEqual([0, 5_000, 10_000, 15_000]);
  });

  test("it counts from the beginning of a run, and keys do not wait for each other", async () => {
    const { env, queue, runs } = aQueue({ atMostEveryMs: 100 }, (_, __, world) => sleep(world, 60));
    queue.add("a", EVENT);
    await env.advance(30);
    queue.add("a", EVENT); // while it runs
    queue.add("b", EVENT);
    await env.advance(1_000);
    expect(runs.map(({ key, atMs }) => `${key}@${atMs}`)).toEqual(["a@0", "b@30", "a@100"]);
  });

  test("a run that takes longer is followed by the next at once", async () => {
    const { env, queue, times } = aQueue({ atMostEveryMs: 50 }, (_, __, w) => sleep(w, 80));
    queue.add("a", EVENT);
    await env.advance(10);
    queue.add("a", EVENT);
    await env.advance(1_000);
    expect(times()).toEqual([0, 80]);
  });

  test("a failure does not count: back-off alone says when it is tried again", async () => {
    let failures = 2;
    const { env, queue, times } = aQueue({ atMostEveryMs: 5_000 }, ({ key }, own) => {
      if (failures === 0) return;
      failures -= 1;
      own.retry(key, []);
    });
    queue.add("a", EVENT);
    await env.advance(50);
    expect(times()).toEqual([0, 5, 15]);
    queue.add("a", EVENT);
    await env.advance(60_000);
    expect(times()).toEqual([0, 5, 15, 5_015]);
  });

  test("what a run asks for itself waits as well", async () => {
    let more = 2;
    const { env, queue, times } = aQueue({ atMostEveryMs: 1_000 }, ({ key }, own) => {
      more -= 1;
      if (more >= 0) own.addAfter(key, [{ kind: "timer" }], 10);
    });
    queue.add("a", EVENT);
    await env.advance(60_000);
    expect(times()).toEqual([0, 1_000, 2_000]);
  });

  test("keys that may run again are forgotten", () => {
    const pace = new Pace({ atMostEveryMs: 10 });
    for (let count = 0; count < 100_000; count += 1) pace.begins(`key-${count}`, count);
    expect(pace.size).toBeLessThan(2_000);
  });

  test("any two runs are so far apart, and every event is answered in time", async () => {
    const anyEvents = fc.array(
      fc.record({ afterMs: fc.nat(80), key: fc.constantFrom("a", "b"), workMs: fc.nat(60) }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(anyEvents, async (events) => {
        let workMs = 0;
        const { env, queue, runs } = aQueue({ atMostEveryMs: 50 }, (_, __, w) => sleep(w, workMs));
        const asked: { readonly key: string; readonly atMs: number }[] = [];
        for (const { afterMs, key, workMs: next } of events) {
          await env.advance(afterMs);
          workMs = next;
          asked.push({ key, atMs: env.clock.monotonic() });
          queue.add(key, EVENT);
        }
        await env.advance(10_000);
        for (const name of ["a", "b"]) {
          const times = runs.flatMap(({ key, atMs }) => (key === name ? atMs : []));
          for (const [index, atMs] of times.entries()) {
            expect(atMs - (times[index - 1] ?? -50)).toBeGreaterThanOrEqual(50);
          }
          for (const ask of asked.filter(({ key }) => key === name)) {
            const answer = times.find((atMs) => atMs >= ask.atMs) ?? Number.POSITIVE_INFINITY;
            expect(answer - ask.atMs).toBeLessThanOrEqual(60 + 50);
          }
        }
        expect(env.pendingTimers).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe("debounce", () => {
  test("a key waits until its events have paused, and runs once for all of them", async () => {
    const { env, queue, times } = aQueue({ quietMs: 100 });
    for (let count = 0; count < 5; count += 1) {
      queue.add("a", EVENT);
      await env.advance(80);
    }
    await env.advance(10_000);
    expect(times()).toEqual([4 * 80 + 100]);
  });

  test("no longer than the longest wait, and then it begins anew", async () => {
    const { env, queue, times } = aQueue({ quietMs: 100, quietMsMax: 250 });
    for (let count = 0; count < 10; count += 1) {
      queue.add("a", EVENT);
      await env.advance(50);
    }
    await env.advance(10_000);
    expect(times()).toEqual([250, 500]);
  });

  test("a time that was asked for is kept, whatever events come meanwhile", async () => {
    const { env, queue, runs } = aQueue({ quietMs: 100 });
    queue.addAfter("a", [{ kind: "timer" }], 120);
    for (let count = 0; count < 4; count += 1) {
      queue.add("a", EVENT);
      await env.advance(50);
    }
    await env.advance(10_000);
    expect(runs.map(({ atMs, kinds }) => [atMs, kinds])).toEqual([
      [120, ["event"]],
      [250, ["event"]],
    ]);
  });

  test("a timer that is later than the pause is no cause, and is not kept", async () => {
    const { env, queue, runs } = aQueue({ quietMs: 100 });
    queue.addAfter("a", [{ kind: "timer" }], 5_000);
    queue.add("a", EVENT);
    await env.advance(60_000);
    expect(runs.map(({ atMs, kinds }) => [atMs, kinds])).toEqual([[100, ["event"]]]);
  });

  test("together with a limit, the later of the two counts", async () => {
    const { env, queue, times } = aQueue({ quietMs: 100, atMostEveryMs: 1_000 });
    queue.add("a", EVENT);
    await env.advance(150);
    queue.add("a", EVENT);
    await env.advance(1_050);
    queue.add("a", EVENT);
    await env.advance(10_000);
    expect(times()).toEqual([100, 1_100, 2_100]);
  });

  test("closed, nothing is kept and no timer is left", async () => {
    const { env, queue, times } = aQueue({ quietMs: 100, atMostEveryMs: 100 });
    queue.add("a", EVENT);
    queue.close("drop");
    await env.advance(1_000);
    expect(times()).toEqual([]);
    expect(env.pendingTimers).toBe(0);
  });
});
