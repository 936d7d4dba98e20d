import { describe, expect, test } from "vitest";
import { z, type ZodType } from "zod";
import { pluralOf } from "./plural.ts";
import { toStructural } from "./structural-schema.ts";

const structuralOf = (schema: ZodType): unknown =>
  toStructural(schema["~standard"].jsonSchema.input({ target: "openapi-3.0" }), "spec");

describe("what a library says becomes structural", () => {
  test.each([
    ["a whole number", z.int(), { type: "integer", format: "int64" }],
    ["a bounded one", z.int().min(3), { type: "integer", format: "int64", minimum: 3 }],
    ["a number or a text", z.union([z.int(), z.string()]), { "x-kubernetes-int-or-string": true }],
    ["anything", z.unknown(), { "x-kubernetes-preserve-unknown-fields": true }],
    ["null or a text", z.string().nullable(), { type: "string", nullable: true }],
    [
      "a map",
      z.record(z.string(), z.boolean()),
      {
        type: "object",
        additionalProperties: { type: "boolean" },
      },
    ],
    [
      "a moment, without the library's pattern",
      z.iso.datetime(),
      {
        type: "string",
        format: "date-time",
      },
    ],
    ["words", z.enum(["a", "b"]), { type: "string", enum: ["a", "b"] }],
    [
      "an object that takes no other fields",
      z.strictObject({ a: z.boolean() }),
      {
        type: "object",
        properties: { a: { type: "boolean" } },
        required: ["a"],
      },
    ],
    [
      "an object that keeps other fields",
      z.looseObject({ a: z.boolean() }),
      {
        type: "object",
        properties: { a: { type: "boolean" } },
        required: ["a"],
        "x-kubernetes-preserve-unknown-fields": true,
      },
    ],
    [
      "two at once",
      z.intersection(z.object({ a: z.boolean() }), z.object({ b: z.boolean() })),
      {
        type: "object",
        properties: { a: { type: "boolean" }, b: { type: "boolean" } },
        required: ["a", "b"],
      },
    ],
  ])("%s", (_, schema, expected) => {
    expect(structuralOf(schema)).toEqual(expected);
  });

  test("one of several objects: fields once, demands in branches", () => {
    const schema = z.discriminatedUnion("type", [
      z.object({ type: z.literal("x"), a: z.string() }),
      z.object({ type: z.literal("y"), b: z.int().min(1) }),
    ]);
    expect(structuralOf(schema)).toEqual({
      type: "object",
      properties: {
        type: { type: "string", enum: ["x", "y"] },
        a: { type: "string" },
        b: { type: "integer", format: "int64", minimum: 1 },
      },
      oneOf: [
        { required: ["type", "a"], properties: { type: { enum: ["x"] } } },
        {
          required: ["type", "b"],
          properties: { type: { enum: ["y"] }, b: { minimum: 1 } },
        },
      ],
    });
  });

  test("marks of Kubernetes pass through", () => {
    const item = z.object({ name: z.string() });
    const marks = { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] };
    expect(structuralOf(z.array(item).meta(marks))).toMatchObject({ type: "array", ...marks });
  });
});

describe("what has no structural form is refused with its path and a way out", () => {
  type Tree = { readonly children: readonly Tree[] };
  const tree: ZodType<Tree> = z.lazy(() => z.object({ children: z.array(tree) }));

  test.each([
    ["a type within itself", z.object({ t: tree }), "describe the inner value as unknown"],
    ["a union of types", z.object({ u: z.union([z.string(), z.boolean()]) }), "spec.u: a union of"],
    ["a tuple", z.object({ t: z.tuple([z.string(), z.boolean()]) }), "spec.t[]: a union"],
    ["a pattern that looks ahead", z.object({ p: z.string().regex(/a(?=b)/) }), "spec.p: the patt"],
    [
      "one name, two types",
      z.union([z.object({ a: z.string() }), z.object({ a: z.object({ b: z.string() }) })]),
      "spec.a: the alternatives give this field different types",
    ],
  ])("%s", (_, schema, problem) => {
    expect(() => structuralOf(schema)).toThrow(problem);
  });
});

test("plurals of kinds", () => {
  const kinds = ["Site", "Policy", "Ingress", "Proxy", "Gateway", "Batch", "Mesh"];
  expect(kinds.map(pluralOf)).toEqual([
    "sites",
    "policies",
    "ingresses",
    "proxies",
    "gateways",
    "batches",
    "meshes",
  ]);
});
