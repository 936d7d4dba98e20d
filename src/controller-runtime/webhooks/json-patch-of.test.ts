import fc from "fast-check";
import { expect, test } from "vitest";
import { equalValues } from "../../machinery/json-value.ts";
import type { Fields } from "../../machinery/object.ts";
import { applyJsonPatch } from "../../patch/json-patch.ts";
import { jsonPatchOf, PATCH_OPERATIONS_MAX } from "./json-patch-of.ts";

/** Odd ones among them. */
const anyKey = fc.constantFrom("a", "b", "a/b", "~1", "", "0", "-", "constructor", "__proto__");
/** Few keys and values, so that the two have much in common. */
const anyValue = fc.letrec<{ readonly value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, 0, 1, "a", 2n ** 60n),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(anyKey, tie("value"), { maxKeys: 4 }),
  ),
})).value;
const anyObject = fc.dictionary(anyKey, anyValue, { maxKeys: 5 });

function check(before: Fields, after: Fields): void {
  const patch = jsonPatchOf(before, after);
  const patched = applyJsonPatch(before, patch);
  expect(equalValues(patched, after), JSON.stringify(patch, bigints)).toBe(true);
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

test("the patch of two objects, applied to the first, gives the second", () => {
  fc.assert(fc.property(anyObject, anyObject, check), { numRuns: 500 });
});

test("an object that is the same has no patch", () => {
  const same = fc.property(anyObject, (each) => {
    expect(jsonPatchOf(each, structuredClone(each))).toEqual([]);
  });
  fc.assert(same);
});

test.each([
  { name: "a field", before: { a: { b: 1, c: 2 } }, after: { a: { b: 1, c: 3 } }, count: 1 },
  { name: "an item put in", before: { a: [1, 2, 4] }, after: { a: [1, 2, 3, 4] }, count: 1 },
  { name: "an item taken out", before: { a: [1, 2, 3] }, after: { a: [1, 3] }, count: 1 },
  { name: "a field of an item", before: { a: [{ b: 1 }] }, after: { a: [{ b: 2 }] }, count: 1 },
])("$name is one operation", ({ before, after, count }) => {
  expect(jsonPatchOf(before, after)).toHaveLength(count);
  check(before, after);
});

test("what people leave undefined is absent, and dates are texts", () => {
  const before = { a: 1, b: { c: 1 }, when: "2026-01-01T00:00:00.000Z" };
  const after = {
    a: undefined,
    b: { c: undefined, d: undefined },
    when: new Date(0),
    e: undefined,
  };
  const patch: unknown = JSON.parse(JSON.stringify(jsonPatchOf(before, after)));
  expect(applyJsonPatch(before, patch)).toEqual({ b: {}, when: "1970-01-01T00:00:00.000Z" });
});

test("where very much has changed, whole fields are replaced", () => {
  const numbers = Array.from({ length: PATCH_OPERATIONS_MAX + 1 }, (_, index) => index);
  const before = { metadata: {}, spec: { numbers } };
  const after = { metadata: {}, spec: { numbers: numbers.map((each) => each + 1) } };
  expect(jsonPatchOf(before, after)).toEqual([{ op: "replace", path: "/spec", value: after.spec }]);
  check(before, after);
});
