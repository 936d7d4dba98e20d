/** Virtual time, back-off and the real timers' promises. */
import { getEventListeners } from "node:events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Backoff } from "./backoff.ts";
import { realEnv } from "./real/env.ts";
import { jsonLog } from "./real/log.ts";
import { virtualEnv } from "./virtual/virtual-env.ts";

test("virtual timers fire in the order of their time, then of their setting", async () => {
  const delays = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(delays, async (list) => {
      const env = virtualEnv();
      const fired: number[] = [];
      for (const [index, delayMs] of list.entries()) {
        env.timers.after(delayMs, () => fired.push(index));
      }
      await env.advance(50);
      const expected = list.map((_, index) => index);
      expected.sort((a, b) => (list[a] ?? 0) - (list[b] ?? 0) || a - b);
      expect(fired).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});

test("a virtual sleep ends with its signal and leaves neither timer nor listener", async () => {
  const env = virtualEnv();
  const controller = new AbortController();
  const sleeping = expect(env.timers.sleep(1_000, controller.signal)).rejects.toThrow("up");
  controller.abort(new Error("up"));
  await sleeping;
  expect(env.pendingTimers).toBe(0);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("runUntil stops at the first moment the condition holds", async () => {
  const env = virtualEnv();
  const startMs = env.clock.now();
  let count = 0;
  const tick = (): void => {
    count += 1;
    env.timers.after(100, tick);
  };
  env.timers.after(100, tick);
  await env.runUntil(() => count === 3);
  expect(env.clock.now() - startMs).toBe(300);
  await expect(env.runUntil(() => count === 100, 1_000)).rejects.toThrow("1000 ms");
});

test("the same seed gives the same chance, another seed another", () => {
  const draw = (seed: number): readonly number[] => {
    const env = virtualEnv({ seed });
    return Array.from({ length: 8 }, () => env.random.next());
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(7).every((value) => value >= 0 && value < 1)).toBe(true);
});

test("back-off doubles up to its limit and starts again after a quiet time", async () => {
  const env = virtualEnv();
  const options = { initialMs: 100, maxMs: 1_000, factor: 2, jitter: 0, resetMs: 5_000 };
  const backoff = new Backoff(options, env);
  const next = (): number => backoff.next();
  expect([next(), next(), next(), next(), next(), next()]).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ]);
  await env.advance(5_001);
  expect(backoff.next()).toBe(100);
  backoff.next();
  backoff.reset();
  expect(backoff.next()).toBe(100);
});

test("jitter stretches a delay by at most its share", () => {
  const env = virtualEnv();
  const options = { initialMs: 100, maxMs: 100, factor: 2, jitter: 0.5, resetMs: Infinity };
  const backoff = new Backoff(options, env);
  for (let index = 0; index < 100; index += 1) {
    const delayMs = backoff.next();
    expect(delayMs).toBeGreaterThanOrEqual(100);
    expect(delayMs).toBeLessThanOrEqual(150);
  }
});

test("a real sleep that is aborted leaves no listener on the signal", async () => {
  const { timers } = realEnv({ level: "silent" });
  const controller = new AbortController();
  const sleeping = expect(timers.sleep(60_000, controller.signal)).rejects.toThrow("up");
  controller.abort(new Error("up"));
  await sleeping;
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("log lines are JSON with fixed and own fields, below the level nothing", () => {
  const lines: string[] = [];
  const { clock } = virtualEnv();
  const log = jsonLog({ level: "info", clock, write: (line) => lines.push(line) });
  log.with({ controller: "gc" }).info("synced", { objects: 3, size: 10n });
  log.debug("not shown");
  log.error("failed", { error: new Error("disk") });
  const [first, second, ...rest] = lines.map((line): unknown => JSON.parse(line));
  expect(rest).toEqual([]);
  expect(first).toEqual({
    time: "2026-01-01T00:00:00.000Z",
    level: "info",
    message: "synced",
    controller: "gc",
    objects: 3,
    size: "10",
  });
  expect(second).toMatchObject({ level: "error", error: { message: "disk" } });
});

test("pending timers are those neither fired nor cancelled, wherever they stand", async () => {
  const env = virtualEnv();
  env.timers.after(10, () => undefined);
  const buried = env.timers.after(20, () => undefined);
  expect(env.pendingTimers).toBe(2);
  buried.cancel();
  buried.cancel();
  expect(env.pendingTimers).toBe(1);
  await env.advance(10);
  expect(env.pendingTimers).toBe(0);
});
