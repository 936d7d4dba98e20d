import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalForm } from "./canonical-form.ts";
import { podSchema } from "./core/v1/schema.generated.ts";
import {
  anyObject,
  flag,
  int32,
  intOrString,
  listOf,
  mapOf,
  microTime,
  object,
  quantity,
  text,
  time,
} from "./schema-terms.ts";

const SCHEMA = object(
  {
    name: text,
    note: text,
    count: int32,
    isOn: flag,
    wanted: int32,
    isWanted: flag,
    size: quantity,
    limits: mapOf(quantity),
    at: time,
    exactly: microTime,
    items: listOf(() => object({ key: text, value: text }, { required: ["key"] })),
    must: listOf(text),
    texts: mapOf(text),
    options: object({}),
    raw: anyObject,
    port: intOrString,
    reference: object({ name: text }, { mapType: "atomic" }),
  },
  { required: ["name", "must", "reference"], keptWhenZero: ["wanted", "isWanted"] },
);

for (const { name, given, kept } of [
  { name: "leaves nulls out", given: { note: null }, kept: {} },
  { name: "leaves empty maps and lists out", given: { texts: {}, items: [] }, kept: {} },
  { name: "keeps an empty struct", given: { options: {} }, kept: { options: {} } },
  {
    name: "leaves zeros out",
    given: { note: "", count: 0, isOn: false, texts: { a: "" }, items: [{ key: "", value: "" }] },
    kept: { texts: { a: "" }, items: [{ key: "" }] },
  },
  {
    name: "keeps zeros that say something",
    given: { wanted: 0, isWanted: false, size: "0", port: 0 },
    kept: { wanted: 0, isWanted: false, size: "0", port: 0 },
  },
  { name: "keeps what it does not know", given: { raw: { a: null } }, kept: { raw: { a: null } } },
  {
    name: "reads a null entry of a map as empty",
    given: { texts: { a: null } },
    kept: { texts: { a: "" } },
  },
  {
    name: "fills required fields of elements",
    given: { items: [{ value: "v" }, null] },
    kept: { items: [{ value: "v", key: "" }, { key: "" }] },
  },
  {
    name: "spells quantities in one way",
    given: { size: 0.5, limits: { cpu: "1000m", memory: "1024Mi" } },
    kept: { size: "500m", limits: { cpu: "1", memory: "1Gi" } },
  },
  {
    name: "spells times in UTC",
    given: { at: "2026-01-01T02:00:00.7+02:00", exactly: "2026-01-01T00:00:00.1234567Z" },
    kept: { at: "2026-01-01T00:00:00Z", exactly: "2026-01-01T00:00:00.123456Z" },
  },
  { name: "keeps numbers and names of ports", given: { port: "http" }, kept: { port: "http" } },
]) {
  test(`the canonical form ${name}`, () => {
    const required = { name: "x", must: [] };
    expect(canonicalForm({ ...required, ...given }, SCHEMA)).toEqual({ ...required, ...kept });
  });
}

test("the canonical form adds what is required, but no reference to nothing", () => {
  expect(canonicalForm({}, SCHEMA)).toEqual({ name: "", must: [] });
});

test("the canonical form of an object in canonical form is that very object", () => {
  const object = { name: "x", must: ["a"], texts: { a: "b" }, at: "2026-01-01T00:00:00Z" };
  expect(canonicalForm(object, SCHEMA)).toBe(object);
});

test("the canonical form adds what typed writers write even when it is empty", () => {
  const schema = object(
    { since: time, exactly: microTime, source: object({}), items: listOf(text), size: quantity },
    { writtenWhenEmpty: ["since", "exactly", "source", "items", "size"] },
  );
  const written = { since: null, exactly: null, source: {}, items: null, size: "0" };
  expect(canonicalForm({ items: [] }, schema)).toEqual(written);
  expect(canonicalForm(written, schema)).toBe(written);
});

test("amounts of resources have no part finer than a thousandth", () => {
  const sent = { name: "x", must: [], limits: { cpu: "100u", memory: "0.0005" }, size: "100u" };
  expect(canonicalForm(sent, SCHEMA)).toMatchObject({
    limits: { cpu: "1m", memory: "1m" },
    size: "100u",
  });
});

test("keys that mean something to JavaScript are ordinary keys of maps", () => {
  const sent: unknown = JSON.parse('{"name":"x","must":[],"texts":{"__proto__":"a","then":null}}');
  const kept = canonicalForm(sent, SCHEMA);
  expect(JSON.stringify(kept)).toBe('{"name":"x","must":[],"texts":{"__proto__":"a","then":""}}');
});

test("values that do not fit their schema are left alone, whatever they are", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      canonicalForm(value, podSchema);
      const once = canonicalForm({ spec: value, metadata: value }, podSchema);
      expect(canonicalForm(once, podSchema)).toEqual(once);
    }),
  );
});

test("canonical form: a reference that typed writers write as null is null", () => {
  const schema = object({ group: text, name: text }, { writtenNull: ["group"] });
  const kept = { group: null, name: "a" };
  for (const given of [{ name: "a" }, kept]) {
    expect(canonicalForm(given, schema)).toEqual(kept);
  }
  expect(canonicalForm(kept, schema)).toBe(kept);
  const named = { group: "g", name: "a" };
  expect(canonicalForm(named, schema)).toBe(named);
});
