import { expect, test } from "vitest";
import { checkOpenApiSchema } from "../check/check-openapi-schema.ts";
import { compileCustomResourceSchema } from "../compile.ts";
import { fieldErrorText } from "../../machinery/status.ts";
import { validateCustomResource } from "../values/validate.ts";

const text = { type: "string" };

function lines(errors: ReturnType<typeof validateCustomResource>): readonly string[] {
  return errors.map((error) => `${error.field}: ${fieldErrorText(error)}`);
}

/** Errors of the definition; paths are relative to `spec`. */
function define(spec: unknown): readonly string[] {
  const schema = { type: "object", properties: { spec } };
  const errors = checkOpenApiSchema(schema, { field: "spec.validation", hasStatus: true });
  const root = "spec.validation.openAPIV3Schema";
  return lines(errors).map((line) => line.replaceAll(`${root}.properties[spec]`, "~"));
}

/** Errors of an object, on an update if there is an old one. */
function validate(spec: unknown, value: unknown, old?: unknown): readonly string[] {
  const schema = compileCustomResourceSchema({ type: "object", properties: { spec } });
  const request = { value: { spec: value }, ...(old === undefined ? {} : { old: { spec: old } }) };
  return lines(validateCustomResource(request, schema));
}

function ruled(schema: object, ...rules: readonly (string | object)[]): object {
  const listed = rules.map((rule) => (typeof rule === "string" ? { rule } : rule));
  return { ...schema, "x-kubernetes-validations": listed };
}

function shownRule(rule: string): string {
  return JSON.stringify({
    Rule: rule,
    Message: "",
    MessageExpression: "",
    Reason: null,
    FieldPath: "",
    OptionalOldSelf: null,
  });
}

const site = { type: "object", properties: { replicas: { type: "integer" }, tier: text } };

for (const [rule, problem] of [
  [
    "self.nope == 1",
    "compilation failed: ERROR: <input>:1:5: undefined field 'nope'\n | self.nope == 1\n | ....^",
  ],
  [
    "self.replicas ==",
    "compilation failed: ERROR: <input>:1:17: Syntax error: mismatched input '<EOF>' expecting " +
      "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, " +
      "STRING, BYTES, IDENTIFIER}\n | self.replicas ==\n | ................^",
  ],
  ["self.replicas", "cel expression must evaluate to a bool"],
] as const) {
  test(`rules of a definition: ${rule} is refused`, () => {
    expect(define(ruled(site, rule))).toEqual([
      `~.x-kubernetes-validations[0].rule: Invalid value: ${shownRule(rule)}: ${problem}`,
    ]);
  });
}

const TOO_COSTLY =
  "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, " +
  "maps, and strings are declared)";

test("rules of a definition: what costs too much is refused, alone and together", () => {
  const lists = { type: "array", items: { type: "array", items: text } };
  const big = ruled(lists, "self.all(a, a.all(b, self.all(c, c.all(d, b != d || true))))");
  const place = "~.properties[big].x-kubernetes-validations[0].rule";
  expect(define({ type: "object", properties: { big } })).toEqual([
    `${place}: Forbidden: estimated rule cost exceeds budget by factor of more than 100x ` +
      TOO_COSTLY,
    `${place}: Forbidden: contributed to estimated rule cost total exceeding cost limit for ` +
      "entire OpenAPIv3 schema",
    "spec.validation.openAPIV3Schema: Forbidden: x-kubernetes-validations estimated rule cost " +
      `total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x ${TOO_COSTLY}`,
  ]);
});

test("rules of a definition: limits of sizes make rules affordable", () => {
  const limited = (maxItems: number): unknown =>
    ruled({ type: "array", maxItems, items: { ...text, maxLength: 10 } }, "self.all(x, x != '')");
  expect(define(limited(10))).toEqual([]);
  expect(
    define(ruled({ type: "array", items: text }, "self.all(x, x.matches('a+b+c'))")),
  ).not.toEqual([]);
});

test("rules of a definition: the old value can only be named where it can be found again", () => {
  const list = {
    type: "array",
    maxItems: 5,
    items: ruled({ ...text, maxLength: 5 }, "self == oldSelf"),
  };
  expect(define({ type: "object", properties: { list } })).toEqual([
    "~.properties[list].items.x-kubernetes-validations[0].rule: Invalid value: " +
      '"self == oldSelf": ' +
      "oldSelf cannot be used on the uncorrelatable portion of the schema within " +
      "~.properties[list]",
  ]);
  expect(define(ruled({ ...text }, { rule: "self == 'a'", optionalOldSelf: true }))).toEqual([
    "~.x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: " +
      "may not be set if oldSelf is not used in rule",
  ]);
  const optional = {
    rule: "!oldSelf.hasValue() || self == oldSelf.value()",
    optionalOldSelf: true,
  };
  expect(define(ruled({ ...text }, optional))).toEqual([]);
});

test("rules of a definition: a default must pass them", () => {
  const n = ruled({ type: "integer", default: 1 }, { rule: "self > 1", message: "too small" });
  expect(define({ type: "object", properties: { n } })).toEqual([
    "~.properties[n].default: Invalid value: 1: too small",
  ]);
});

test("rules of a definition: places that rules cannot see have no rules", () => {
  const open = ruled({ "x-kubernetes-preserve-unknown-fields": true }, "true");
  expect(define({ type: "object", properties: { open } })).toEqual([
    "~.properties[open].x-kubernetes-validations: Internal error: internal error: failed to " +
      "construct type information for x-kubernetes-validations rules: unable to convert " +
      "structural schema to CEL declarations",
  ]);
});

test("rules: what does not hold is told with the rule's message, or the rule", () => {
  const rules = ruled(
    site,
    { rule: "self.replicas % 2 == 0 || self.tier == 'gold'", message: " odd only for gold " },
    "self.tier != 'tin'",
  );
  expect(validate(rules, { replicas: 3, tier: "tin" })).toEqual([
    "spec: Invalid value: odd only for gold",
    "spec: Invalid value: failed rule: self.tier != 'tin'",
  ]);
  expect(validate(rules, { replicas: 2, tier: "gold" })).toEqual([]);
});

test("rules: message expressions, reasons and field paths word the error", () => {
  const rule = {
    rule: "self.replicas < 5",
    messageExpression: "'at most 4, not ' + string(self.replicas)",
    reason: "FieldValueForbidden",
    fieldPath: ".replicas",
  };
  expect(validate(ruled(site, rule), { replicas: 9 })).toEqual([
    "spec.replicas: Forbidden: at most 4, not 9",
  ]);
  const lame = { ...rule, messageExpression: "'\\n'", message: "too many", reason: undefined };
  expect(validate(ruled(site, lame), { replicas: 9 })).toEqual([
    "spec.replicas: Invalid value: too many",
  ]);
  const twice = { rule: "self != 'a'", reason: "FieldValueDuplicate" };
  expect(validate(ruled(text, twice), "a")).toEqual(['spec: Duplicate value: "a"']);
});

test("rules: errors of evaluation name the rule", () => {
  expect(validate(ruled(site, "self.replicas > 1"), {})).toEqual([
    'spec: Invalid value: "object": no such key: replicas evaluating rule: self.replicas > 1',
  ]);
  const list = { type: "array", items: { type: "integer" } };
  expect(validate(ruled(list, { rule: "self[0] > 1", message: "first" }), [])).toEqual([
    'spec: Invalid value: "array": index out of bounds: 0 evaluating rule: first',
  ]);
});

test("rules: transition rules need an old value, and find it again by name and key", () => {
  const immutable = ruled({ ...text }, { rule: "self == oldSelf", message: "immutable" });
  const spec = {
    type: "object",
    properties: {
      a: immutable,
      list: {
        type: "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["k"],
        items: { type: "object", properties: { k: text, v: immutable } },
      },
    },
  };
  expect(validate(spec, { a: "x" })).toEqual([]);
  expect(validate(spec, { a: "x" }, {})).toEqual([]);
  expect(validate(spec, { a: "y" }, { a: "x" })).toEqual(['spec.a: Invalid value: "y": immutable']);
  const old = {
    list: [
      { k: "1", v: "x" },
      { k: "2", v: "y" },
    ],
  };
  const moved = {
    list: [
      { k: "3", v: "z" },
      { k: "2", v: "!" },
      { k: "1", v: "x" },
    ],
  };
  expect(validate(spec, moved, old)).toEqual(['spec.list[1].v: Invalid value: "!": immutable']);
});

test("rules: with an optional old value, transition rules run on creates, too", () => {
  const rule = { rule: "oldSelf.hasValue() || self == 'new'", optionalOldSelf: true };
  const spec = { type: "object", properties: { a: ruled({ ...text }, rule) } };
  expect(validate(spec, { a: "old" })).toHaveLength(1);
  expect(validate(spec, { a: "new" })).toEqual([]);
  expect(validate(spec, { a: "old" }, { a: "x" })).toEqual([]);
});

test("rules: on an update, what did not change is forgiven, transitions are not", () => {
  const spec = ruled(
    {
      type: "object",
      properties: {
        a: ruled(text, { rule: "self == 'x'", message: "a" }),
        b: text,
        list: {
          type: "array",
          items: ruled({ type: "integer" }, { rule: "self > 0", message: "l" }),
        },
      },
    },
    { rule: "!has(self.b) || self.b != 'y'", message: "b" },
  );
  const bad = { a: "bad", b: "y", list: [0] };
  expect(validate(spec, bad)).toHaveLength(3);
  expect(validate(spec, bad, bad)).toEqual([]);
  expect(validate(spec, { ...bad, list: [0, 1] }, bad)).toEqual([
    "spec: Invalid value: b",
    "spec.list[0]: Invalid value: 0: l",
  ]);
});

test("rules: names that are no identifiers are escaped", () => {
  const spec = ruled(
    { type: "object", properties: { "x-y.z": text, namespace: text, a__b: text } },
    "self.x__dash__y__dot__z == 'a' && self.__namespace__ == 'b' && self.a__underscores__b == 'c'",
  );
  expect(define(spec)).toEqual([]);
  expect(validate(spec, { "x-y.z": "a", namespace: "b", a__b: "c" })).toEqual([]);
});

test("rules: the root always has metadata.name, and its errors stand at no field", () => {
  const schema = compileCustomResourceSchema(
    ruled({ type: "object" }, { rule: "self.metadata.name.startsWith('a')", message: "name" }),
  );
  const check = (name: string): readonly string[] =>
    lines(validateCustomResource({ value: { metadata: { name } } }, schema));
  expect(check("abc")).toEqual([]);
  expect(check("xyz")).toEqual(["<nil>: Invalid value: name"]);
});

test("rules: a call that costs too much ends all of them", () => {
  const spec = ruled(
    { type: "array", items: { type: "integer" } },
    "self.all(a, self.all(b, self.all(c, a + b + c >= 0)))",
    "false",
  );
  const value = Array.from({ length: 200 }, () => 1);
  expect(validate(spec, value)).toEqual([
    `spec: Invalid value: "array": 'operation cancelled: actual cost limit exceeded': ` +
      "no further validation rules will be run due to call cost exceeds limit for rule: " +
      "self.all(a, self.all(b, self.all(c, a + b + c >= 0)))",
  ]);
});

test("rules: all rules of an object share one budget", () => {
  const item = ruled(
    { type: "array", items: { type: "integer" } },
    "self.all(a, self.all(b, a + b >= 0))",
  );
  const spec = { type: "array", items: item };
  const value = Array.from({ length: 40 }, () => Array.from({ length: 250 }, () => 1));
  expect(validate(spec, value)).toEqual([
    expect.stringMatching(
      /^spec\[\d+\]: Invalid value: "array": validation failed due to running out of cost budget, /,
    ),
  ]);
});
