import fc from "fast-check";
import { expect, test } from "vitest";
import { compileCustomResourceSchema } from "../compile.ts";
import type { DecodedCustomResource } from "../custom-resource-schema.ts";
import type { Fields } from "../../machinery/object.ts";
import type { StructuralSchema } from "../structural-schema.ts";
import { anyFields, anySchema } from "../testing/any-schema.ts";
import { decodeCustomResource, type MalformedMetadata } from "./decode.ts";
import { defaultCustomResource } from "./default.ts";
import { prune } from "./prune.ts";

const OBJECT_META: StructuralSchema = {
  type: "object",
  typeName: "ObjectMeta",
  properties: {
    name: { type: "string" },
    labels: { type: "object", additionalProperties: { type: "string" } },
  },
};

const text = { type: "string" };
const PRESERVE = { "x-kubernetes-preserve-unknown-fields": true };
const EMBEDDED = { type: "object", "x-kubernetes-embedded-resource": true, ...PRESERVE };

function decode(
  properties: unknown,
  value: Fields,
  malformed?: MalformedMetadata,
): DecodedCustomResource {
  const schema = compileCustomResourceSchema({ type: "object", properties });
  return decodeCustomResource(value, schema, OBJECT_META, malformed);
}

test("pruning: unknown fields are dropped and named, sorted, the root's own are kept", () => {
  const properties = {
    spec: {
      type: "object",
      properties: {
        list: { type: "array", items: { type: "object", properties: { a: text } } },
        map: { type: "object", additionalProperties: { type: "object", properties: { a: text } } },
      },
    },
  };
  const value = {
    apiVersion: "a/v1",
    kind: "A",
    metadata: { name: "x" },
    zoo: 1,
    spec: { list: [{ a: "x" }, { b: 1 }], map: { k: { c: 1 } }, junk: {} },
  };
  expect(decode(properties, value)).toEqual({
    kind: "decoded",
    value: {
      apiVersion: "a/v1",
      kind: "A",
      metadata: { name: "x" },
      spec: { list: [{ a: "x" }, {}], map: { k: {} } },
    },
    unknown: ["spec.junk", "spec.list[1].b", "spec.map.k.c", "zoo"],
  });
});

test("pruning: preserved fields are kept, but fields known below them are looked into", () => {
  const properties = {
    spec: {
      type: "object",
      ...PRESERVE,
      properties: { known: { type: "object", properties: { a: text } } },
    },
    open: { type: "object", additionalProperties: true },
  };
  const value = {
    spec: { any: { x: [1] }, known: { a: "x", b: 1 } },
    open: { number: 1, object: { dropped: 1 } },
  };
  expect(decode(properties, value)).toEqual({
    kind: "decoded",
    value: { spec: { any: { x: [1] }, known: { a: "x" } }, open: { number: 1, object: {} } },
    unknown: ["open.object.dropped", "spec.known.b"],
  });
});

test("pruning: keys of prototypes are fields like others", () => {
  const value: Fields = JSON.parse('{"__proto__":{"a":1},"constructor":2,"m":{"__proto__":"x"}}');
  const decoded = decode({ m: { type: "object", additionalProperties: text } }, value);
  expect(JSON.stringify(decoded)).toBe(
    '{"kind":"decoded","value":{"m":{"__proto__":"x"}},"unknown":["__proto__","constructor"]}',
  );
});

test("metadata: unknown fields are dropped first, malformed ones refused or mended", () => {
  const value = { metadata: { name: "x", foo: 1, labels: {} }, junk: 1 };
  expect(decode({}, value)).toEqual({
    kind: "decoded",
    value: { metadata: { name: "x" } },
    unknown: ["metadata.foo", "junk"],
  });
  const malformed = { metadata: { name: "x", labels: { a: 1 } } };
  expect(decode({}, malformed)).toEqual({
    kind: "refused",
    problem: "json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string",
  });
  expect(decode({}, malformed, "drop")).toEqual({
    kind: "decoded",
    value: { metadata: { name: "x" } },
    unknown: [],
  });
});

test("metadata: that of embedded resources is read as metadata, too", () => {
  const properties = { spec: { type: "object", properties: { template: EMBEDDED } } };
  const template = { apiVersion: "v1", kind: "Pod", metadata: { name: "x", foo: 1 }, spec: {} };
  expect(decode(properties, { spec: { template } })).toEqual({
    kind: "decoded",
    value: { spec: { template: { ...template, metadata: { name: "x" } } } },
    unknown: ["spec.template.metadata.foo"],
  });
  expect(decode(properties, { spec: { template: { kind: 5 } } })).toEqual({
    kind: "refused",
    problem: "spec.template.kind: Invalid value: 5: must be a string",
  });
  expect(decode(properties, { spec: { template: { metadata: { name: 5 } } } })).toEqual({
    kind: "refused",
    problem:
      'spec.template.metadata: Invalid value: {"name":5}: ' +
      "json: cannot unmarshal number into Go struct field ObjectMeta.name of type string",
  });
});

type Defaulting = {
  readonly name: string;
  readonly spec: unknown;
  readonly value: unknown;
  readonly next: unknown;
};

const counted = { type: "object", properties: { n: { type: "integer", default: 1 } } };

const DEFAULTING: readonly Defaulting[] = [
  { name: "an absent field", spec: counted, value: {}, next: { n: 1 } },
  { name: "a field that is there", spec: counted, value: { n: 0 }, next: { n: 0 } },
  { name: "a null that cannot be", spec: counted, value: { n: null }, next: { n: 1 } },
  {
    name: "a null that can be",
    spec: { type: "object", properties: { n: { ...text, nullable: true, default: "x" } } },
    value: { n: null },
    next: { n: null },
  },
  {
    name: "a null without a default",
    spec: { type: "object", properties: { n: text } },
    value: { n: null },
    next: {},
  },
  {
    name: "items of lists and values of maps",
    spec: {
      type: "object",
      properties: {
        list: { type: "array", items: counted },
        map: { type: "object", additionalProperties: counted },
      },
    },
    value: { list: [{}, null], map: { a: {}, b: null } },
    next: { list: [{ n: 1 }, null], map: { a: { n: 1 } } },
  },
  {
    name: "a default with defaults inside",
    spec: { type: "object", properties: { inner: { ...counted, default: {} } } },
    value: {},
    next: { inner: { n: 1 } },
  },
];

for (const { name, spec, value, next } of DEFAULTING) {
  test(`defaulting: ${name}`, () => {
    const schema = compileCustomResourceSchema({ type: "object", properties: { spec } });
    expect(defaultCustomResource({ spec: value }, schema)).toEqual({ spec: next });
  });
}

test("defaulting: an object that lacks nothing is the very same afterwards", () => {
  const schema = compileCustomResourceSchema({ type: "object", properties: { spec: counted } });
  const value = { spec: { n: 5 } };
  expect(defaultCustomResource(value, schema)).toBe(value);
  expect(prune(value, schema.root, "resource").value).toBe(value);
});

test("pruning and defaulting: what was defaulted has nothing that would be pruned", () => {
  const scalar = fc.oneof(fc.integer(), fc.string(), fc.boolean());
  fc.assert(
    fc.property(anySchema(3, scalar), anyFields(), (props, value) => {
      const schema = compileCustomResourceSchema(props);
      const decoded = decodeCustomResource(value, schema, OBJECT_META, "drop");
      fc.pre(decoded.kind === "decoded");
      const defaulted = defaultCustomResource(decoded.value, schema);
      expect(prune(defaulted, schema.root, "resource")).toEqual({ value: defaulted, unknown: [] });
    }),
    { numRuns: 300 },
  );
});

test("pruning and defaulting: twice is once", () => {
  fc.assert(
    fc.property(anySchema(3), anyFields(), (props, value) => {
      const schema = compileCustomResourceSchema(props);
      const pruned = prune(value, schema.root, "resource");
      const again = prune(pruned.value, schema.root, "resource");
      expect(again).toEqual({ value: pruned.value, unknown: [] });
      const defaulted = defaultCustomResource(value, schema);
      expect(defaultCustomResource(defaulted, schema)).toEqual(defaulted);
    }),
    { numRuns: 300 },
  );
});
