import type { Scenario } from "../../scenario.ts";
import { aDefinition, aKind, dryRuns, fieldsOf, specOf, TEXT, WHOLE } from "./definitions.ts";

const GROUP = "cr-rules.example.dev";
const withRule = (properties: object, rule: object, more: object = {}): object =>
  aDefinition(GROUP, {
    plural: "rules",
    kind: "Rule",
    schema: specOf(fieldsOf(properties, { "x-kubernetes-validations": [rule], ...more })),
  });
const texts = { type: "array", items: TEXT };
const nested = { type: "array", items: texts };
const alternatives = (schema: object): object => ({
  ...fieldsOf({ a: WHOLE }),
  allOf: [schema],
});

/** Rules that do not compile, cannot be afforded, or refuse the default they stand beside. */
export const ruleRefusals: Scenario = {
  name: "cr-rule-refusals",
  steps: dryRuns([
    withRule({ a: TEXT }, { rule: "self.nope == 1" }),
    withRule({ a: TEXT }, { rule: "self.a +" }),
    withRule({ a: TEXT }, { rule: "self.a" }),
    withRule({ a: TEXT }, { rule: "self.a == 1" }),
    withRule({ a: TEXT }, { rule: "foo(self.a)" }),
    withRule({ a: TEXT }, { rule: "self.a.matches('(')" }),
    withRule({ a: TEXT }, { rule: "duration('1d') > duration('1h')" }),
    withRule({ a: TEXT }, { rule: "" }),
    withRule({ a: TEXT }, { rule: "true\n&& true" }),
    withRule({ a: TEXT }, { rule: "true", message: " ", reason: "Bad", fieldPath: ".nope" }),
    withRule({ a: TEXT }, { rule: "true", messageExpression: "self.a + 1" }),
    withRule({ a: TEXT }, { rule: "true", messageExpression: "1" }),
    withRule({ a: TEXT }, { rule: "true", fieldPath: "a", optionalOldSelf: true }),
    withRule({ a: texts }, { rule: "self.a.all(x, self.a.all(y, x == y))" }),
    withRule({ a: nested }, { rule: "self.a.all(x, x.all(y, y.contains('z')))" }),
    withRule(
      { a: { type: "array", maxItems: 300, items: { type: "string", maxLength: 200 } } },
      { rule: "self.a.all(x, self.a.all(y, x.contains(y)))" },
    ),
    withRule({ a: TEXT }, { rule: "self.a == 'y'" }, { default: { a: "x" } }),
    withRule(
      { a: TEXT },
      { rule: "self.a == 'y'", messageExpression: "'no ' + self.a", reason: "FieldValueRequired" },
      { default: { a: "x" } },
    ),
    aDefinition(GROUP, {
      plural: "rules",
      kind: "Rule",
      schema: specOf(alternatives({ "x-kubernetes-validations": [{ rule: "self.a > 3" }] })),
    }),
    aDefinition(GROUP, {
      plural: "rules",
      kind: "Rule",
      schema: specOf({
        type: "array",
        items: fieldsOf({
          a: { ...TEXT, "x-kubernetes-validations": [{ rule: "oldSelf == self" }] },
        }),
      }),
    }),
  ]),
};

const NAMESPACE = "cr-rules";
const kind = aKind(NAMESPACE, {
  plural: "gates",
  kind: "Gate",
  schema: {
    type: "object",
    "x-kubernetes-validations": [
      { rule: "self.metadata.name.size() < 9", reason: "FieldValueInvalid" },
    ],
    properties: {
      spec: fieldsOf(
        {
          min: WHOLE,
          max: WHOLE,
          "a-b": TEXT,
          at: { type: "string", format: "date-time" },
          cpu: { "x-kubernetes-int-or-string": true },
          nets: {
            type: "array",
            maxItems: 9,
            items: {
              ...TEXT,
              maxLength: 50,
              "x-kubernetes-validations": [{ rule: "isCIDR(self)" }],
            },
          },
          map: {
            type: "object",
            maxProperties: 5,
            additionalProperties: { ...WHOLE, "x-kubernetes-validations": [{ rule: "self > 0" }] },
          },
          any: { "x-kubernetes-preserve-unknown-fields": true },
        },
        {
          "x-kubernetes-validations": [
            {
              rule: "!has(self.min) || !has(self.max) || self.min <= self.max",
              messageExpression: "'%d is more than %d'.format([self.min, self.max])",
              fieldPath: ".min",
            },
            { rule: "!has(self.a__dash__b) || self.a__dash__b != 'no'", message: "not no" },
            { rule: "!has(self.at) || self.at > timestamp('2020-01-01T00:00:00Z')" },
            { rule: "!has(self.cpu) || type(self.cpu) == int || quantity(self.cpu).isInteger()" },
            { rule: "!has(self.max) || 10 / self.max > 0" },
            {
              rule: "!has(self.min) || self.min != 3",
              reason: "FieldValueDuplicate",
              fieldPath: ".min",
            },
          ],
        },
      ),
    },
  },
});

/** What objects are told that break rules. */
export const rules: Scenario = {
  name: "cr-rules",
  namespace: NAMESPACE,
  steps: [
    ...kind.made,
    ...[
      { min: 1, max: 2 },
      { min: 2, max: 1 },
      { min: 3, max: 2, "a-b": "no" },
      { max: 0 },
      { max: 11 },
      { at: "2019-01-01T00:00:00Z" },
      { at: "yesterday" },
      { cpu: "100m" },
      { cpu: 1 },
      { cpu: true },
      { nets: ["10.0.0.0/8", "x", "10.0.0.0/40"] },
      { map: { a: 1, "b.c": 0 } },
      { min: "x", max: 1 },
      null,
    ].map((spec) => kind.create("a", { spec }, "?dryRun=All")),
    kind.create("too-long-a-name", { spec: {} }),
    kind.removed,
  ],
};
