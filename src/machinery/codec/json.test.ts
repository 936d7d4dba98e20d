import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeJson, decodeJsonText, DecodeError, encodeJson } from "./json.ts";

function failureOf(bytes: Uint8Array | string): DecodeError {
  try {
    decodeJson(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error("the text was accepted");
}

// What Go's decoder says, and where the fault is.
for (const [text, message, place] of [
  ["", "unexpected end of JSON input", "1:1"],
  ['{"a":1', "unexpected end of JSON input", "1:7"],
  ["not json", "invalid character 'o' in literal null (expecting 'u')", "1:2"],
  ["tru3", "invalid character '3' in literal true (expecting 'e')", "1:4"],
  ["[1,]", "invalid character ']' looking for beginning of value", "1:4"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string", "1:8"],
  ["{a:1}", "invalid character 'a' looking for beginning of object key string", "1:2"],
  ['{"a" 1}', "invalid character '1' after object key", "1:6"],
  ['{"a":1 "b"}', "invalid character '\"' after object key:value pair", "1:8"],
  ["[1 2]", "invalid character '2' after array element", "1:4"],
  ["{} x", "invalid character 'x' after top-level value", "1:4"],
  ["01", "invalid character '1' after top-level value", "1:2"],
  ["-x", "invalid character 'x' in numeric literal", "1:2"],
  ["1.]", "invalid character ']' after decimal point in numeric literal", "1:3"],
  ["1e+]", "invalid character ']' in exponent of numeric literal", "1:4"],
  ['"\\x"', "invalid character 'x' in string escape code", "1:3"],
  ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape", "1:6"],
  ['{\n  "a": "b\n"}', "invalid character '\\n' in string literal", "2:10"],
  ["'a'", "invalid character '\\'' looking for beginning of value", "1:1"],
  ["é", "invalid character 'Ã' looking for beginning of value", "1:1"],
  ["\ufeff{}", "invalid character 'ï' looking for beginning of value", "1:1"],
  ["NaN", "invalid character 'N' looking for beginning of value", "1:1"],
] as const) {
  test(`JSON: ${JSON.stringify(text)} is refused as Go refuses it`, () => {
    const { message: actual, line, column } = failureOf(text);
    expect([actual, `${line}:${column}`]).toEqual([message, place]);
  });
}

test("JSON: bytes that are not UTF-8 are refused, with their place", () => {
  const bytes = new Uint8Array([...new TextEncoder().encode('{\n"\ufffd": "é'), 0xff, 0x22, 0x7d]);
  const { message, line, column } = failureOf(bytes);
  expect({ message, line, column }).toEqual({
    message: "the text is not valid UTF-8",
    line: 2,
    column: 8,
  });
});

test("JSON: whatever JSON.parse accepts comes out the same", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const { value, duplicates } = decodeJsonText(text);
      expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
      expect(duplicates).toEqual([]);
    }),
  );
});

test("JSON: whatever JSON.parse refuses is refused", () => {
  const characters = Array.from('{}[],:"\\ \n0-1.e+tn');
  const anyToken = fc.constantFrom(...characters, "true", "null", '"a"', "\\u00e9");
  fc.assert(
    fc.property(fc.array(anyToken, { maxLength: 12 }), (tokens) => {
      const text = tokens.join("");
      expect(accepts(decodeJsonText, text), text).toBe(accepts(JSON.parse, text));
    }),
    { numRuns: 3_000 },
  );
});

function accepts(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

for (const [text, duplicates] of [
  ['{"a":1,"a":2}', ["a"]],
  ['{"a":1,"\\u0061":2}', ["a"]],
  ['{"data":{"x":1,"y":2,"x":3}}', ["data.x"]],
  ['{"l":[{"n":1},{"n":1,"n":2,"n":3}]}', ["l[1].n"]],
  ['[[{"a":1,"a":1}]]', ["[0][0].a"]],
  ['{"a":{"b":1},"c":{"b":1}}', []],
] as const) {
  test(`JSON: the duplicate fields of ${text} are reported, and the last one counts`, () => {
    expect(decodeJsonText(text)).toEqual({ value: JSON.parse(text), duplicates });
  });
}

test("JSON: a duplicate among many keys is found", () => {
  const keys = [...Array.from({ length: 1_000 }, (_, index) => `k${index}`), "k7"];
  const text = `{${keys.map((key) => `"${key}":1`).join(",")}}`;
  expect(decodeJsonText(text).duplicates).toEqual(["k7"]);
});

for (const text of [
  "9007199254740993",
  "-9007199254740993",
  "9223372036854775807",
  "1152921504606846976", // a power of two: exact as a double, but not when it is printed
]) {
  test(`JSON: the integer ${text} is kept to its last digit`, () => {
    const { value } = decodeJsonText(`{"a":${text}}`);
    expect(new TextDecoder().decode(encodeJson(value))).toBe(`{"a":${text}}`);
  });
}

for (const text of ["9223372036854775808", "100000000000000000000000000"]) {
  test(`JSON: the integer ${text} is refused rather than rounded`, () => {
    expect(failureOf(`{"a": ${text}}`)).toMatchObject({
      message: `the integer ${text} is too large to be kept exactly`,
      column: 7,
    });
  });
}

test("JSON: integers that come back as they were are accepted", () => {
  const text = "[9007199254740991,9007199254740992,-9007199254740991,0,-0]";
  expect(encodeJson(decodeJsonText(text).value)).toEqual(
    new TextEncoder().encode(text.replace("-0", "0")),
  );
});

test("JSON: a number beyond all doubles is refused", () => {
  expect(failureOf("[1e400]").message).toBe(
    "json: cannot unmarshal number 1e400 into Go value of type float64",
  );
});

test("JSON: nesting beyond the limit is refused at once, however deep it is", () => {
  const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
  expect(accepts(decodeJsonText, nested(100))).toBe(true);
  expect(failureOf(nested(101)).message).toBe("exceeded max depth of 100");
  expect(failureOf("[".repeat(100_000))).toMatchObject({ line: 1, column: 101 });
  expect(failureOf('{"a":'.repeat(100_000)).message).toBe("exceeded max depth of 100");
  expect(accepts((text) => decodeJsonText(text, { depthMax: 3 }), nested(4))).toBe(false);
});

test("JSON: keys that mean something to JavaScript are ordinary keys", () => {
  const text =
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{}},"then":1,"toJSON":"x",' +
    '"hasOwnProperty":2,"toString":3,"valueOf":4,"prototype":5,"10":6,"2":7}';
  const { value } = decodeJsonText(text);
  const ordered = text.replace(',"10":6,"2":7', "").replace("{", '{"2":7,"10":6,');
  expect(new TextDecoder().decode(encodeJson(value))).toBe(ordered);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("JSON: a surrogate that stands alone becomes U+FFFD, as a value and as a key", () => {
  const { value } = decodeJsonText('{"\\ud800a":"\\udc00","ok":"\\ud83d\\ude00"}');
  expect(value).toEqual({ "\ufffda": "\ufffd", ok: "😀" });
});

test("JSON: numbers that are spelled as no integer is are told with their paths", () => {
  const text = '{"a":[1.0,{"b":1e3}],"c":1.5,"d":-0.0,"e":12}';
  const { value, spellings } = decodeJsonText(text);
  expect(value).toEqual({ a: [1, { b: 1000 }], c: 1.5, d: -0, e: 12 });
  expect([...(spellings ?? [])]).toEqual([
    ["a[0]", "1.0"],
    ["a[1].b", "1e3"],
    ["d", "-0.0"],
  ]);
  expect(decodeJsonText('{"a":1}')).toEqual({ value: { a: 1 }, duplicates: [] });
});
