import { expect, test } from "vitest";
import { quoted } from "./go-quote.ts";

test.each([
  ["web-1", '"web-1"'],
  ["", '""'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ["a\nb\tc\u0000\u0007\u007f", '"a\\nb\\tc\\x00\\a\\x7f"'],
  ["é€😀", '"é€😀"'],
  ["a\u00a0b\u200bc", '"a\\u00a0b\\u200bc"'],
  ["\u{e0001}", '"\\U000e0001"'],
  ["<a> & 'b'", `"<a> & 'b'"`],
])("%j is shown as upstream shows it", (text, shown) => {
  expect(quoted(text)).toBe(shown);
});
