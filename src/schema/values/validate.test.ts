import fc from "fast-check";
import { expect, test } from "vitest";
import { isFields, type Fields } from "../../machinery/object.ts";
import { fieldErrorText } from "../../machinery/status.ts";
import { compileCustomResourceSchema } from "../compile.ts";
import { anySchema } from "../testing/any-schema.ts";
import type { ValidationRequest } from "../custom-resource-schema.ts";
import { validateCustomResource } from "./validate.ts";

const TOO_BROKEN_FOR_RULES =
  "<nil>: Invalid value: null: some validation rules were not checked because the object was " +
  "invalid; correct the existing errors to complete validation";

const text = { type: "string" };

/** Errors of an object whose `spec` has the given schema. */
function check(
  spec: unknown,
  value: unknown,
  more: Partial<ValidationRequest> = {},
): readonly string[] {
  return checkAll({ type: "object", properties: { spec } }, { spec: value }, more);
}

function checkAll(
  schema: unknown,
  value: Fields,
  more: Partial<ValidationRequest> = {},
): readonly string[] {
  const errors = validateCustomResource({ value, ...more }, compileCustomResourceSchema(schema));
  return errors.map((error) => `${error.field}: ${fieldErrorText(error)}`);
}

type Case = {
  readonly schema: unknown;
  readonly value: unknown;
  readonly errors: readonly string[];
};

const SCALARS: readonly Case[] = [
  {
    schema: { type: "integer" },
    value: "x",
    errors: ['spec: Invalid value: "string": spec in body must be of type integer: "string"'],
  },
  {
    schema: { type: "integer" },
    value: 1.5,
    errors: [
      'spec: Invalid value: "number": spec in body must be of type integer: "number"',
      '<nil>: Invalid value: "": Checked value must be of type integer (default format) in spec',
    ],
  },
  { schema: { type: "number" }, value: 3, errors: [] },
  {
    schema: { type: "integer", format: "int32" },
    value: 2 ** 31,
    errors: [
      '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec',
    ],
  },
  {
    schema: { type: "string" },
    value: null,
    errors: ['spec: Invalid value: "null": spec in body must be of type string: "null"'],
  },
  { schema: { type: "string", nullable: true }, value: null, errors: [] },
  {
    schema: { "x-kubernetes-int-or-string": true },
    value: true,
    errors: [
      'spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean"',
    ],
  },
  {
    schema: { type: "integer", minimum: 1, maximum: 10 },
    value: 0,
    errors: ["spec: Invalid value: 0: spec in body should be greater than or equal to 1"],
  },
  {
    schema: { type: "integer", maximum: 10, exclusiveMaximum: true },
    value: 10,
    errors: ["spec: Invalid value: 10: spec in body should be less than 10"],
  },
  {
    schema: { type: "number", minimum: 0.5, exclusiveMinimum: true },
    value: 0.25,
    errors: ["spec: Invalid value: 0.25: spec in body should be greater than 0.5"],
  },
  {
    schema: { type: "integer", multipleOf: 5 },
    value: 7,
    errors: ["spec: Invalid value: 7: spec in body should be a multiple of 5"],
  },
  { schema: { type: "number", multipleOf: 0.1 }, value: 0.3, errors: [] },
  {
    schema: { type: "string", maxLength: 2 },
    value: "a🙂b",
    errors: ["spec: Too long: may not be more than 2 bytes"],
  },
  { schema: { type: "string", maxLength: 3, minLength: 3 }, value: "a🙂b", errors: [] },
  {
    schema: { type: "string", minLength: 3 },
    value: "ab",
    errors: ['spec: Invalid value: "ab": spec in body should be at least 3 chars long'],
  },
  {
    schema: { type: "string", pattern: "^[a-z]+$" },
    value: "UPPER",
    errors: [`spec: Invalid value: "UPPER": spec in body should match '^[a-z]+$'`],
  },
  {
    schema: { type: "string", format: "date" },
    value: "yesterday",
    errors: ['spec: Invalid value: "yesterday": spec in body must be of type date: "yesterday"'],
  },
  { schema: { type: "string", format: "nobody-knows" }, value: "anything", errors: [] },
  {
    schema: { type: "string", enum: ["gold", "silver"] },
    value: "bronze",
    errors: ['spec: Unsupported value: "bronze": supported values: "gold", "silver"'],
  },
  {
    schema: { type: "integer", enum: [1, 2] },
    value: 3,
    errors: ['spec: Unsupported value: 3: supported values: "1", "2"'],
  },
];

const STRUCTURES: readonly Case[] = [
  {
    schema: { type: "object", properties: { a: text }, required: ["a", "b"] },
    value: {},
    errors: ["spec.a: Required value", "spec.b: Required value"],
  },
  {
    schema: { type: "object", additionalProperties: text, maxProperties: 1 },
    value: { a: "x", b: 1 },
    errors: [
      "spec: Too many: 2: must have at most 1 items",
      'spec.b: Invalid value: "integer": spec.b in body must be of type string: "integer"',
    ],
  },
  {
    schema: { type: "object", additionalProperties: text, minProperties: 1 },
    value: {},
    errors: ["spec: Invalid value: 0: spec in body should have at least 1 properties"],
  },
  {
    schema: { type: "array", items: text, minItems: 2 },
    value: [1],
    errors: [
      'spec[0]: Invalid value: "integer": spec[0] in body must be of type string: "integer"',
      "spec: Invalid value: 1: spec in body should have at least 2 items",
    ],
  },
  {
    schema: { type: "array", items: text, maxItems: 1 },
    value: ["a", "b"],
    errors: ["spec: Too many: 2: must have at most 1 items"],
  },
  {
    schema: { type: "array", items: text, "x-kubernetes-list-type": "set" },
    value: ["a", "b", "a", "a"],
    errors: ['spec[2]: Duplicate value: "a"'],
  },
  {
    schema: {
      type: "array",
      items: { type: "object", properties: { p: { type: "integer" }, n: text, q: text } },
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["p", "n"],
    },
    value: [{ p: 1, n: "a", q: "x" }, { p: 1 }, { n: "a", p: 1, q: "y" }],
    errors: ['spec[2]: Duplicate value: {"n":"a","p":1}'],
  },
];

const ALTERNATIVES: readonly Case[] = [
  {
    schema: {
      type: "object",
      properties: { a: text, b: text },
      oneOf: [{ required: ["a"] }, { required: ["b"] }],
    },
    value: {},
    errors: [
      '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). ' +
        "Found none valid",
      "spec.a: Required value",
    ],
  },
  {
    schema: {
      type: "object",
      properties: { a: text, b: text },
      oneOf: [{ required: ["a"] }, { required: ["b"] }],
    },
    value: { a: "", b: "" },
    errors: [
      '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). ' +
        "Found 2 valid alternatives",
    ],
  },
  {
    schema: { type: "integer", anyOf: [{ minimum: 5 }, { enum: [1] }] },
    value: 3,
    errors: [
      '<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)',
      "spec: Invalid value: 3: spec in body should be greater than or equal to 5",
    ],
  },
  {
    schema: { type: "integer", allOf: [{ minimum: 5 }, { maximum: 9 }] },
    value: 3,
    errors: [
      "spec: Invalid value: 3: spec in body should be greater than or equal to 5",
      '<nil>: Invalid value: "": "spec" must validate all the schemas (allOf)',
    ],
  },
  {
    schema: { type: "integer", not: { minimum: 5 } },
    value: 7,
    errors: ['<nil>: Invalid value: "": "spec" must not validate the schema (not)'],
  },
];

for (const [group, cases] of Object.entries({ SCALARS, STRUCTURES, ALTERNATIVES })) {
  for (const { schema, value, errors } of cases) {
    const given = `${JSON.stringify(value)} for ${JSON.stringify(schema)}`.slice(0, 70);
    test(`validation (${group.toLowerCase()}): ${given}`, () => {
      expect(check(schema, value)).toEqual(errors);
    });
  }
}

const SITE = {
  type: "object",
  required: ["replicas"],
  properties: {
    replicas: { type: "integer", minimum: 1, maximum: 10, default: 2 },
    tier: { type: "string", enum: ["gold", "silver"] },
    host: { type: "string", pattern: "^[a-z]+$", maxLength: 10 },
    tags: { type: "array", "x-kubernetes-list-type": "set", items: text },
  },
  "x-kubernetes-validations": [{ rule: "self.replicas % 2 == 0 || self.tier == 'gold'" }],
};
const SCALE = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" };

test("validation: errors come in upstream's order, and rules wait for sound objects", () => {
  const value = { replicas: 2, tier: "bronze", host: "UPPER", tags: ["a", "a"] };
  expect(check(SITE, value)).toEqual([
    `spec.host: Invalid value: "UPPER": spec.host in body should match '^[a-z]+$'`,
    'spec.tier: Unsupported value: "bronze": supported values: "gold", "silver"',
    'spec.tags[1]: Duplicate value: "a"',
    TOO_BROKEN_FOR_RULES,
  ]);
});

test("validation: fields of scale are checked after the schema", () => {
  expect(check(SITE, { replicas: "x" }, { scale: SCALE })).toEqual([
    'spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: ' +
      '"string"',
    ".spec.replicas: Invalid value: 0: .spec.replicas accessor error: x is of the type string, " +
      "expected int64",
    TOO_BROKEN_FOR_RULES,
  ]);
  const any = { "x-kubernetes-preserve-unknown-fields": true };
  expect(check(any, { replicas: -1 }, { scale: SCALE })).toEqual([
    ".spec.replicas: Invalid value: -1: should be a non-negative integer",
  ]);
  expect(check(any, 5, { scale: SCALE })).toEqual([
    ".spec.replicas: Invalid value: 0: .spec.replicas accessor error: 5 is of the type int64, " +
      "expected map[string]interface{}",
  ]);
});

test("validation: on an update, what was wrong before is forgiven where it did not change", () => {
  const spec = {
    type: "object",
    properties: {
      a: { type: "string", enum: ["x"] },
      list: { type: "array", items: { type: "string", enum: ["x"] } },
      map: {
        type: "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["k"],
        items: { type: "object", properties: { k: text, v: { type: "string", maxLength: 1 } } },
      },
    },
  };
  const old = { spec: { a: "y", list: ["y"], map: [{ k: "a", v: "long" }] } };
  const unsupported = 'Unsupported value: "y": supported values: "x"';
  expect(check(spec, old.spec)).toHaveLength(3);
  expect(check(spec, old.spec, { old })).toEqual([]);
  expect(check(spec, { ...old.spec, list: ["y", "x"] }, { old })).toEqual([
    `spec.list[0]: ${unsupported}`,
  ]);
  const moved = [
    { k: "b", v: "new one" },
    { k: "a", v: "long" },
  ];
  expect(check(spec, { ...old.spec, map: moved }, { old })).toEqual([
    "spec.map[0].v: Too long: may not be more than 1 bytes",
  ]);
});

test("validation: of a write of the status, only the status is held against the schema", () => {
  const schema = {
    type: "object",
    properties: {
      spec: { type: "integer" },
      status: { type: "object", properties: { n: { type: "integer" } } },
    },
  };
  const value = { spec: "x", status: { n: "y" } };
  const old = { spec: "x", status: { n: "z" } };
  expect(checkAll(schema, value, { old, subresource: "status", scale: SCALE })).toEqual([
    'status.n: Invalid value: "string": n in body must be of type integer: "string"',
  ]);
  expect(checkAll(schema, value, { old: value, subresource: "status" })).toEqual([]);
});

test("validation: duplicates are forgiven if there were some before", () => {
  const set = { type: "array", items: text, "x-kubernetes-list-type": "set" };
  expect(check(set, ["a", "a", "b"], { old: { spec: ["c", "c"] } })).toEqual([]);
  expect(check(set, ["a", "a"], { old: { spec: ["c"] } })).toHaveLength(1);
});

test("validation: embedded resources have an apiVersion, a kind and sound metadata", () => {
  const spec = {
    type: "object",
    "x-kubernetes-embedded-resource": true,
    "x-kubernetes-preserve-unknown-fields": true,
  };
  const checked: unknown[] = [];
  const checkMetadata: ValidationRequest["checkMetadata"] = (metadata, field) => {
    checked.push([metadata, field]);
    return [];
  };
  expect(check(spec, { kind: "No Kind", metadata: { labels: {} } }, { checkMetadata })).toEqual([
    "spec.apiVersion: Required value",
    expect.stringContaining(
      'spec.kind: Invalid value: "No Kind": may have mixed case, but should otherwise match: ' +
        "a DNS-1035 label must consist of",
    ),
  ]);
  expect(checked).toEqual([[{ labels: {}, name: "fakename" }, "spec.metadata"]]);
  expect(check(spec, { apiVersion: "a/b/c", kind: "X" })).toEqual([
    'spec.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
  ]);
});

test("validation: huge enums and objects are judged in time, errors are bounded", () => {
  const values = Array.from({ length: 50_000 }, (_, index) => `value-${index}`);
  const spec = { type: "array", items: { type: "string", enum: values } };
  const start = performance.now();
  expect(check(spec, values)).toEqual([]);
  expect(performance.now() - start).toBeLessThan(2_000);
  const many = Array.from({ length: 5_000 }, () => 1);
  expect(check({ type: "array", items: text }, many)).toHaveLength(1_000);
});

test("validation: never throws, whatever the schema and the object are", () => {
  fc.assert(
    fc.property(anySchema(3), fc.jsonValue(), fc.jsonValue(), (spec, value, old) => {
      const schema = compileCustomResourceSchema({ type: "object", properties: { spec } });
      const errors = validateCustomResource({ value: { spec: value }, old: { spec: old } }, schema);
      for (const error of errors) expect(fieldErrorText(error)).not.toBe("");
      expect(validateCustomResource({ value: isFields(value) ? value : {} }, schema)).toBeDefined();
    }),
    { numRuns: 300 },
  );
});
