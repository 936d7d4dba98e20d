import { expect, test } from "vitest";
import { questionableFields, repeatedKeys } from "./questionable.ts";

const value = { spec: { unknown: 1, paused: true, list: [{ a: 1, odd: { b: 1 } }] }, also: 1 };
const doubts = {
  unknown: ["spec.unknown", "spec.list[0].odd", "also"],
  duplicates: ["spec.paused", "also", "spec.list[0].odd.b"],
};

test("fields are doubted in the order in which they stand in the body", () => {
  expect(questionableFields(value, doubts, "as sent")).toEqual([
    'unknown field "spec.unknown"',
    'duplicate field "spec.paused"',
    'unknown field "spec.list[0].odd"',
    'unknown field "also"',
  ]);
});

test("fields of YAML are doubted by their names", () => {
  const { unknown } = doubts;
  expect(questionableFields(value, { unknown, duplicates: [] }, "by name")).toEqual([
    'unknown field "also"',
    'unknown field "spec.list[0].odd"',
    'unknown field "spec.unknown"',
  ]);
});

test("keys that stand in YAML twice are told by their second lines", () => {
  const text = "data:\n  a: x\n  b: y\n  a: z\n";
  expect(repeatedKeys(text, ["data.a"])).toEqual(['line 4: key "a" already set in map']);
});
