import fc from "fast-check";
import { expect, test } from "vitest";
import { isFields, own, type Fields } from "../machinery/object.ts";
import { applyStrategicMerge } from "./strategic-merge.ts";
import { aPatchedSchema } from "./testing/patched-schema.ts";
import { threeWayStrategicPatch } from "./three-way.ts";

const SCHEMA = aPatchedSchema();

const anyText = fc.constantFrom("1", "2", "3");
const anyName = fc.constantFrom("a", "b", "c", "d");
const anyLabels = fc.dictionary(fc.constantFrom("x", "y", "__proto__", "then"), anyText);
const anyUnion = fc.oneof(
  fc.record({ type: fc.constant("rolling"), rolling: anyLabels }),
  fc.record({ type: fc.constant("other"), other: anyLabels }),
  fc.record({ type: anyText }),
);

function anyList(item: fc.Arbitrary<object>): fc.Arbitrary<readonly object[]> {
  const named = fc.tuple(anyName, item).map(([name, fields]) => ({ name, ...fields }));
  return fc.uniqueArray(named, { selector: ({ name }) => name, maxLength: 4 });
}

const OPTIONAL = { requiredKeys: [] as never[] };
const SHARED = {
  note: anyText,
  labels: anyLabels,
  union: anyUnion,
  tags: fc.uniqueArray(anyName, { maxLength: 4 }),
  plain: fc.array(anyText, { maxLength: 2 }),
};
const anyLeaf = fc.record({ value: anyText, labels: anyLabels }, OPTIONAL);
const anyItem = fc.record({ ...SHARED, value: anyText, inner: anyList(anyLeaf) }, OPTIONAL);
const anyObject = fc.record({ ...SHARED, whole: anyLabels, items: anyList(anyItem) }, OPTIONAL);

/** Lists that are merged, by how their items are told apart. */
const MERGED = ["items", "inner", "tags"];

function keyOf(item: unknown): unknown {
  return isFields(item) ? own(item, "name") : item;
}

/** Checks that all `modified` says is true of `result`. */
function checkOwned(modified: unknown, result: unknown, field: string): void {
  if (isFields(modified) && field !== "whole") {
    expect(isFields(result)).toBe(true);
    for (const [key, value] of Object.entries(modified)) {
      checkOwned(value, own(result as Fields, key), key);
    }
  } else if (Array.isArray(modified) && MERGED.includes(field)) {
    const items = result as readonly unknown[];
    const owned = modified.map(keyOf);
    const kept = items.filter((item) => owned.includes(keyOf(item)));
    expect(kept.map(keyOf)).toEqual(owned);
    modified.forEach((item, index) => checkOwned(item, kept[index], ""));
  } else expect(result).toEqual(modified);
}

/** Checks that what only `original` had is gone. */
function checkRemoved(original: unknown, modified: unknown, result: unknown, field: string): void {
  if (isFields(original) && isFields(modified) && field !== "whole") {
    for (const [key, value] of Object.entries(original)) {
      const now = own(result as Fields, key);
      if (!Object.hasOwn(modified, key)) expect(now, key).toBeUndefined();
      else checkRemoved(value, own(modified, key), now, key);
    }
  } else if (Array.isArray(original) && Array.isArray(modified) && MERGED.includes(field)) {
    const dropped = original.map(keyOf).filter((key) => !modified.map(keyOf).includes(key));
    const present = (result as readonly unknown[]).map(keyOf);
    for (const key of dropped) expect(present).not.toContain(key);
  }
}

/** Checks that what neither manifest names is as it was. */
function checkForeign(known: readonly Fields[], current: Fields, result: Fields): void {
  for (const [key, value] of Object.entries(current)) {
    if (known.some((fields) => Object.hasOwn(fields, key))) continue;
    expect(own(result, key), key).toEqual(value);
  }
}

test("three-way strategic patch: sets owned fields, drops old ones, keeps others", () => {
  fc.assert(
    fc.property(anyObject, anyObject, anyObject, (original, modified, current) => {
      const patch = threeWayStrategicPatch(original, modified, current, SCHEMA);
      const result = applyStrategicMerge(current, patch, SCHEMA) as Fields;
      checkOwned(modified, result, "");
      checkRemoved(original, modified, result, "");
      checkForeign([original, modified], current, result);
    }),
    { numRuns: 500 },
  );
});

test("three-way strategic patch: afterwards nothing is left to do", () => {
  fc.assert(
    fc.property(anyObject, anyObject, anyObject, (original, modified, current) => {
      const patch = threeWayStrategicPatch(original, modified, current, SCHEMA);
      const result = applyStrategicMerge(current, patch, SCHEMA);
      expect(threeWayStrategicPatch(modified, modified, result, SCHEMA)).toEqual({});
    }),
    { numRuns: 300 },
  );
});

for (const { name, original, modified, current, patch } of [
  {
    name: "is empty when only the server added fields",
    original: { items: [{ name: "a" }] },
    modified: { items: [{ name: "a" }] },
    current: { items: [{ name: "a", value: "default" }, { name: "injected" }], note: "x" },
    patch: {},
  },
  {
    name: "names the items that change and the order of all",
    original: { items: [{ name: "a" }, { name: "b" }] },
    modified: { items: [{ name: "b", value: "2" }, { name: "c" }] },
    current: { items: [{ name: "a" }, { name: "b", value: "1" }] },
    patch: {
      "$setElementOrder/items": [{ name: "b" }, { name: "c" }],
      items: [{ value: "2", name: "b" }, { name: "c" }, { $patch: "delete", name: "a" }],
    },
  },
  {
    name: "sends nothing but the order when only that changes",
    original: {},
    modified: { tags: ["b", "a"] },
    current: { tags: ["a", "b"] },
    patch: { "$setElementOrder/tags": ["b", "a"] },
  },
  {
    name: "deletes from lists of scalars what the author dropped",
    original: { tags: ["a", "b"] },
    modified: { tags: ["b"] },
    current: { tags: ["a", "b", "c"] },
    patch: { "$setElementOrder/tags": ["b"], "$deleteFromPrimitiveList/tags": ["a"] },
  },
  {
    name: "retains only the wanted arm of a union",
    original: { union: { type: "rolling" } },
    modified: { union: { type: "recreate" } },
    current: { union: { type: "rolling", rolling: { by: "1" } } },
    patch: { union: { $retainKeys: ["type"], type: "recreate" } },
  },
  {
    name: "sends a list as a whole when its items share a key",
    original: undefined,
    modified: {
      items: [
        { name: "dns", value: "udp" },
        { name: "dns", value: "tcp" },
      ],
    },
    current: { items: [{ name: "dns", value: "udp" }] },
    patch: {
      items: [{ name: "dns", value: "udp" }, { name: "dns", value: "tcp" }, { $patch: "replace" }],
    },
  },
  {
    name: "takes null for a field that must not be there",
    original: {},
    modified: { note: null, labels: { x: null } },
    current: { note: "1", labels: { x: "1", y: "2" } },
    patch: { note: null, labels: { x: null } },
  },
]) {
  test(`three-way strategic patch: ${name}`, () => {
    expect(threeWayStrategicPatch(original, modified, current, SCHEMA)).toEqual(patch);
  });
}
