import { expect, test } from "vitest";
import { durationText, RestartBackoff } from "./restart-backoff.ts";

test("the first failure is free, then waits double from 10 s to 300 s", () => {
  const backoff = new RestartBackoff();
  let failedAtMs = 1_000;
  const waits: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const allowedAtMs = Math.max(failedAtMs, backoff.allowedAtMs("a", failedAtMs));
    waits.push((allowedAtMs - failedAtMs) / 1_000);
    backoff.tried("a", failedAtMs, allowedAtMs);
    failedAtMs = allowedAtMs + 1_000;
  }
  expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
});

test("ten minutes of running make it forget", () => {
  const backoff = new RestartBackoff();
  backoff.tried("a", 0, 0);
  expect(backoff.allowedAtMs("a", 600_000)).toBe(610_000);
  expect(backoff.allowedAtMs("a", 600_001)).toBe(0);
  backoff.tried("a", 600_001, 600_001);
  expect(backoff.delayMs("a")).toBe(10_000);
});

test("names do not share their failures", () => {
  const backoff = new RestartBackoff();
  backoff.tried("a", 0, 0);
  expect(backoff.allowedAtMs("b", 0)).toBe(0);
  backoff.forget("a");
  expect(backoff.allowedAtMs("a", 0)).toBe(0);
});

test("durations are printed as people know them", () => {
  expect([10_000, 59_400, 80_000, 300_000].map(durationText)).toEqual([
    "10s",
    "59s",
    "1m20s",
    "5m0s",
  ]);
});
