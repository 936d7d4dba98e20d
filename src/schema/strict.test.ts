import { expect, test } from "vitest";
import { checkFields } from "./strict.ts";
import type { StructuralSchema } from "./structural-schema.ts";

const text: StructuralSchema = { type: "string" };

const part: StructuralSchema = {
  type: "object",
  typeName: "Part",
  properties: {
    name: text,
    port: { type: "integer", format: "int32" },
    limits: { type: "object", additionalProperties: { type: "string", format: "quantity" } },
  },
};

const SCHEMA: StructuralSchema = {
  type: "object",
  typeName: "Thing",
  properties: {
    metadata: {
      type: "object",
      typeName: "ObjectMeta",
      properties: {
        name: text,
        creationTimestamp: { type: "string", format: "date-time" },
        labels: { type: "object", additionalProperties: text },
      },
    },
    data: { type: "object", additionalProperties: text },
    secret: { type: "object", additionalProperties: { type: "string", format: "byte" } },
    spec: {
      type: "object",
      typeName: "ThingSpec",
      properties: {
        replicas: { type: "integer", format: "int32" },
        generation: { type: "integer", format: "int64" },
        ratio: { type: "number", format: "double" },
        paused: { type: "boolean" },
        surge: { type: "any", format: "int-or-string" },
        renewed: { type: "string", format: "micro-time" },
        parts: { type: "array", items: () => part },
        raw: { type: "object", keepsUnknown: true },
        any: { type: "any", keepsUnknown: true },
      },
    },
  },
};

test("strict decoding: a value that fits comes back as it is", () => {
  const value = {
    metadata: { name: "x", creationTimestamp: "2026-11-22T23:54:02Z", labels: { a: "b" } },
    data: { "any key": "" },
    secret: { a: "YQ==", b: "", c: "YWJj\nZGVm" },
    spec: {
      replicas: 3,
      generation: -5,
      ratio: 0.5,
      paused: false,
      surge: "25%",
      renewed: "2026-11-22T23:54:02.123456Z",
      parts: [{ name: "a", port: 80, limits: { cpu: "100m", memory: 1 } }],
      raw: { deep: [{ unknown: null }] },
      any: [1, "x"],
    },
  };
  expect(checkFields(value, SCHEMA)).toEqual({ unknown: [], typeProblems: [], value });
});

test("strict decoding: unknown fields are named in order, and dropped", () => {
  const value = {
    metadata: { name: "x", zip: 2 },
    foo: 1,
    spec: { parts: [{ name: "a" }, { name: "b", foo: {}, Port: 1 }], raw: { foo: 1 } },
    data: { foo: "kept" },
  };
  expect(checkFields(value, SCHEMA)).toEqual({
    unknown: ["metadata.zip", "foo", "spec.parts[1].foo", "spec.parts[1].Port"],
    typeProblems: [],
    value: {
      metadata: { name: "x" },
      spec: { parts: [{ name: "a" }, { name: "b" }], raw: { foo: 1 } },
      data: { foo: "kept" },
    },
  });
});

test("strict decoding: null is absent, but keeps its place in lists and maps", () => {
  const value = { metadata: null, data: { a: null }, spec: { parts: [null], replicas: null } };
  expect(checkFields(value, SCHEMA)).toEqual({
    unknown: [],
    typeProblems: [],
    value: { data: { a: null }, spec: { parts: [null] } },
  });
});

const QUANTITY =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

for (const { value, problem } of [
  {
    value: { metadata: { name: true } },
    problem: "bool into Go struct field ObjectMeta.metadata.name of type string",
  },
  { value: { data: { x: 1 } }, problem: "number into Go struct field Thing.data of type string" },
  {
    value: { data: ["x"] },
    problem: "array into Go struct field Thing.data of type map[string]string",
  },
  {
    value: { metadata: "x" },
    problem: "string into Go struct field Thing.metadata of type v1.ObjectMeta",
  },
  {
    value: { spec: { replicas: "3" } },
    problem: "string into Go struct field ThingSpec.spec.replicas of type int32",
  },
  {
    value: { spec: { replicas: 1.5 } },
    problem: "number 1.5 into Go struct field ThingSpec.spec.replicas of type int32",
  },
  {
    value: { spec: { replicas: 2 ** 31 } },
    problem: "number 2147483648 into Go struct field ThingSpec.spec.replicas of type int32",
  },
  {
    value: { spec: { generation: {} } },
    problem: "object into Go struct field ThingSpec.spec.generation of type int64",
  },
  {
    value: { spec: { ratio: "1" } },
    problem: "string into Go struct field ThingSpec.spec.ratio of type float64",
  },
  {
    value: { spec: { paused: 1 } },
    problem: "number into Go struct field ThingSpec.spec.paused of type bool",
  },
  {
    value: { spec: { surge: true } },
    problem: "bool into Go struct field ThingSpec.spec.surge of type int32",
  },
  {
    value: { spec: { parts: {} } },
    problem: "object into Go struct field ThingSpec.spec.parts of type []v1.Part",
  },
  {
    value: { spec: { parts: [{ port: "80" }] } },
    problem: "string into Go struct field Part.spec.parts.port of type int32",
  },
  {
    value: { spec: { renewed: 1 } },
    problem: "number into Go struct field ThingSpec.spec.renewed of type string",
  },
  {
    value: { secret: { a: 1 } },
    problem: "number into Go struct field Thing.secret of type []uint8",
  },
  { value: "x", problem: "string into Go value of type v1.Thing" },
]) {
  test(`strict decoding: ${JSON.stringify(value)} has a wrong type`, () => {
    expect(checkFields(value, SCHEMA).typeProblems).toEqual([`json: cannot unmarshal ${problem}`]);
  });
}

for (const { value, problem } of [
  { value: { secret: { a: "not base64!" } }, problem: "illegal base64 data at input byte 3" },
  { value: { secret: { a: "YQ" } }, problem: "illegal base64 data at input byte 0" },
  { value: { secret: { a: "YQ=" } }, problem: "illegal base64 data at input byte 3" },
  { value: { secret: { a: "=" } }, problem: "illegal base64 data at input byte 0" },
  { value: { secret: { a: "YQ==YQ==" } }, problem: "illegal base64 data at input byte 4" },
  { value: { spec: { parts: [{ limits: { cpu: "lots" } }] } }, problem: QUANTITY },
  { value: { spec: { parts: [{ limits: { cpu: {} } }] } }, problem: QUANTITY },
  {
    value: { metadata: { creationTimestamp: "yesterday" } },
    problem:
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
  },
  {
    value: { metadata: { creationTimestamp: "2026-11-22 10:00:00Z" } },
    problem:
      'parsing time "2026-11-22 10:00:00Z" as "2006-01-02T15:04:05Z07:00": ' +
      'cannot parse " 10:00:00Z" as "T"',
  },
  {
    value: { metadata: { creationTimestamp: "2026-02-29T10:00:00Z" } },
    problem: 'parsing time "2026-02-29T10:00:00Z": day out of range',
  },
]) {
  test(`strict decoding: ${JSON.stringify(value)} is malformed`, () => {
    expect(checkFields(value, SCHEMA).typeProblems).toEqual([problem]);
  });
}

test("strict decoding: what stops Go's decoder comes before what does not", () => {
  const value = { data: { x: 1 }, secret: { a: "!" }, spec: { replicas: "3" } };
  expect(checkFields(value, SCHEMA).typeProblems.map((problem) => problem.slice(0, 30))).toEqual([
    "illegal base64 data at input b",
    "json: cannot unmarshal number ",
    "json: cannot unmarshal string ",
  ]);
});

test("strict decoding: keys of prototypes are unknown fields or ordinary keys", () => {
  const value: unknown = JSON.parse(
    '{"__proto__":{},"constructor":1,"data":{"__proto__":"x","toString":"y"}}',
  );
  const report = checkFields(value, SCHEMA);
  expect(report.unknown).toEqual(["__proto__", "constructor"]);
  expect(JSON.stringify(report.value)).toBe('{"data":{"__proto__":"x","toString":"y"}}');
  expect(Object.getPrototypeOf(report.value)).toBe(Object.prototype);
});

test("strict decoding: reports are bounded, and so is depth", () => {
  const junk = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`junk${n}`, n]));
  const data = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`k${n}`, n]));
  const report = checkFields({ ...junk, data }, SCHEMA);
  expect([report.unknown.length, report.typeProblems.length]).toEqual([100, 100]);

  let deep: unknown = {};
  for (let depth = 0; depth < 50_000; depth += 1) deep = [deep];
  expect(checkFields({ spec: { any: deep } }, SCHEMA).typeProblems).toEqual([
    "exceeded max depth of 100",
  ]);
});

test("strict decoding: base64 is judged in linear time", () => {
  const report = checkFields({ secret: { a: `${"\n".repeat(1_000_000)}!` } }, SCHEMA);
  expect(report.typeProblems).toEqual(["illegal base64 data at input byte 1000000"]);
});

test("numbers: an integer that is spelled as none is refused as it was spelled", () => {
  const value = { spec: { replicas: 1000, ratio: 1, surge: 1 } };
  const spellings = new Map([
    ["spec.replicas", "1e3"],
    ["spec.ratio", "1.0"],
    ["spec.surge", "2.0"], // another number than the one that was kept
  ]);
  expect(checkFields(value, SCHEMA, spellings).typeProblems).toEqual([
    "json: cannot unmarshal number 1e3 into Go struct field ThingSpec.spec.replicas of type int32",
  ]);
});

test("numbers: an amount keeps its spelling", () => {
  const schema: StructuralSchema = {
    type: "object",
    properties: { cpu: { type: "string", format: "quantity" } },
  };
  const { value } = checkFields({ cpu: 1000 }, schema, new Map([["cpu", "1e3"]]));
  expect(value).toEqual({ cpu: "1e3" });
});

test("strict decoding: frozen parts are kept, what may still change is copied", () => {
  const metadata = Object.freeze({ name: "a", labels: Object.freeze({ app: "web" }) });
  const limits = { cpu: "1" };
  const parts = Object.freeze([Object.freeze({ name: "x", limits })]);
  const spec = Object.freeze({ replicas: 1, parts });
  const { value } = checkFields({ metadata, spec }, SCHEMA);
  expect(value).toEqual({ metadata, spec });
  expect(value).toHaveProperty(
    "metadata",
    expect.toSatisfy((kept) => kept === metadata),
  );
  limits.cpu = "2"; // frozen around, but not itself
  expect(value).toHaveProperty("spec.parts.0.limits.cpu", "1");
  const gapped = checkFields({ metadata: Object.freeze({ name: "a", nick: "b" }) }, SCHEMA);
  expect(gapped.value).toEqual({ metadata: { name: "a" } });
});
