import fc from "fast-check";
import { expect, test } from "vitest";
import { deepFreeze } from "../base/freeze.ts";
import { exactText, parseExactly } from "./codec/exact-json.ts";
import { frozenJson } from "./frozen-json.ts";

const values = fc.object({
  key: fc.oneof(fc.string(), fc.constant("__proto__")),
  values: [
    fc.string(),
    fc.double(),
    fc.constantFrom(-0, Number.NaN, undefined, null, true),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
    fc.date({ noInvalidDate: true }),
  ],
  withNullPrototype: true,
  maxDepth: 4,
});

test("frozen JSON: is what a parse of the text would give, in the same order", () => {
  fc.assert(
    fc.property(values, (value) => {
      const made = frozenJson(value);
      const parsed = parseExactly(exactText(value));
      expect(made).toStrictEqual(parsed);
      expect(exactText(made)).toBe(exactText(parsed));
    }),
  );
});

test("frozen JSON: is frozen at every depth, and nothing of the value is", () => {
  fc.assert(
    fc.property(values, (value) => {
      const before = Object.isFrozen(value);
      expect(isDeepFrozen(frozenJson(value))).toBe(true);
      expect(Object.isFrozen(value)).toBe(before);
    }),
  );
});

test("frozen JSON: what is so already is the same value, as are its parts elsewhere", () => {
  fc.assert(
    fc.property(values, (value) => {
      const made = frozenJson(value);
      expect(frozenJson(made)).toBe(made);
      expect(frozenJson({ inner: made }).inner).toBe(made);
      expect(frozenJson([made])[0]).toBe(made);
    }),
  );
});

test("frozen JSON: a frozen object with something in it that is not is copied", () => {
  const inner = { replicas: 3 };
  const made = frozenJson(Object.freeze({ inner }));
  expect(made).toEqual({ inner });
  expect(made.inner).not.toBe(inner);
  expect(Object.isFrozen(inner)).toBe(false);
  const list = Object.freeze([inner]);
  expect(frozenJson(list)[0]).not.toBe(inner);
  const gap = deepFreeze({ a: 1, b: undefined });
  expect(Object.keys(frozenJson(gap))).toEqual(["a"]);
});

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen);
}
