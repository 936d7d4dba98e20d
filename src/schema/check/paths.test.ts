import { expect, test } from "vitest";
import { fieldErrorText } from "../../machinery/status.ts";
import { checkSelectableFields, checkSimpleJsonPath } from "./paths.ts";

const text = { type: "string" };
const SCHEMA = {
  type: "object",
  properties: {
    metadata: { type: "object", properties: { name: text } },
    spec: {
      type: "object",
      properties: {
        tier: { ...text, enum: ["gold"] },
        on: { type: "boolean" },
        ratio: { type: "number" },
        list: { type: "array", items: text },
        map: { type: "object", additionalProperties: text },
      },
    },
  },
};

function check(...paths: readonly string[]): readonly string[] {
  const errors = checkSelectableFields(paths, SCHEMA, "spec.selectableFields");
  return errors.map((error) => `${error.field}: ${fieldErrorText(error)}`);
}

test("selectable fields: must be texts, whole numbers or flags that the schema specifies", () => {
  const wrongType =
    "must point to a field of type string, boolean or integer. " +
    "Enum string fields and strings with formats are allowed.";
  expect(check(".spec.tier", ".spec.on")).toEqual([]);
  expect(check("", ".spec.ratio", ".spec.none", ".spec['tier']")).toEqual([
    "spec.selectableFields[0].jsonPath: Required value",
    `spec.selectableFields[1].jsonPath: Invalid value: ".spec.ratio": ${wrongType}`,
    'spec.selectableFields[2].jsonPath: Invalid value: ".spec.none": ' +
      "is an invalid path: does not refer to a valid field",
    `spec.selectableFields[3].jsonPath: Invalid value: ".spec['tier']": ` +
      "is an invalid path: array notation is not allowed",
  ]);
  expect(check(".metadata.name", ".spec.on", ".spec.on")).toEqual([
    'spec.selectableFields[0].jsonPath: Invalid value: ".metadata.name": ' +
      "must not point to fields in metadata",
    'spec.selectableFields[2].jsonPath: Duplicate value: ".spec.on"',
  ]);
});

test("selectable fields: there are at most eight, unless there were more before", () => {
  const paths = Array.from({ length: 9 }, (_, index) => `.spec.map.k${index}`);
  expect(check(...paths)).toEqual([
    "spec.selectableFields: Too many: 9: must have at most 8 items",
  ]);
  expect(checkSelectableFields(paths, SCHEMA, "x", "many")).toEqual([]);
});

test("paths of columns and scale: begin with a dot", () => {
  expect(checkSimpleJsonPath(".spec.x", "f")).toEqual([]);
  expect(checkSimpleJsonPath("spec.x", "f")).toMatchObject([
    { detail: "must be a simple json path starting with ." },
  ]);
});
