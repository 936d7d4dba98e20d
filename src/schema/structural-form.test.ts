import { expect, test } from "vitest";
import { compileCustomResourceSchema } from "./compile.ts";
import { structuralSchemaOf } from "./structural-form.ts";
import { resolveSchema, type StructuralSchema } from "./structural-schema.ts";

const OBJECT_META: StructuralSchema = { type: "object", typeName: "ObjectMeta" };

const part = { type: "object", properties: { name: { type: "string" } } };

const SCHEMA = compileCustomResourceSchema({
  type: "object",
  properties: {
    spec: {
      type: "object",
      required: ["ports"],
      properties: {
        ports: {
          type: "array",
          items: part,
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
        },
        whole: { ...part, "x-kubernetes-map-type": "atomic" },
        surge: { "x-kubernetes-int-or-string": true },
        any: { "x-kubernetes-preserve-unknown-fields": true },
        labels: { type: "object", additionalProperties: { type: "string" } },
        open: { type: "object", additionalProperties: true },
        template: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          "x-kubernetes-preserve-unknown-fields": true,
        },
      },
    },
  },
});

function fieldOf(schema: StructuralSchema, ...names: readonly string[]): StructuralSchema {
  return names.reduce((place, name) => {
    const source = place.properties?.[name];
    if (source === undefined) throw new Error(`no field ${name}`);
    return resolveSchema(source);
  }, schema);
}

test("structural form: list types, map types and open places are what patches read", () => {
  const root = structuralSchemaOf(SCHEMA, OBJECT_META);
  const spec = fieldOf(root, "spec");
  expect(fieldOf(root, "metadata")).toBe(OBJECT_META);
  expect(fieldOf(root, "kind")).toEqual({ type: "string" });
  expect(spec.required).toEqual(["ports"]);
  expect(fieldOf(spec, "ports")).toMatchObject({ listType: "map", listKeys: ["name"] });
  expect(fieldOf(spec, "whole").mapType).toBe("atomic");
  expect(fieldOf(spec, "surge")).toEqual({ type: "any", format: "int-or-string" });
  expect(fieldOf(spec, "any")).toEqual({ type: "any", keepsUnknown: true });
  expect(fieldOf(spec, "open").additionalProperties).toEqual({ type: "any", keepsUnknown: true });
  expect(fieldOf(spec, "template", "metadata")).toBe(OBJECT_META);
});

test("structural form: parts are made once, and the whole once for a compiled schema", () => {
  const root = structuralSchemaOf(SCHEMA, OBJECT_META);
  expect(structuralSchemaOf(SCHEMA, OBJECT_META)).toBe(root);
  expect(fieldOf(root, "spec")).toBe(fieldOf(root, "spec"));
});
