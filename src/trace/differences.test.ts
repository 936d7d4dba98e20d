import { expect, test } from "vitest";
import type { ApiObject } from "../machinery/object.ts";
import { differencesOf, DIFFERENCES_MAX } from "./differences.ts";

function an(fields: Readonly<Record<string, unknown>>): ApiObject {
  return { apiVersion: "v1", kind: "Thing", metadata: { name: "a" }, ...fields };
}

function texts(before: ApiObject, after: ApiObject): readonly string[] {
  return differencesOf(before, after).map(
    ({ text, before: was, after: is }) =>
      `${text}: ${JSON.stringify(was) ?? "-"} -> ${JSON.stringify(is) ?? "-"}`,
  );
}

test("names the fields that differ, and items of lists by their type or name", () => {
  const before = an({
    data: { "a.b/c": "1", same: "x" },
    status: { conditions: [{ type: "Ready", reason: "A" }, { type: "Up" }], list: [1] },
  });
  const after = an({
    metadata: { name: "a", resourceVersion: "7", generation: 2 },
    data: { "a.b/c": "2", same: "x" },
    status: { conditions: [{ type: "Up" }, { type: "Ready", reason: "B" }], list: [1, 2] },
  });
  expect(texts(before, after)).toEqual([
    'data["a.b/c"]: "1" -> "2"',
    'status.conditions[type=Ready].reason: "A" -> "B"',
    "status.list: [1] -> [1,2]",
  ]);
  expect(texts(an({ status: { a: 1 } }), an({}))).toEqual(['status: {"a":1} -> -']);
});

test("reads keys of users as keys, and no more of them than it keeps", () => {
  const hostile: unknown = JSON.parse('{"__proto__": "x", "constructor": "y"}');
  expect(texts(an({ data: {} }), an({ data: hostile }))).toEqual([
    'data.__proto__: - -> "x"',
    'data.constructor: - -> "y"',
  ]);
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, "v"]));
  expect(differencesOf(an({ data: {} }), an({ data: many }))).toHaveLength(DIFFERENCES_MAX);
});
