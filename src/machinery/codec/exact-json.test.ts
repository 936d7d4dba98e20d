import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactText, mayHaveLongIntegers, parseExactly } from "./exact-json.ts";

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

  test("digests, names and fractions are no long integers, wherever white space stands", () => {
    const digits = "9007199254740993";
    const short = [
      `{"image":"sha256:${digits}"}`,
      `["-${digits}"]`,
      `[0.${digits}]`,
      `"a,b${digits}"`,
    ];
    expect(short.filter(mayHaveLongIntegers)).toEqual([]);
    const long = [digits, ` -${digits}`, `{"a"\t:\n${digits}}`, `[1, ${digits}]`, `[\r${digits}]`];
    expect(long.filter((text) => !mayHaveLongIntegers(text))).toEqual([]);
    expect(long.map(parseExactly).flat().flatMap(String)).not.toContain("9007199254740992");
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
