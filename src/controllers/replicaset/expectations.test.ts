import { expect, test } from "vitest";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { EXPECTATION_MS_MAX, Expectations } from "./expectations.ts";

test("creations are awaited until each was observed", () => {
  const expectations = new Expectations(virtualEnv().clock);
  expectations.expectCreations("owner", 2);
  expectations.creationObserved("owner");
  expect(expectations.state("owner").kind).toBe("waiting");
  expectations.creationObserved("other");
  expect(expectations.state("owner").kind).toBe("waiting");
  expectations.creationObserved("owner");
  expect(expectations.state("owner").kind).toBe("met");
});

test("deletions are awaited by uid, so that one seen twice counts once", () => {
  const expectations = new Expectations(virtualEnv().clock);
  expectations.expectDeletions("owner", ["a", "b"]);
  expectations.deletionObserved("owner", "a");
  expectations.deletionObserved("owner", "a");
  expectations.deletionObserved("owner", "stranger");
  expect(expectations.state("owner").kind).toBe("waiting");
  expectations.deletionObserved("owner", "b");
  expect(expectations.state("owner").kind).toBe("met");
});

test("what does not come in time is doubtful, whatever the wall clock does", async () => {
  const env = virtualEnv();
  const expectations = new Expectations(env.clock);
  expectations.expectCreations("owner", 1);
  env.jumpWallClock(10 * EXPECTATION_MS_MAX);
  expect(expectations.state("owner")).toEqual({ kind: "waiting", forMs: EXPECTATION_MS_MAX });
  await env.advance(EXPECTATION_MS_MAX - 1);
  expect(expectations.state("owner")).toEqual({ kind: "waiting", forMs: 1 });
  await env.advance(1);
  expect(expectations.state("owner").kind).toBe("doubtful");
  expectations.forget("owner");
  expect(expectations.state("owner").kind).toBe("met");
});

test("a write without an answer is doubtful at once, until what it did is seen", () => {
  const expectations = new Expectations(virtualEnv().clock);
  expectations.expectCreations("owner", 1);
  expectations.unanswered("owner");
  expect(expectations.state("owner").kind).toBe("doubtful");
  expectations.creationObserved("owner");
  expect(expectations.state("owner").kind).toBe("met");
});

test("nothing is kept for owners that await nothing", () => {
  const expectations = new Expectations(virtualEnv().clock);
  expectations.expectCreations("a", 0);
  expectations.expectDeletions("b", []);
  expectations.expectCreations("c", 1);
  expectations.creationObserved("c");
  expect(expectations.size).toBe(0);
});
