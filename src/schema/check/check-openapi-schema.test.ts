import { expect, test } from "vitest";
import { fieldErrorText, type FieldError } from "../../machinery/status.ts";
import type { SchemaCheckOptions } from "../custom-resource-schema.ts";
import { checkOpenApiSchema } from "./check-openapi-schema.ts";

const OPTIONS: SchemaCheckOptions = { field: "spec.validation", hasStatus: false };
const ROOT = "spec.validation.openAPIV3Schema";

function lines(errors: readonly FieldError[]): readonly string[] {
  return errors.map((error) => `${error.field}: ${fieldErrorText(error)}`);
}

function aSchema(spec: unknown): unknown {
  return { type: "object", properties: { spec } };
}

/** Checks a schema whose `spec` is given; paths are relative to it. */
function checkSpec(spec: unknown, options: Partial<SchemaCheckOptions> = {}): readonly string[] {
  const found = lines(checkOpenApiSchema(aSchema(spec), { ...OPTIONS, ...options }));
  return found.map((line) => line.replaceAll(`${ROOT}.properties[spec]`, "~"));
}

type Case = { readonly name: string; readonly spec: unknown; readonly errors: readonly string[] };

const text = { type: "string" };
const INT_OR_STRING = [{ type: "integer" }, { type: "string" }];

const STRUCTURE: readonly Case[] = [
  {
    name: "a place without a type",
    spec: { type: "object", properties: { bad: { properties: { a: text } } } },
    errors: [
      "~.properties[bad].type: Required value: must not be empty for specified object fields",
    ],
  },
  {
    name: "items without a type",
    spec: { type: "array", items: {} },
    errors: ["~.items.type: Required value: must not be empty for specified array items"],
  },
  {
    name: "a list without items",
    spec: { type: "array" },
    errors: ["~.items: Required value: must be specified"],
  },
  {
    name: "a type inside an alternative",
    spec: { type: "object", properties: { a: text }, anyOf: [{ type: "object" }] },
    errors: ["~.anyOf[0].type: Forbidden: must be empty to be structural"],
  },
  {
    name: "int-or-string without a type, with its two alternatives",
    spec: { "x-kubernetes-int-or-string": true, anyOf: INT_OR_STRING },
    errors: [],
  },
  {
    name: "int-or-string whose alternatives stand in the first allOf",
    spec: {
      "x-kubernetes-int-or-string": true,
      allOf: [{ anyOf: INT_OR_STRING }, { pattern: "^a" }],
    },
    errors: [],
  },
  {
    name: "everything an alternative may not say",
    spec: {
      type: "object",
      properties: { a: text },
      not: {
        default: {},
        title: "x",
        description: "x",
        nullable: true,
        additionalProperties: true,
        "x-kubernetes-list-type": "atomic",
        properties: { metadata: {} },
      },
    },
    errors: [
      "~.not.additionalProperties: Forbidden: must be undefined to be structural",
      "~.not.default: Forbidden: must be undefined to be structural",
      "~.not.description: Forbidden: must be empty to be structural",
      "~.not.nullable: Forbidden: must be false to be structural",
      "~.not.properties[metadata]: Forbidden: must not be specified in a nested context",
      "~.not.title: Forbidden: must be empty to be structural",
      "~.not.x-kubernetes-list-type: Forbidden: must be undefined to be structural",
      "~.not.type: Required value: must be array if x-kubernetes-list-type is specified",
    ],
  },
  {
    name: "a pattern that is none",
    spec: { type: "string", pattern: "(" },
    errors: [
      '~.pattern: Invalid value: "(": must be a valid regular expression, but isn\'t: ' +
        "error parsing regexp: missing closing ): `(`",
    ],
  },
  {
    name: "an embedded resource that says nothing",
    spec: { type: "object", "x-kubernetes-embedded-resource": true },
    errors: [
      "~.properties: Required value: must not be empty if x-kubernetes-embedded-resource is true " +
        "without x-kubernetes-preserve-unknown-fields",
    ],
  },
  {
    name: "an embedded resource that is no object",
    spec: { type: "string", "x-kubernetes-embedded-resource": true, properties: { a: text } },
    errors: [
      '~.type: Invalid value: "string": must be object if x-kubernetes-embedded-resource is true',
    ],
  },
];

const MEMBERS: readonly Case[] = [
  {
    name: "uniqueItems",
    spec: { type: "array", items: text, uniqueItems: true },
    errors: [
      "~.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity " +
        "becomes quadratic",
    ],
  },
  {
    name: "additionalProperties beside properties",
    spec: { type: "object", properties: { a: text }, additionalProperties: text },
    errors: [
      "~.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive",
    ],
  },
  {
    name: "references, definitions and dependencies",
    spec: { type: "object", $ref: "#/x", definitions: { a: text }, dependencies: { a: ["b"] } },
    errors: [
      "~.definitions: Forbidden: definitions is not supported",
      "~.dependencies: Forbidden: dependencies is not supported",
      "~.$ref: Forbidden: $ref is not supported",
    ],
  },
  {
    name: "a list of items",
    spec: { type: "array", items: [text] },
    errors: ["~.items: Forbidden: items must be a schema object and not an array"],
  },
  {
    name: "types there are not",
    spec: { type: "object", properties: { a: { type: "int" } } },
    errors: [
      '~.properties[a].type: Unsupported value: "int": supported values: ' +
        '"array", "boolean", "integer", "number", "object", "string"',
    ],
  },
  {
    name: "preserving unknown fields, denied",
    spec: { type: "object", "x-kubernetes-preserve-unknown-fields": false },
    errors: [
      "~.x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined",
    ],
  },
  {
    name: "a map list without keys",
    spec: { type: "array", items: { type: "object" }, "x-kubernetes-list-type": "map" },
    errors: [
      "~.x-kubernetes-list-map-keys: Required value: must not be empty if " +
        "x-kubernetes-list-type is map",
    ],
  },
  {
    name: "keys that need not be there, and keys that are not there",
    spec: {
      type: "array",
      items: { type: "object", properties: { a: text } },
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["a", "b", "a"],
    },
    errors: [
      '~.x-kubernetes-list-map-keys: Invalid value: ["a","b","a"]: ' +
        "entries must all be names of item properties",
      '~.x-kubernetes-list-map-keys: Invalid value: ["a","b","a"]: ' +
        "must not contain duplicate entries",
      "~.items.properties[a].default: Required value: this property is in " +
        "x-kubernetes-list-map-keys, so it must have a default or be a required property",
      "~.items.properties[a].default: Required value: this property is in " +
        "x-kubernetes-list-map-keys, so it must have a default or be a required property",
    ],
  },
  {
    name: "a set of objects that are changed part by part",
    spec: {
      type: "array",
      items: { type: "object", properties: { a: text } },
      "x-kubernetes-list-type": "set",
    },
    errors: [
      "~.items.x-kubernetes-map-type: Invalid value: null: " +
        "must be atomic as item of a list with x-kubernetes-list-type=set",
    ],
  },
  {
    name: "a set of values that can be null",
    spec: {
      type: "array",
      items: { type: "string", nullable: true },
      "x-kubernetes-list-type": "set",
    },
    errors: ["~.items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set"],
  },
  {
    name: "list and map types there are not",
    spec: {
      type: "object",
      "x-kubernetes-map-type": "loose",
      properties: { a: { type: "array", items: text, "x-kubernetes-list-type": "bag" } },
    },
    errors: [
      '~.properties[a].x-kubernetes-list-type: Unsupported value: "bag": ' +
        'supported values: "atomic", "set", "map"',
      '~.x-kubernetes-map-type: Unsupported value: "loose": ' +
        'supported values: "atomic", "granular"',
    ],
  },
];

const RULE_TEXTS: readonly Case[] = [
  {
    name: "a rule that is empty, and one of two lines without a message",
    spec: {
      type: "string",
      "x-kubernetes-validations": [{ rule: " " }, { rule: "true\n&& true" }],
    },
    errors: [
      "~.x-kubernetes-validations[0].rule: Required value: rule is not specified",
      "~.x-kubernetes-validations[1].message: Required value: " +
        "message must be specified if rule contains line breaks",
    ],
  },
  {
    name: "a reason there is not, and a path that leads nowhere",
    spec: {
      type: "object",
      properties: { a: text },
      "x-kubernetes-validations": [{ rule: "true", reason: "Because", fieldPath: ".b" }],
    },
    errors: [
      '~.x-kubernetes-validations[0].reason: Unsupported value: "Because": supported values: ' +
        '"FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
      '~.x-kubernetes-validations[0].fieldPath: Invalid value: ".b": must be a valid path',
    ],
  },
];

const DEFAULTS: readonly Case[] = [
  {
    name: "a default of another type",
    spec: { type: "object", properties: { a: { type: "integer", default: "two" } } },
    errors: [
      '~.properties[a].default: Invalid value: "string":  in body must be of type integer: ' +
        '"string"',
    ],
  },
  {
    name: "a default that would be pruned",
    spec: { type: "object", properties: { a: text }, default: { a: "x", b: 1 } },
    errors: ['~.default: Invalid value: {"a":"x","b":1}: must not have unknown fields'],
  },
  {
    name: "a default that lacks what is required",
    spec: { type: "object", properties: { a: text }, required: ["a"], default: {} },
    errors: ["~.default.a: Required value"],
  },
  {
    name: "a default that is fine",
    spec: { type: "object", properties: { a: { type: "integer", default: 1, minimum: 1 } } },
    errors: [],
  },
];

for (const [group, cases] of Object.entries({ STRUCTURE, MEMBERS, RULE_TEXTS, DEFAULTS })) {
  for (const { name, spec, errors } of cases) {
    test(`schema of a definition (${group.toLowerCase()}): ${name}`, () => {
      expect(checkSpec(spec)).toEqual(errors);
    });
  }
}

test("schema of a definition: metadata can only be restricted in its names", () => {
  const metadata = { type: "object", properties: { name: { type: "string", maxLength: 5 } } };
  const check = (properties: unknown): readonly string[] =>
    lines(checkOpenApiSchema({ type: "object", properties }, OPTIONS));
  expect(check({ metadata, kind: text, apiVersion: text })).toEqual([]);
  expect(
    check({ metadata: { ...metadata, required: ["name"] }, kind: { type: "object" } }),
  ).toEqual([
    `${ROOT}.properties[kind].type: Invalid value: "object": must be string`,
    `${ROOT}.properties[metadata]: Forbidden: must not specify anything other than name and ` +
      "generateName, but metadata is implicitly specified",
  ]);
  const named = { type: "object", properties: { name: { type: "string", default: "x" } } };
  expect(check({ metadata: named })).toEqual([
    `${ROOT}.properties[metadata].properties[name].default: Forbidden: ` +
      "must not be set in top-level metadata",
  ]);
});

test("schema of a definition: the root has a type, and with status says little more", () => {
  const check = (schema: unknown, hasStatus: boolean): readonly string[] =>
    lines(checkOpenApiSchema(schema, { ...OPTIONS, hasStatus }));
  expect(check({}, false)).toEqual([`${ROOT}.type: Required value: must not be empty at the root`]);
  expect(check({ type: "array", items: text }, true)).toEqual([
    `${ROOT}.type: Invalid value: "array": only "object" is allowed as the type at the root of ` +
      "the schema if the status subresource is enabled",
    `${ROOT}.type: Invalid value: "array": must be object at the root`,
  ]);
  expect(check({ type: "object", nullable: true, additionalProperties: text }, false)).toEqual([
    `${ROOT}.nullable: Forbidden: nullable cannot be true at the root`,
    `${ROOT}.additionalProperties: Forbidden: must not be used at the root`,
  ]);
  const [line = ""] = check({ type: "object", minProperties: 1 }, true);
  expect(line).toContain('Invalid value: {"ID":"","Schema":"","Ref":null,"Description":""');
  expect(line).toContain(": only [Description Type Format Title Maximum");
});

test("schema of a definition: what was wrong before is not demanded of an update", () => {
  const spec = {
    type: "array",
    items: { type: "object", properties: { a: text } },
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["a"],
  };
  expect(checkSpec(spec)).toHaveLength(1);
  expect(checkSpec(spec, { oldSchemas: [aSchema(spec)] })).toEqual([]);
});

test("schema of a definition: nonsense and depth are errors, never exceptions", () => {
  let deep: unknown = text;
  for (let depth = 0; depth < 5_000; depth += 1) deep = { type: "array", items: deep };
  expect(lines(checkOpenApiSchema(deep, OPTIONS))).toEqual([
    `${ROOT}: Forbidden: must not be nested deeper than 200`,
  ]);
  const nonsense: unknown = JSON.parse(
    '{"type":5,"properties":{"__proto__":[],"a":null},"required":{},"anyOf":7,"items":"x"}',
  );
  expect(checkOpenApiSchema(nonsense, OPTIONS).length).toBeGreaterThan(0);
  expect(checkOpenApiSchema("x", OPTIONS)).toEqual([]);
});
