import { expect, test } from "vitest";
import { CUT_WARNING_LETTERS_MAX, WARNING_LETTERS_MAX, warningHeaders } from "./warnings.ts";

test("warnings: each is told once, with quotes and backslashes escaped", () => {
  expect(warningHeaders(['unknown field "a\\b"', "", "x", "x"])).toEqual([
    '299 - "unknown field \\"a\\\\b\\""',
    '299 - "x"',
  ]);
});

test("warnings: what would break the header is left out, other languages are not", () => {
  expect(warningHeaders(["a\r\nset-cookie: x", "b\u0000", "c\u007f"])).toEqual([]);
  const [header = ""] = warningHeaders(["größe"]);
  expect(Buffer.from(header, "latin1").toString()).toBe('299 - "größe"');
});

test("warnings: too many are cut, and then end", () => {
  const long = "l".repeat(WARNING_LETTERS_MAX);
  expect(warningHeaders([long])).toEqual([`299 - "${long}"`]);
  const many = Array.from({ length: 100 }, (_, index) => `${index} ${"m".repeat(1_000)}`);
  const headers = warningHeaders([...many]);
  expect(headers).toHaveLength(WARNING_LETTERS_MAX / CUT_WARNING_LETTERS_MAX);
  for (const header of headers) expect(header).toHaveLength(CUT_WARNING_LETTERS_MAX + 8);
});
