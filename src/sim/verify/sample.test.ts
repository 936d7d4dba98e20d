import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import type { JSONSchemaProps } from "../../apis/apiextensions/v1/types.generated.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { randomStream } from "../choices/random-stream.ts";
import { buildBase } from "../scenario/build-system.ts";
import { boundarySamples, sampleOf, type Taste } from "./sample.ts";
import { specsOf } from "./specs.ts";

const integer: JSONSchemaProps = { type: "integer", minimum: 2, maximum: 9 };
const text: JSONSchemaProps = { type: "string", minLength: 2, maxLength: 4 };
const whole: JSONSchemaProps = {
  type: "object",
  required: ["integer", "list"],
  properties: {
    integer,
    text,
    list: { type: "array", items: text, minItems: 1, maxItems: 10 },
    map: { type: "object", additionalProperties: integer },
  },
};

test("the least is what is required, the most is all there may be, within reason", () => {
  expect(sampleOf(whole, "least")).toEqual({ integer: 2, list: ["aa"] });
  expect(sampleOf(whole, "most")).toEqual({
    integer: 9,
    text: "aaaa",
    list: ["aaaa", "aaaa-1", "aaaa-2"],
    map: { "key-0": 9, "key-1": 9, "key-2": 9 },
  });
});

test.each<[string, JSONSchemaProps, unknown, unknown]>([
  ["an enum", { type: "string", enum: ["a", "b", "c"] }, "a", "c"],
  [
    "a bound that is not included",
    { ...integer, exclusiveMinimum: true, exclusiveMaximum: true },
    3,
    8,
  ],
  ["a multiple", { ...integer, multipleOf: 4 }, 4, 8],
  ["a number without bounds", { type: "integer" }, 0, 5],
  ["a yes or no", { type: "boolean" }, false, true],
  ["a pattern", { type: "string", pattern: "^[a-z]+:[0-9]$" }, "web:1", "web:1"],
  ["a pattern that no example fits", { type: "string", pattern: "^x{7}$" }, undefined, undefined],
  [
    "a format",
    { type: "string", format: "date-time" },
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00Z",
  ],
])("the bounds of %s", (_what, schema, least, most) => {
  expect([sampleOf(schema, "least"), sampleOf(schema, "most")]).toEqual([least, most]);
});

test("each bound is tried with all else at its least", () => {
  expect([...boundarySamples(whole)]).toContainEqual({ integer: 9, list: ["aa"] });
  expect([...boundarySamples(whole)]).toContainEqual({ integer: 2, list: ["aa"], text: "aaaa" });
});

const Shop = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Shop",
  spec: z.object({
    name: z.string().min(1).max(30),
    places: z.int().min(0).max(50).default(1),
    size: z.enum(["small", "large"]).optional(),
    share: z.number().min(0).max(1).optional(),
    doors: z.array(z.object({ side: z.string().min(1), width: z.int().positive() })).max(4),
    notes: z.record(z.string(), z.string()).optional(),
  }),
  rules: [{ rule: "self.spec.places < 50 || has(self.spec.size)", message: "how large is it?" }],
});
const shopSchema = Shop.definition.spec.versions[0]?.schema?.openAPIV3Schema?.properties?.["spec"];

test("what chance chooses is the same for the same seed, and the server takes it", async () => {
  const tasteOf = (seed: number): Taste => ({ chance: randomStream(seed, "test") });
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const schema = shopSchema ?? {};
      expect(sampleOf(schema, tasteOf(seed))).toEqual(sampleOf(schema, tasteOf(seed)));
    }),
  );
  const base = await buildBase({ kinds: [Shop], given: [] });
  const { taken, refused } = await specsOf(Shop, base, { seed: 1, examples: [] });
  expect(taken.length).toBeGreaterThan(10);
  expect(refused.map(({ why }) => why)).toEqual([expect.stringContaining("how large is it?")]);
});

test("where the schema does not tell, an example does", async () => {
  const Key = defineResource({
    group: "example.dev",
    version: "v1",
    kind: "Key",
    scope: "Cluster",
    spec: z.object({ code: z.string().regex(/^q{3}-[0-9]{4}$/), uses: z.int().min(1).max(9) }),
  });
  const base = await buildBase({ kinds: [Key], given: [] });
  const without = await specsOf(Key, base, { seed: 1, examples: [] });
  expect(without.taken).toEqual([]);
  const example = { code: "qqq-1234", uses: 5 };
  const { taken } = await specsOf(Key, base, { seed: 1, examples: [example] });
  expect(taken.map(({ spec }) => spec)).toContainEqual(example);
  expect(taken.map(({ spec }) => spec)).toContainEqual({ ...example, uses: 9 });
});
