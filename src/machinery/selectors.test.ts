import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldQueryText, matchesFields, parseFieldQuery } from "./fields.ts";
import { parseLabelQuery, SelectorError } from "./label-parser.ts";
import {
  labelQueryText,
  matchesLabels,
  type LabelQuery,
  type LabelRequirement,
  type Labels,
} from "./labels.ts";

const QUALIFIED_END = "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex";

for (const [text, canonical] of [
  ["", ""],
  ["a=b", "a=b"],
  ["a==b,c!=d", "a=b,c!=d"],
  [" a = b , c ", "a=b,c"],
  ["n in (0,2),even", "n in (0,2),even"],
  ["a in (y, x,x)", "a in (x,y)"],
  ["a notin (x)", "a notin (x)"],
  ["!even", "!even"],
  ["a>1,b<2", "a>1,b<2"],
  ["a=", "a="],
  ["a=,b", "a=,b"],
  ["a in (,)", "a in (,)"],
  ["a in (x,)", "a in (,x)"],
  ["in in (in,notin)", "in in (in,notin)"],
  ["example.com/name=x_1", "example.com/name=x_1"],
] as const) {
  test(`label selector: ${JSON.stringify(text)} reads as ${JSON.stringify(canonical)}`, () => {
    expect(labelQueryText(parseLabelQuery(text))).toBe(canonical);
  });
}

for (const [text, message] of [
  ["a b c", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ["=a", "found '=', expected: !, identifier, or 'end of string'"],
  ["a,", "found '', expected: identifier after ','"],
  ["a=b=c", "found '=', expected: ',' or 'end of string'"],
  ["!", "unable to parse requirement: found '', expected: identifier"],
  ["a in x", "unable to parse requirement: found 'x' expected: '('"],
  ["a in (x", "unable to parse requirement: found '', expected: ',' or ')'"],
  ["a=(b)", "unable to parse requirement: found '(', expected: identifier"],
  ["!a=b", "found '=', expected: ',' or 'end of string'"],
  [
    "a>x",
    'unable to parse requirement: values[0]: Invalid value: "x": ' +
      "for 'Gt', 'Lt' operators, the value must be an integer",
  ],
] as const) {
  test(`label selector: ${JSON.stringify(text)} is refused in upstream's words`, () => {
    expect(() => parseLabelQuery(text)).toThrow(new SelectorError(message));
  });
}

test("label selector: keys and values must be such", () => {
  expect(() => parseLabelQuery("a@b=c")).toThrow(
    'unable to parse requirement: <nil>: Invalid value: "a@b": name part must consist of ' +
      `alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric ` +
      `character ${QUALIFIED_END}`,
  );
  expect(() => parseLabelQuery("a=-b")).toThrow(
    'unable to parse requirement: values[0][a]: Invalid value: "-b": a valid label must be',
  );
});

const anyKey = fc.constantFrom("a", "b/c", "constructor");
const anyValue = fc.constantFrom("", "1", "2", "10", "x");
const anyRequirement: fc.Arbitrary<LabelRequirement> = fc.oneof(
  fc.record({
    key: anyKey,
    operator: fc.constantFrom("=", "!="),
    values: anyValue.map((value) => [value]),
  }),
  fc.record({
    key: anyKey,
    operator: fc.constantFrom("in", "notin"),
    values: fc.uniqueArray(anyValue, { minLength: 1 }).map((values) => values.sort()),
  }),
  fc.record({ key: anyKey, operator: fc.constantFrom("exists", "!"), values: fc.constant([]) }),
  fc.record({
    key: anyKey,
    operator: fc.constantFrom("gt", "lt"),
    values: fc.nat().map((value) => [String(value)]),
  }),
);
const anyQuery: fc.Arbitrary<LabelQuery> = fc.record({
  requirements: fc.array(anyRequirement, { maxLength: 4 }),
});
const anyLabels = fc.dictionary(anyKey, anyValue);

test("label selector: what is written reads back the same", () => {
  fc.assert(
    fc.property(anyQuery, (query) => {
      expect(parseLabelQuery(labelQueryText(query))).toEqual(query);
    }),
  );
});

test("label selector: selects what its requirements say in plain words", () => {
  const holds = ({ key, operator, values }: LabelRequirement, labels: Labels): boolean => {
    const value = new Map(Object.entries(labels)).get(key);
    const isIn = value !== undefined && values.includes(value);
    const number = value === undefined || !/^\d+$/.test(value) ? Number.NaN : Number(value);
    const outcomes = {
      "=": isIn,
      in: isIn,
      "!=": !isIn,
      notin: !isIn,
      exists: value !== undefined,
      "!": value === undefined,
      gt: number > Number(values[0]),
      lt: number < Number(values[0]),
    };
    return outcomes[operator];
  };
  fc.assert(
    fc.property(anyQuery, anyLabels, (query, labels) => {
      const expected = query.requirements.every((requirement) => holds(requirement, labels));
      expect(matchesLabels(query, labels)).toBe(expected);
    }),
  );
});

test("label selector: a prototype is not a label", () => {
  expect(matchesLabels(parseLabelQuery("constructor"), {})).toBe(false);
  expect(matchesLabels(parseLabelQuery("!toString"), {})).toBe(true);
});

for (const [text, canonical] of [
  ["", ""],
  ["metadata.name=web", "metadata.name=web"],
  ["a==b,c!=d", "a=b,c!=d"],
  ["a=", "a="],
  ["a=b\\,c\\=d\\\\", "a=b\\,c\\=d\\\\"],
  ["a=b,,c=d,", "a=b,c=d"],
] as const) {
  test(`field selector: ${JSON.stringify(text)} reads as ${JSON.stringify(canonical)}`, () => {
    expect(fieldQueryText(parseFieldQuery(text))).toBe(canonical);
  });
}

for (const [text, message] of [
  ["a", "invalid selector: 'a'; can't understand 'a'"],
  ["x=1,a b", "invalid selector: 'x=1,a b'; can't understand 'a b'"],
  ["a=b=c", "invalid field selector: unescaped character in value: 61"],
  ["a=\\b", "invalid field selector: invalid escape sequence: \\b"],
  ["a=b\\", "invalid field selector: invalid escape sequence: \\"],
] as const) {
  test(`field selector: ${JSON.stringify(text)} is refused`, () => {
    expect(() => parseFieldQuery(text)).toThrow(new SelectorError(message));
  });
}

test("field selector: what is written reads back the same, and matches what it names", () => {
  const anyText = fc.string({ unit: fc.constantFrom("a", "=", ",", "\\", "!", " ") });
  const anyField = fc.constantFrom("metadata.name", "status.phase");
  const anyRequirements = fc.array(
    fc.record({ field: anyField, operator: fc.constantFrom("=", "!="), value: anyText }),
  );
  fc.assert(
    fc.property(anyRequirements, anyText, (requirements, found) => {
      const query = parseFieldQuery(fieldQueryText({ requirements }));
      expect(query).toEqual({ requirements });
      const expected = requirements.every(
        ({ operator, value }) => (operator === "=") === (value === found),
      );
      expect(matchesFields(query, () => found)).toBe(expected);
    }),
  );
});
