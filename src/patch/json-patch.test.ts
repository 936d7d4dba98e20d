import fc from "fast-check";
import { expect, test } from "vitest";
import { applyJsonPatch, JSON_PATCH_OPERATIONS_MAX, PatchError } from "./json-patch.ts";
import { modelPatch, type ModelOperation } from "./testing/json-patch-model.ts";

for (const { name, document, patch, result } of [
  {
    name: "adds a field",
    document: '{"a":1}',
    patch: '[{"op":"add","path":"/b","value":2}]',
    result: '{"a":1,"b":2}',
  },
  {
    name: "inserts into an array, and at its end",
    document: '{"a":[1,3]}',
    patch:
      '[{"op":"add","path":"/a/1","value":2},{"op":"add","path":"/a/-","value":5},' +
      '{"op":"add","path":"/a/3","value":4}]',
    result: '{"a":[1,2,3,4,5]}',
  },
  {
    name: "adds over what is there",
    document: '{"a":1}',
    patch: '[{"op":"add","path":"/a","value":null}]',
    result: '{"a":null}',
  },
  {
    name: "removes a field and an item",
    document: '{"a":[1,2,3],"b":1}',
    patch: '[{"op":"remove","path":"/a/1"},{"op":"remove","path":"/b"}]',
    result: '{"a":[1,3]}',
  },
  {
    name: "replaces the whole document",
    document: '{"a":1}',
    patch: '[{"op":"replace","path":"","value":[1]}]',
    result: "[1]",
  },
  {
    name: "moves",
    document: '{"a":{"b":1},"c":[2]}',
    patch: '[{"op":"move","from":"/a/b","path":"/c/0"}]',
    result: '{"a":{},"c":[1,2]}',
  },
  {
    name: "copies, and then changes only one of the two",
    document: '{"a":{"b":[1]}}',
    patch:
      '[{"op":"add","path":"/a/b/-","value":2},{"op":"copy","from":"/a","path":"/c"},' +
      '{"op":"add","path":"/c/b/-","value":3},{"op":"remove","path":"/a/b/0"}]',
    result: '{"a":{"b":[2]},"c":{"b":[1,2,3]}}',
  },
  {
    name: "copies into itself",
    document: '{"a":{"x":1}}',
    patch: '[{"op":"copy","from":"/a","path":"/a/b"},{"op":"add","path":"/a/b/y","value":2}]',
    result: '{"a":{"x":1,"b":{"x":1,"y":2}}}',
  },
  {
    name: "tests deeply, whatever the order of fields",
    document: '{"a":{"x":1,"y":[1,{"z":null}]}}',
    patch: '[{"op":"test","path":"/a","value":{"y":[1,{"z":null}],"x":1}}]',
    result: '{"a":{"x":1,"y":[1,{"z":null}]}}',
  },
  {
    name: "takes a field that is not there for null in a test",
    document: '{"a":{}}',
    patch: '[{"op":"test","path":"/a/b","value":null},{"op":"add","path":"/a/b","value":1}]',
    result: '{"a":{"b":1}}',
  },
  {
    name: "reads ~1 as / and ~0 as ~, in this order",
    document: '{"a/b":1,"~1":2,"":3}',
    patch:
      '[{"op":"test","path":"/a~1b","value":1},{"op":"test","path":"/~01","value":2},' +
      '{"op":"replace","path":"/","value":4}]',
    result: '{"a/b":1,"~1":2,"":4}',
  },
  {
    name: "sets a field that was not there, as upstream's replace does",
    document: "{}",
    patch: '[{"op":"replace","path":"/a","value":1}]',
    result: '{"a":1}',
  },
  {
    name: "takes a value that is not given for null, and a copy of nothing",
    document: '{"b":null}',
    patch:
      '[{"op":"add","path":"/a"},{"op":"test","path":"/b"},{"op":"copy","from":"/x","path":"/c"}]',
    result: '{"b":null,"a":null,"c":null}',
  },
  {
    name: "counts from the end of a list for an index below zero",
    document: '{"a":[1,2,3]}',
    patch:
      '[{"op":"remove","path":"/a/-3"},{"op":"add","path":"/a/-1","value":4},' +
      '{"op":"replace","path":"/a/-2","value":5},{"op":"test","path":"/a/01","value":5}]',
    result: '{"a":[2,5,4]}',
  },
  {
    name: "reads a path from its first slash, and a lone tilde as itself",
    document: "{}",
    patch: '[{"op":"add","path":"x/a~2","value":1}]',
    result: '{"a~2":1}',
  },
  {
    name: "takes digits for a key in an object",
    document: '{"a":{}}',
    patch: '[{"op":"add","path":"/a/01","value":1},{"op":"add","path":"/a/-","value":2}]',
    result: '{"a":{"01":1,"-":2}}',
  },
  {
    name: "takes __proto__ and constructor for ordinary keys",
    document: "{}",
    patch:
      '[{"op":"add","path":"/__proto__","value":{"x":1}},' +
      '{"op":"add","path":"/__proto__/y","value":2},{"op":"add","path":"/constructor","value":3}]',
    result: '{"__proto__":{"x":1,"y":2},"constructor":3}',
  },
]) {
  test(`JSON patch: ${name}`, () => {
    const before: unknown = JSON.parse(document);
    const patched = applyJsonPatch(before, JSON.parse(patch));
    expect(JSON.stringify(patched)).toBe(result);
    expect(JSON.stringify(before)).toBe(document);
  });
}

for (const { name, operation } of [
  { name: "an unknown operation", operation: { op: "frob", path: "/a" } },
  { name: "no operation", operation: { path: "/a" } },
  { name: "no path", operation: { op: "remove" } },
  { name: "a path without a slash", operation: { op: "remove", path: "a" } },
  { name: "a test that fails", operation: { op: "test", path: "/n", value: "1" } },
  { name: "a test for null of an item", operation: { op: "test", path: "/l/2/x", value: null } },
  { name: "a test for null of nothing", operation: { op: "test", path: "/x/y", value: null } },
  { name: "a removal of nothing", operation: { op: "remove", path: "/nope" } },
  { name: "a replacement of no item", operation: { op: "replace", path: "/l/3", value: 1 } },
  { name: "an index before the beginning", operation: { op: "remove", path: "/l/-4" } },
  { name: "an index that is no number", operation: { op: "remove", path: "/l/1x" } },
  { name: "a removal of everything", operation: { op: "remove", path: "" } },
  { name: "an addition of everything", operation: { op: "add", path: "", value: {} } },
  { name: "an index beyond the end", operation: { op: "add", path: "/l/4", value: 1 } },
  { name: "the end of an array as a source", operation: { op: "remove", path: "/l/-" } },
  { name: "a path through a scalar", operation: { op: "add", path: "/n/x", value: 1 } },
  { name: "a path through nothing", operation: { op: "add", path: "/x/y", value: 1 } },
  { name: "a path through a prototype", operation: { op: "test", path: "/toString", value: 1 } },
  { name: "a length of an array", operation: { op: "test", path: "/l/length", value: 2 } },
  { name: "a move into itself", operation: { op: "move", from: "/o", path: "/o/x" } },
  { name: "a copy of no item", operation: { op: "copy", from: "/l/3", path: "/x" } },
]) {
  test(`JSON patch: refuses ${name}, and nothing of the patch happens`, () => {
    const document = { n: 1, l: [1, 2], o: {} };
    const before = JSON.stringify(document);
    const first = { op: "add", path: "/l/-", value: 3 };
    const error = failureOf(() => applyJsonPatch(document, [first, operation]));
    expect(error?.kind).toBe("unprocessable");
    expect(JSON.stringify(document)).toBe(before);
  });
}

for (const { name, patch } of [
  { name: "an object", patch: { op: "remove", path: "/a" } },
  { name: "null", patch: null },
  { name: "a list of other things", patch: ["remove"] },
  {
    name: "too many operations",
    patch: Array.from({ length: JSON_PATCH_OPERATIONS_MAX + 1 }, () => ({ op: "remove" })),
  },
]) {
  test(`JSON patch: ${name} is no patch`, () => {
    expect(failureOf(() => applyJsonPatch({}, patch))?.kind).toBe("malformed");
  });
}

test("JSON patch: copies of copies are cut off before they explode", () => {
  const double = [
    { op: "copy", from: "/a", path: "/b" },
    { op: "move", from: "/b", path: "/a/-" },
  ];
  const patch = Array.from({ length: 200 }, () => double).flat();
  expect(failureOf(() => applyJsonPatch({ a: ["x"] }, patch))?.kind).toBe("unprocessable");
});

test("JSON patch: many insertions into a long list are cut off", () => {
  const document = { a: Array.from({ length: 1_000_000 }, () => 0) };
  const insert = Array.from({ length: 10_000 }, () => ({ op: "add", path: "/a/0", value: 1 }));
  expect(failureOf(() => applyJsonPatch(document, insert))?.kind).toBe("unprocessable");
  const append = insert.map((operation) => ({ ...operation, path: "/a/-" }));
  expect(failureOf(() => applyJsonPatch(document, append))).toBeUndefined();
});

test("JSON patch: a document that gets too deep step by step is refused", () => {
  const nested: unknown = JSON.parse(`${'{"a":'.repeat(60)}1${"}".repeat(60)}`);
  const first = { op: "add", path: "/a", value: nested };
  const second = { op: "add", path: "/a".repeat(50), value: nested };
  expect(failureOf(() => applyJsonPatch({}, [first]))).toBeUndefined();
  expect(failureOf(() => applyJsonPatch({}, [first, second]))?.kind).toBe("unprocessable");
});

test("JSON patch: a pointer with more steps than a document can have is refused", () => {
  const patch = [{ op: "test", path: "/a".repeat(1_000_000), value: 1 }];
  expect(failureOf(() => applyJsonPatch({}, patch))?.kind).toBe("unprocessable");
});

const anyStep = fc.constantFrom("a", "b", "0", "1", "-", "__proto__");
const anyPath = fc
  .array(anyStep, { maxLength: 3 })
  .map((steps) => steps.map((s) => `/${s}`).join(""));
const anyValue: fc.Arbitrary<unknown> = fc.constantFrom(0, "x", null, [], {}, [1, [2]], {
  a: { b: [0] },
});
const anyOperation: fc.Arbitrary<ModelOperation> = fc.oneof(
  fc.record({ op: fc.constantFrom("add", "replace", "test"), path: anyPath, value: anyValue }),
  fc.record({ op: fc.constant("remove" as const), path: anyPath }),
  fc.record({ op: fc.constantFrom("move", "copy"), path: anyPath, from: anyPath }),
);

test("JSON patch: does what a model does that copies everything at each step", () => {
  const start = { a: { b: [1, { a: 2 }] }, b: ["x", []] };
  fc.assert(
    fc.property(fc.array(anyOperation, { maxLength: 12 }), (operations) => {
      let document: unknown = start;
      for (const [index, operation] of operations.entries()) {
        const expected = modelPatch(document, operation);
        const so = operations.slice(0, index + 1);
        const actual = resultOf(() => applyJsonPatch(document, [operation]));
        expect(actual, JSON.stringify(so)).toEqual(expected);
        if (expected !== undefined) document = expected.value;
      }
      const accepted = acceptedBy(start, operations);
      expect(applyJsonPatch(start, accepted.operations)).toEqual(accepted.value);
    }),
    { numRuns: 500 },
  );
});

/** The operations the model accepts one after another, and what they come to. */
function acceptedBy(
  start: unknown,
  operations: readonly ModelOperation[],
): { readonly operations: readonly ModelOperation[]; readonly value: unknown } {
  const accepted: ModelOperation[] = [];
  let value = start;
  for (const operation of operations) {
    const next = modelPatch(value, operation);
    if (next === undefined) continue;
    accepted.push(operation);
    value = next.value;
  }
  return { operations: accepted, value };
}

function resultOf(apply: () => unknown): { readonly value: unknown } | undefined {
  let value: unknown;
  const error = failureOf(() => {
    value = apply();
  });
  return error === undefined ? { value } : undefined;
}

function failureOf(run: () => unknown): PatchError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof PatchError) return error;
    throw error;
  }
}
