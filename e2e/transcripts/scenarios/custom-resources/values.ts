import type { Asked, Scenario } from "../../scenario.ts";
import { aKind, fieldsOf, specOf, TEXT, WHOLE } from "./definitions.ts";

const NAMESPACE = "cr-values";
const kind = aKind(NAMESPACE, {
  plural: "values",
  kind: "Value",
  schema: specOf(
    fieldsOf({
      text: { type: "string", minLength: 2, maxLength: 4, pattern: "^a" },
      choice: { type: "string", enum: ["a", "b"] },
      whole: { type: "integer", minimum: 1, maximum: 5, exclusiveMaximum: true },
      number: { type: "number", multipleOf: 0.5 },
      list: { type: "array", items: WHOLE, minItems: 1, maxItems: 2 },
      map: { type: "object", additionalProperties: WHOLE, maxProperties: 2 },
      mixed: { "x-kubernetes-int-or-string": true },
      nullable: { type: "string", nullable: true, default: "d" },
      dflt: { type: "string", default: "d" },
      needs: fieldsOf({ a: TEXT, b: TEXT }, { required: ["a", "b"] }),
      one: { ...fieldsOf({ a: TEXT, b: TEXT }), oneOf: [{ required: ["a"] }, { required: ["b"] }] },
      any: { ...fieldsOf({ a: TEXT, b: TEXT }), anyOf: [{ required: ["a"] }, { required: ["b"] }] },
      not: { type: "integer", not: { minimum: 3 } },
      set: { type: "array", items: TEXT, "x-kubernetes-list-type": "set" },
      keyed: {
        type: "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["k"],
        items: fieldsOf({ k: TEXT, v: { type: "integer", default: 1 } }, { required: ["k"] }),
      },
      inner: {
        type: "object",
        "x-kubernetes-embedded-resource": true,
        properties: { spec: fieldsOf({ x: WHOLE }) },
      },
      open: {
        ...fieldsOf({ o: fieldsOf({ x: WHOLE }) }),
        "x-kubernetes-preserve-unknown-fields": true,
      },
      date: { type: "string", format: "date" },
      address: { type: "string", format: "ipv4" },
    }),
  ),
});
const dry = (spec: unknown): Asked => kind.create("a", { spec }, "?dryRun=All");

/** What values are told that do not fit their schema; what becomes of those that do. */
export const values: Scenario = {
  name: "cr-values",
  namespace: NAMESPACE,
  steps: [
    ...kind.made,
    ...[
      { text: "b" },
      { text: 1 },
      { choice: "c" },
      { whole: 5 },
      { number: 0.3 },
      { list: [] },
      { map: { a: 1, b: 2, c: 3 } },
      { list: ["x", null, 1.5] },
      { mixed: true },
      { nullable: null, dflt: null, text: null },
      { needs: {} },
      { one: {} },
      { any: {} },
      { not: 4 },
      { one: { a: "x", b: "y" } },
      { set: ["a", "a"] },
      { keyed: [{ k: "a" }, { k: "a" }] },
      { inner: {} },
      {
        inner: { apiVersion: "a/b/c", kind: "Pod" },
      },
      { inner: { apiVersion: "v1", kind: "Pod", metadata: { labels: 1 } } },
      { date: "2020-02-30" },
      { address: "::1" },
      { text: "ab", list: [1], keyed: [{ k: "a" }], open: { z: [null], o: { x: 1 } } },
      [],
      "x",
    ].map(dry),
    kind.removed,
  ],
};

const twice =
  '{"apiVersion":"cr-values-strict.example.dev/v1","kind":"Strict",' +
  '"metadata":{"name":"a","bogus":1},' +
  '"spec":{"a":1,"a":2,"z":{"y":1},"l":[{"b":1},{"q":2}]},"more":1}';
const strict = aKind("cr-values-strict", {
  plural: "stricts",
  kind: "Strict",
  schema: specOf(fieldsOf({ a: WHOLE, l: { type: "array", items: fieldsOf({ b: WHOLE }) } })),
});

/** Unknown fields and fields that stand there twice. */
export const strictness: Scenario = {
  name: "cr-strictness",
  namespace: "cr-values-strict",
  steps: [
    ...strict.made,
    ...["Strict", "Warn", "Ignore", "Other"].map((how): Asked => ({
      method: "POST",
      path: `${strict.path}?dryRun=All&fieldValidation=${how}`,
      body: twice,
    })),
    strict.create("a", { spec: { a: 1 }, kind: "Other" }),
    strict.create("a", { spec: { a: 1 }, apiVersion: "other.dev/v1" }),
    { method: "POST", path: strict.path, body: [] },
    { method: "POST", path: strict.path, body: { spec: {} } },
    strict.create("a", { metadata: { name: "a", finalizers: ["plain", "with.dot", "a.b/c"] } }),
    strict.create("B_", { metadata: { name: "B_", labels: { "a b": "c d" } } }),
    { method: "PUT", path: `${strict.path}/a`, body: strict.body("a", { spec: {} }) },
    {
      method: "PUT",
      path: `${strict.path}/zz`,
      body: strict.body("zz", { metadata: { name: "zz", resourceVersion: "1" } }),
    },
    {
      method: "PATCH",
      path: `${strict.path}/a`,
      contentType: "application/strategic-merge-patch+json",
      body: { spec: { a: 2 } },
    },
    { method: "PATCH", path: `${strict.path}/a`, body: { spec: { a: "x" } } },
    { method: "POST", path: "/apis/cr-values-strict.example.dev/v1/stricts", body: {} },
    { method: "PATCH", path: `${strict.path}/a`, body: { metadata: { finalizers: null } } },
    strict.removed,
  ],
};
