import fc from "fast-check";
import { expect, test } from "vitest";
import { scaledValue } from "./int-or-string.ts";
import { equalValues, isDeeperThan, withField, withoutField } from "./json-value.ts";

test("equal values: agree with their canonical text", () => {
  const anyKey = fc.constantFrom("a", "b", "__proto__");
  const anyJson = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(0, 1, "0", "", null, true, false),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(anyKey, tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(anyJson, anyJson, (a, b) => {
      expect(equalValues(a, b)).toBe(fc.stringify(sorted(a)) === fc.stringify(sorted(b)));
      expect(equalValues(a, JSON.parse(JSON.stringify(a)))).toBe(true);
    }),
  );
});

/** The same value with its fields in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, sorted(member)] as const);
  return { entries: entries.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

test("equal values: the order of fields means nothing, an undefined field is absent", () => {
  expect(equalValues({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  expect(equalValues({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(equalValues({ a: undefined }, { b: undefined })).toBe(true);
  expect(equalValues({ a: 1, b: undefined }, { a: 1, c: 1 })).toBe(false);
  expect(equalValues({}, [])).toBe(false);
  expect(equalValues({}, null)).toBe(false);
  expect(equalValues(JSON.parse('{"__proto__":1}'), {})).toBe(false);
});

test("equal values, depth: any depth is safe", () => {
  const nest = (depth: number): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
    return value;
  };
  expect(equalValues(nest(100_000), nest(100_000))).toBe(true);
  expect(isDeeperThan(nest(100), 100)).toBe(false);
  expect(isDeeperThan(nest(101), 100)).toBe(true);
  expect(isDeeperThan(nest(100_000), 100)).toBe(true);
  expect(isDeeperThan("text", 0)).toBe(false);
});

test("fields are set and removed in copies, whatever they are called", () => {
  const fields = { a: 1, b: 2 };
  expect(withField(fields, "a", 3)).toEqual({ a: 3, b: 2 });
  expect(withoutField(fields, "a")).toEqual({ b: 2 });
  expect(withoutField(fields, "c")).toBe(fields);
  const hostile = withField(fields, "__proto__", { x: 1 });
  expect(JSON.stringify(hostile)).toBe('{"a":1,"b":2,"__proto__":{"x":1}}');
  expect(Object.getPrototypeOf(hostile)).toBe(Object.prototype);
  expect(withoutField(hostile, "__proto__")).toEqual(fields);
  expect(fields).toEqual({ a: 1, b: 2 });
});

for (const [value, total, up, down] of [
  [3, 10, 3, 3],
  ["25%", 10, 3, 2],
  ["25%", 4, 1, 1],
  ["0%", 10, 0, 0],
  ["100%", 7, 7, 7],
  ["250%", 3, 8, 7],
  ["55%", 20, 11, 11], // 0.55 * 20 is a little more than 11 in floating point
  ["1%", 0, 0, 0],
] as const) {
  test(`int or string: ${value} of ${total} is ${up} rounded up and ${down} rounded down`, () => {
    expect(scaledValue(value, total, "up")).toBe(up);
    expect(scaledValue(value, total, "down")).toBe(down);
  });
}

test("int or string: a text that is no percentage has no value", () => {
  for (const text of ["", "5", "%", "-5%", "2.5%", "x%", "5%%", "99999999999%"]) {
    expect(scaledValue(text, 10, "up")).toBeUndefined();
  }
});
