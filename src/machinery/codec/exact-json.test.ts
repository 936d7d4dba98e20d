import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactText, parseExactly } from "./exact-json.ts";

describe("JSON kept to the last digit", () => {
  for (const text of [
    "9223372036854775807",
    "-9223372036854775808",
    '{"a":[9007199254740993],"b":9007199254740991}',
    '{"id":"1234567890123456789"}',
    "1152921504606846976",
  ]) {
    test(`${text} comes back as it was`, () => {
      expect(exactText(parseExactly(text))).toBe(text);
    });
  }

  test("only what a number would round is a bigint", () => {
    expect(
      parseExactly("[1234567890123456, 9007199254740993, 1e20, 0.1234567890123456789]"),
    ).toEqual([1234567890123456, 9007199254740993n, 1e20, 0.12345678901234568]);
  });

  test("an indented text is indented", () => {
    expect(exactText({ a: 9007199254740993n }, 2)).toBe('{\n  "a": 9007199254740993\n}');
  });

  test("what is no JSON is refused, however long its digits", () => {
    expect(() => parseExactly("9007199254740993 x")).toThrow(SyntaxError);
  });

  test("every 64-bit integer survives, wherever it stands", () => {
    const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(fc.array(integer), fc.string(), (integers, key) => {
        const text = `{${JSON.stringify(key)}:[${integers.join()}]}`;
        expect(exactText(parseExactly(text))).toBe(text);
      }),
    );
  });
});
