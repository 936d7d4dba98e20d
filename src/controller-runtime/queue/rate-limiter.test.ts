import { expect, test } from "vitest";
import { FAILING_KEYS_MAX, RateLimiter } from "./rate-limiter.ts";

test("delays double from the first to the cap, per key, and start anew after a success", () => {
  const limiter = new RateLimiter({ minMs: 5, maxMs: 60 });
  const delays = [1, 2, 3, 4, 5, 6].map(() => limiter.failed("a"));
  expect(delays).toEqual([5, 10, 20, 40, 60, 60]);
  expect(limiter.failed("b")).toBe(5);
  limiter.forget("a");
  expect(limiter.failures("a")).toBe(0);
  expect(limiter.failed("a")).toBe(5);
});

test("a key that never works stays at the cap", () => {
  const limiter = new RateLimiter({ minMs: 5, maxMs: 60_000 });
  for (let count = 0; count < 2_000; count += 1) limiter.failed("a");
  expect(limiter.failed("a")).toBe(60_000);
});

test("remembers a bounded number of keys, those that failed last", () => {
  const limiter = new RateLimiter({ minMs: 5, maxMs: 60_000 });
  limiter.failed("old");
  limiter.failed("older");
  limiter.failed("old");
  for (let count = 0; count < FAILING_KEYS_MAX - 1; count += 1) limiter.failed(`key-${count}`);
  expect(limiter.failures("older")).toBe(0);
  expect(limiter.failures("old")).toBe(2);
});

test("refuses delays that make no sense", () => {
  expect(() => new RateLimiter({ minMs: 0, maxMs: 1 })).toThrow("positive");
  expect(() => new RateLimiter({ minMs: 2, maxMs: 1 })).toThrow("not below");
});
