import { expect, test } from "vitest";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { COUNTED_KEYS_MAX, KeyFailures } from "./key-failures.ts";

test("failures are counted in a row, since the first of them, with the last message", async () => {
  const env = virtualEnv();
  const failures = new KeyFailures(env.clock);
  expect(failures.of("a")).toEqual({ count: 0 });
  const sinceMs = env.clock.now();
  failures.failed("a", new Error("one"));
  await env.advance(5_000);
  failures.failed("a", "two");
  expect(failures.of("a")).toEqual({ count: 2, message: "two", sinceMs });
  expect(failures.of("b")).toEqual({ count: 0 });
  failures.succeeded("a");
  expect(failures.of("a")).toEqual({ count: 0 });
});

test("only so many keys are counted, and only so much of a message is kept", () => {
  const failures = new KeyFailures(virtualEnv().clock);
  for (let key = 0; key <= COUNTED_KEYS_MAX; key += 1) {
    failures.failed(`${key}`, new Error("x".repeat(5_000)));
  }
  expect(failures.of("0").count).toBe(0);
  expect(failures.of(`${COUNTED_KEYS_MAX}`).message?.length).toBe(1_000);
});
