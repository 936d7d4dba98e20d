import { expect, test } from "vitest";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { PatchError } from "./patch-error.ts";
import { applyStrategicMerge } from "./strategic-merge.ts";
import { aPatchedSchema } from "./testing/patched-schema.ts";

const SCHEMA: StructuralSchema = aPatchedSchema();

/** `a b:2` is two keyed items, the second with a field. */
function items(text: string): readonly object[] {
  const words = text.split(" ").filter((word) => word !== "");
  return words.map((word) => {
    const [name = "", value] = word.split(":");
    return value === undefined ? { name } : { name, value };
  });
}

function apply(document: unknown, patch: unknown): unknown {
  return applyStrategicMerge(document, patch, SCHEMA);
}

for (const { name, document, patch, result } of [
  {
    name: "merges objects, and null removes",
    document: { labels: { a: "1", b: "2" }, note: "x" },
    patch: { labels: { a: null, c: "3" }, note: null },
    result: { labels: { b: "2", c: "3" } },
  },
  {
    name: "merges items of a keyed list by their key",
    document: { items: items("a:1 b:2") },
    patch: { items: items("b:3") },
    result: { items: items("a:1 b:3") },
  },
  {
    name: "puts a new item in front, as upstream does",
    document: { items: items("a b") },
    patch: { items: items("c") },
    result: { items: items("c a b") },
  },
  {
    name: "removes an item by its key",
    document: { items: items("a b c") },
    patch: { items: [{ $patch: "delete", name: "b" }] },
    result: { items: items("a c") },
  },
  {
    name: "replaces a keyed list when told",
    document: { items: items("a b c") },
    patch: { items: [{ $patch: "replace" }, ...items("d d")] },
    result: { items: items("d d") },
  },
  {
    name: "replaces an object when told",
    document: { labels: { a: "1" } },
    patch: { labels: { $patch: "replace", b: "2" } },
    result: { labels: { b: "2" } },
  },
  {
    name: "empties an object when told to delete it",
    document: { labels: { a: "1" } },
    patch: { labels: { $patch: "delete" } },
    result: { labels: {} },
  },
  {
    name: "drops an item that says the list is replaced",
    document: { items: [{ name: "a" }] },
    patch: { items: [{ name: "b" }, { name: "c", $patch: "replace" }] },
    result: { items: [{ name: "b" }] },
  },
  {
    name: "adds to lists of scalars, each once",
    document: { tags: ["a", "b"] },
    patch: { tags: ["b", "c"] },
    result: { tags: ["a", "b", "c"] },
  },
  {
    name: "deletes from lists of scalars",
    document: { tags: ["a", "b", "c"] },
    patch: { "$deleteFromPrimitiveList/tags": ["a", "x"] },
    result: { tags: ["b", "c"] },
  },
  {
    name: "replaces lists without a merge strategy",
    document: { plain: ["a", "b"] },
    patch: { plain: ["c"] },
    result: { plain: ["c"] },
  },
  {
    name: "drops what $retainKeys does not name",
    document: { union: { type: "rolling", rolling: { by: "1" } } },
    patch: { union: { $retainKeys: ["type"], rolling: null, type: "recreate" } },
    result: { union: { type: "recreate" } },
  },
  {
    name: "replaces an object whose strategy says so",
    document: { whole: { a: "1" } },
    patch: { whole: { b: "2" } },
    result: { whole: { b: "2" } },
  },
  {
    name: "orders a list without changing its items",
    document: { items: items("a:1 b c") },
    patch: { "$setElementOrder/items": items("c b a") },
    result: { items: items("c b a:1") },
  },
  {
    name: "keeps items only the server has among their neighbours",
    document: { items: items("s a t b u") },
    patch: { "$setElementOrder/items": items("b a n"), items: items("n") },
    result: { items: items("s t b a n u") },
  },
  {
    name: "orders lists of scalars",
    document: { tags: ["a", "b"] },
    patch: { "$setElementOrder/tags": ["c", "b", "a"], tags: ["c"] },
    result: { tags: ["c", "b", "a"] },
  },
  {
    name: "leaves an absent list absent when there is nothing to delete from it",
    document: { note: "x" },
    patch: { "$deleteFromPrimitiveList/tags": ["a"], "$setElementOrder/items": [] },
    result: { note: "x" },
  },
  {
    name: "leaves out what has a directive inside what is new, and what is null",
    document: {},
    patch: { items: [{ name: "a", x: null, labels: { $patch: "replace", y: "1" } }] },
    result: { items: [{ name: "a" }] },
  },
  {
    name: "adds fields the schema does not know",
    document: {},
    patch: { unknown: { a: [3], c: 2 } },
    result: { unknown: { a: [3], c: 2 } },
  },
]) {
  test(`strategic merge: ${name}`, () => {
    expect(apply(document, patch)).toEqual(result);
  });
}

for (const { name, patch } of [
  { name: "an unknown directive", patch: { labels: { $patch: "frob" } } },
  { name: "a directive to merge", patch: { items: [{ name: "a", $patch: "merge" }] } },
  { name: "an order of a field nobody knows", patch: { "$setElementOrder/frob": [] } },
  { name: "an order without a name", patch: { $setElementOrder: [] } },
  { name: "an order of nothing", patch: { "$setElementOrder/tags": [], tags: [] } },
  { name: "retained keys that are no list", patch: { union: { $retainKeys: "type" } } },
  { name: "an item without its merge key", patch: { items: [{ value: "1" }] } },
  { name: "a scalar in a keyed list", patch: { items: ["a"] } },
  { name: "a deletion without a key", patch: { items: [{ $patch: "delete" }] } },
  {
    name: "items in another order than demanded",
    patch: { items: items("a b"), "$setElementOrder/items": items("b a") },
  },
  {
    name: "an item that the demanded order leaves out",
    patch: { items: items("a"), "$setElementOrder/items": items("b") },
  },
  { name: "an order that is not a list", patch: { "$setElementOrder/items": "a" } },
  {
    name: "a field beyond the retained ones",
    patch: { union: { $retainKeys: ["type"], type: "x", rolling: {} } },
  },
  { name: "a list", patch: [] },
]) {
  test(`strategic merge: refuses ${name}`, () => {
    const document = { items: items("a b"), labels: {}, union: {} };
    expect(() => apply(document, patch)).toThrow(PatchError);
  });
}

test("strategic merge: hostile keys are ordinary keys", () => {
  const patch: unknown = JSON.parse(
    '{"labels":{"__proto__":{"x":1},"constructor":"c","toString":null},"__proto__":["y"]}',
  );
  const merged = apply({ labels: { a: "1" } }, patch);
  expect(JSON.stringify(merged)).toBe(
    '{"labels":{"a":"1","__proto__":{"x":1},"constructor":"c"},"__proto__":["y"]}',
  );
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
});

test("strategic merge: neither document nor patch is changed", () => {
  const document = { items: items("a:1 b"), tags: ["x"], labels: { a: "1" } };
  const patch = { items: [{ $patch: "delete", name: "a" }], tags: ["y"], labels: { a: null } };
  const before = JSON.stringify([document, patch]);
  apply(document, patch);
  expect(JSON.stringify([document, patch])).toBe(before);
});

test("strategic merge: a patch nested too deep is refused, not recursed into", () => {
  let deep: object = {};
  for (let depth = 0; depth < 20_000; depth += 1) deep = { labels: deep };
  expect(() => apply({}, deep)).toThrow(PatchError);
});
