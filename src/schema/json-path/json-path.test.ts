import fc from "fast-check";
import { expect, test } from "vitest";
import { columnCell, printedField } from "./cells.ts";
import { findValues, parseJsonPath, type JsonPath } from "./json-path.ts";
import { resolveFieldPath } from "./field-path-text.ts";
import { compileCustomResourceSchema } from "../compile.ts";

function aPath(text: string): JsonPath {
  const parsed = parseJsonPath(text);
  if (parsed.kind === "invalid") throw new Error(parsed.problem);
  return parsed.path;
}

const OBJECT = {
  metadata: {
    name: "a",
    labels: { "app.io/name": "x" },
    creationTimestamp: "2026-11-23T01:00:00Z",
  },
  spec: { replicas: 3, ratio: 1.5, on: true, nothing: null, list: ["a", "b", "c"] },
  status: {
    conditions: [
      { type: "Ready", status: "True", count: 2 },
      { type: "Busy", status: "False", count: 5 },
    ],
  },
};

for (const [path, found] of [
  [".spec.replicas", [3]],
  [".spec.missing.deep", []],
  [".spec.nothing", [null]],
  [".metadata.labels.app\\.io/name", ["x"]],
  [".metadata.labels['app\\.io/name']", ["x"]],
  [".spec.list[0]", ["a"]],
  [".spec.list[-1]", ["c"]],
  [".spec.list[1:]", ["b", "c"]],
  [".spec.list[0:3:2]", ["a", "c"]],
  [".spec.list[0,2]", ["a", "c"]],
  [".spec.list[*]", ["a", "b", "c"]],
  [".spec.list[7]", undefined],
  ['.status.conditions[?(@.type=="Ready")].status', ["True"]],
  [".status.conditions[?(@.type=='Busy')].status", ["False"]],
  [".status.conditions[?(@.count>2)].type", ["Busy"]],
  ['.status.conditions[?(@.status!="True")].type', ["Busy"]],
  [".status.conditions[*].type", ["Ready", "Busy"]],
  ["..status", [OBJECT.status, "True", "False"]],
] as const) {
  test(`JSONPath: ${path}`, () => {
    expect(findValues(aPath(path), OBJECT)).toEqual(found);
  });
}

const CHARACTERS = ".[]*'\"?()@=<:,0a\\".split("");

test("JSONPath: what cannot be read is told, and nothing throws", () => {
  expect(parseJsonPath(".a[").kind).toBe("invalid");
  expect(parseJsonPath(".a[x]").kind).toBe("invalid");
  expect(parseJsonPath(`.a[?(${"@.a[?(".repeat(50)}`).kind).toBe("invalid");
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...CHARACTERS) }), (text) => {
      const parsed = parseJsonPath(text);
      if (parsed.kind === "path") findValues(parsed.path, OBJECT);
    }),
  );
});

test("cells: a column shows what is there as its type, or nothing", () => {
  const cell = (type: string, path: string): unknown =>
    columnCell(type, aPath(path), OBJECT, (moment) => `age of ${moment}`);
  expect(cell("integer", ".spec.replicas")).toBe(3);
  expect(cell("integer", ".spec.ratio")).toBe(1);
  expect(cell("integer", ".metadata.name")).toBe(null);
  expect(cell("number", ".spec.ratio")).toBe(1.5);
  expect(cell("boolean", ".spec.on")).toBe(true);
  expect(cell("string", ".spec.on")).toBe("true");
  expect(cell("string", ".spec.list")).toBe('["a","b","c"]');
  expect(cell("string", ".spec.list[*]")).toBe("a");
  expect(cell("string", ".spec.missing")).toBe(null);
  expect(cell("date", ".metadata.creationTimestamp")).toBe("age of 1795395600000");
  expect(cell("date", ".metadata.name")).toBe("<invalid>");
  expect(printedField(aPath(".spec.missing"), OBJECT)).toBe("");
  expect(printedField(aPath(".spec.replicas"), OBJECT)).toBe("3");
});

test("paths of fields: only what a schema specifies can be named", () => {
  const { root } = compileCustomResourceSchema({
    type: "object",
    properties: {
      spec: { type: "object", properties: { "a.b": { type: "string" } } },
      labels: { type: "object", additionalProperties: { type: "string" } },
    },
  });
  const resolve = (text: string): unknown => {
    const resolved = resolveFieldPath(text, root);
    return resolved.kind === "resolved" ? resolved.path : resolved.problem;
  };
  expect(resolve(".spec")).toBe("spec");
  expect(resolve(".spec['a.b']")).toBe("spec.a.b");
  expect(resolve(".labels['x']")).toBe("labels[x]");
  expect(resolve(".labels['it\\'s']")).toBe("labels[it's]");
  expect(resolve(".spec.none")).toBe("does not refer to a valid field");
  expect(resolve("spec")).toBe("expected [ or . but got: spec");
  expect(resolve(".labels['x'")).toBe("unexpected end of JSON path");
  expect(resolve(".labels[x]")).toBe("expected single quoted string but got x");
  expect(resolve(".labels['\\q']")).toBe("invalid string literal: invalid escape char \\q");
});
