import { describe, expect, test } from "vitest";
import { z, type ZodType } from "zod";
import { refuseConversions } from "./unconverted.ts";

const refuse = (schema: ZodType): void => {
  refuseConversions(schema["~standard"].jsonSchema, "spec");
};

describe("what converts is refused, for no server does it", () => {
  const toNumber = z.codec(z.string(), z.number(), { decode: Number, encode: String });

  test.each([
    [
      "a transform",
      z.object({ a: z.string().transform((text) => text.length) }),
      "spec: Transform",
    ],
    ["a codec", z.object({ a: toNumber }), "spec.a: string is made a number: servers run no code"],
    ["one in a list", z.object({ a: z.array(toNumber) }), "spec.a[]: string is made a number"],
    ["one in a map", z.record(z.string(), toNumber), "spec[*]: string is made a number"],
  ])("%s", (_, schema, why) => {
    expect(() => refuse(schema)).toThrow(why);
  });

  test.each([
    ["defaults", z.object({ a: z.int().default(1), b: z.string().prefault("x") })],
    ["limits and formats", z.object({ a: z.iso.datetime(), b: z.string().trim().min(1) })],
    ["unions", z.object({ a: z.union([z.int(), z.string()]), b: z.unknown() })],
    ["objects with and without other fields", z.looseObject({ a: z.strictObject({}) })],
  ])("%s are not conversions", (_, schema) => {
    expect(() => refuse(schema)).not.toThrow();
  });

  test("a library that says one direction only is believed", () => {
    expect(() => refuseConversions({ input: () => ({ type: "object" }) }, "spec")).not.toThrow();
  });
});
