import { expect, test } from "vitest";
import { deepFreeze } from "./freeze.ts";

test("freezing reaches every depth without recursion", () => {
  let deepest: Record<string, unknown> = {};
  const bottom = deepest;
  for (let level = 0; level < 100_000; level += 1) deepest = { inner: deepest };
  deepFreeze(deepest);
  expect(Object.isFrozen(deepest)).toBe(true);
  expect(Object.isFrozen(bottom)).toBe(true);
});

test("an own __proto__ key is frozen like any other", () => {
  const value: unknown = JSON.parse('{"__proto__": {"a": {}}}');
  deepFreeze(value);
  const own = Object.getOwnPropertyDescriptor(value, "__proto__")?.value;
  expect(Object.isFrozen(own)).toBe(true);
  expect(Object.isFrozen(Object.prototype)).toBe(false);
});
