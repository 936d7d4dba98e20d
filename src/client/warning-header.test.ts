import { expect, test } from "vitest";
import { warningTexts } from "./warning-header.ts";

for (const [header, expected] of [
  ['299 - "plain"', ["plain"]],
  ['299 - "a, b"', ["a, b"]],
  ['299 - "quoted \\"x\\" and \\\\"', ['quoted "x" and \\']],
  ['299 - "one", 299 agent "two"', ["one", "two"]],
  ['299 - "dated" "Wed, 21 Oct 2026 07:28:00 GMT", 299 - "next"', ["dated"]],
  ['199 - "other code", 299 - "ours"', ["ours"]],
  ['299 - "never ends', []],
  ["nonsense", []],
  ["", []],
] as const) {
  test(`the warnings in ${header || "nothing"}`, () => {
    expect(warningTexts([header])).toEqual(expected);
  });
}

test("several headers are several warnings", () => {
  expect(warningTexts(['299 - "a"', '299 - "b"'])).toEqual(["a", "b"]);
});
