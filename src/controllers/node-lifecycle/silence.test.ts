import { expect, test } from "vitest";
import { Silence } from "./silence.ts";
import { TokenBucket } from "./token-bucket.ts";

test("silence lasts since the last new sign, and starts anew for a forgotten node", () => {
  const silence = new Silence();
  expect(silence.observe("n", "1", 100)).toBe(0);
  expect(silence.observe("n", "1", 400)).toBe(300);
  expect(silence.observe("n", "2", 500)).toBe(0);
  expect(silence.observe("other", "2", 600)).toBe(0);
  expect(silence.observe("n", "2", 700)).toBe(200);
  silence.forget("n");
  expect(silence.observe("n", "2", 900)).toBe(0);
});

test("a bucket gives one at once and the next when its time has come, and saves up no more", () => {
  const bucket = new TokenBucket();
  expect(bucket.take(0, 0.1)).toBe(true);
  expect(bucket.take(9_000, 0.1)).toBe(false);
  expect(bucket.take(10_000, 0.1)).toBe(true);
  expect(bucket.take(100_000, 0.1)).toBe(true);
  expect(bucket.take(100_000, 0.1)).toBe(false);
  expect(bucket.take(200_000, 0)).toBe(false);
});
