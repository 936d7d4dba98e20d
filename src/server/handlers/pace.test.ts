import { expect, test } from "vitest";
import type { Env } from "../../base/env.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { Pace, TURN_MS_MAX } from "./pace.ts";

/** A world in which each step of the work takes a millisecond. */
function aBusyEnv(): {
  readonly env: Env;
  readonly work: () => void;
  readonly spent: () => number;
} {
  const env = virtualEnv();
  let nowMs = 0;
  const clock = { now: () => env.clock.now(), monotonic: () => nowMs };
  const work = (): void => {
    nowMs += 1;
  };
  return { env: { ...env, clock, timers: env.timers }, work, spent: () => nowMs };
}

test("pace: many long works together take no more of a turn than one, and all end", async () => {
  const { env, work, spent } = aBusyEnv();
  let done = 0;
  const works = Array.from({ length: 20 }, async () => {
    const pace = new Pace(env);
    for (let step = 0; step < 30; step += 1) {
      work();
      await pace.step();
    }
    done += 1;
  });
  const turns: number[] = [];
  let before = spent();
  while (done < works.length) {
    await new Promise((resolve) => setImmediate(resolve));
    turns.push(spent() - before);
    before = spent();
  }
  await Promise.all(works);
  expect(spent()).toBe(20 * 30);
  expect(Math.max(...turns)).toBeLessThanOrEqual(2 * (TURN_MS_MAX + 20));
});

test("pace: short work goes on without a rest", () => {
  const { env, work } = aBusyEnv();
  const pace = new Pace(env);
  for (let step = 1; step < TURN_MS_MAX; step += 1) {
    work();
    expect(pace.step()).toBe(undefined);
  }
});

test("pace: who waits goes before those who come later", async () => {
  const { env, work, spent } = aBusyEnv();
  const [callers, steps] = [16, 5];
  let isOver = false;
  let slowest = 0;
  const calls = Array.from({ length: callers }, async () => {
    let count = 0;
    for (; !isOver; count += 1) {
      const began = spent();
      for (let step = 0; step < steps; step += 1) {
        work();
        await new Pace(env).step();
      }
      slowest = Math.max(slowest, spent() - began);
    }
    return count;
  });
  while (spent() < 4_000) await env.timers.yield();
  isOver = true;
  const counts = await Promise.all(calls);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  expect(slowest).toBeLessThanOrEqual(2 * callers * steps);
});
