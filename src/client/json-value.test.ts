import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isStatus } from "../machinery/status.ts";
import { JSON_DEPTH_MAX, jsonValue } from "./json-value.ts";

test("a JSON value is handed on as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(jsonValue(value)).toBe(value);
    }),
  );
});

test("other values become what JSON would make of them", () => {
  const anything = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.jsonValue(),
      fc.constantFrom(undefined, () => 1, Symbol("x")),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom("a", "b", "__proto__", "then"), tie("value")),
    ),
  })).value;
  fc.assert(
    fc.property(anything, (value) => {
      const text = JSON.stringify(value) as string | undefined;
      const expected: unknown = text === undefined ? undefined : JSON.parse(text);
      expect(JSON.stringify(jsonValue(value))).toEqual(JSON.stringify(expected));
    }),
  );
});

test("a value that knows its own JSON says it", () => {
  const value = { time: { toJSON: () => "2026-01-01T00:00:00Z" } };
  expect(jsonValue(value)).toEqual({ time: "2026-01-01T00:00:00Z" });
});

test("what JSON cannot write is refused", () => {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  let deep: unknown = 1;
  for (let depth = 0; depth < JSON_DEPTH_MAX + 2; depth += 1) deep = [deep];
  for (const value of [cycle, deep, { a: Number.NaN }, [Number.POSITIVE_INFINITY]]) {
    let error: unknown;
    try {
      jsonValue(value);
    } catch (reason) {
      error = reason;
    }
    expect(isStatus(error, "BadRequest")).toBe(true);
  }
});
