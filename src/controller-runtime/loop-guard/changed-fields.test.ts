import { expect, test } from "vitest";
import type { ApiObject } from "../../machinery/object.ts";
import { changedFields, CHANGED_FIELDS_MAX, managersOf } from "./changed-fields.ts";

function an(fields: Readonly<Record<string, unknown>>): ApiObject {
  return { apiVersion: "v1", kind: "Thing", metadata: { name: "a" }, ...fields };
}

function texts(before: ApiObject, after: ApiObject): readonly string[] {
  return changedFields(before, after).map(({ text, value }) => `${text}=${value}`);
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
    'data["a.b/c"]="2"',
    'status.conditions[type=Ready].reason="B"',
    "status.list=[1,2]",
  ]);
  expect(texts(after, an({ data: {} })).at(-1)).toBe("status=absent");
});

test("reads keys of users as keys, and no more of them than it keeps", () => {
  const hostile: unknown = JSON.parse('{"__proto__": "x", "constructor": "y"}');
  expect(texts(an({ data: {} }), an({ data: hostile }))).toEqual([
    'data.__proto__="x"',
    'data.constructor="y"',
  ]);
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, "v"]));
  expect(changedFields(an({ data: {} }), an({ data: many }))).toHaveLength(CHANGED_FIELDS_MAX);
});

test("finds who manages a field, also one that is owned with all around it", () => {
  const fields = changedFields(
    an({ data: { text: "1" }, status: { conditions: [{ type: "Ready", reason: "A" }] } }),
    an({ data: { text: "2" }, status: { conditions: [{ type: "Ready", reason: "B" }] } }),
  );
  const key = 'k:{"type":"Ready"}';
  const ready = { "f:status": { "f:conditions": { [key]: { ".": {}, "f:reason": {} } } } };
  const managedFields = [
    { manager: "text", fieldsV1: { "f:data": { "f:text": {} } } },
    { manager: "ready", fieldsV1: ready },
    { manager: "all-data", fieldsV1: { "f:data": {} } },
    { manager: "other", fieldsV1: { "f:data": { "f:other": {} } } },
    { manager: "none", fieldsV1: {} },
  ];
  const object = an({ metadata: { name: "a", managedFields } });
  expect(managersOf(object, fields)).toEqual(["text", "ready", "all-data"]);
  expect(managersOf(object, fields.slice(1))).toEqual(["ready"]);
});
