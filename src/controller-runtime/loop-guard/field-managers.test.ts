import { expect, test } from "vitest";
import type { ApiObject } from "../../machinery/object.ts";
import { differencesOf } from "../../trace/differences.ts";
import { managersOf } from "./field-managers.ts";

function an(fields: Readonly<Record<string, unknown>>): ApiObject {
  return { apiVersion: "v1", kind: "Thing", metadata: { name: "a" }, ...fields };
}

test("finds who manages a field, also one that is owned with all around it", () => {
  const fields = differencesOf(
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
