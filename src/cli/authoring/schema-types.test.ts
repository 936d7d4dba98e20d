/** Types of schemas, and of whole definitions. */
import { expect, test } from "vitest";
import { literalText } from "./literal-text.ts";
import { typeText } from "./schema-types.ts";

test.each([
  { schema: { type: "string" }, type: "string" },
  { schema: { type: "integer" }, type: "number" },
  { schema: { type: "boolean", nullable: true }, type: "boolean | null" },
  { schema: { type: "string", enum: ["a", "b", "a"] }, type: '"a" | "b"' },
  { schema: { "x-kubernetes-int-or-string": true }, type: "number | string" },
  { schema: { type: "array", items: { type: "string" } }, type: "readonly string[]" },
  {
    schema: { type: "array", items: { type: "string", enum: ["a", "b"] } },
    type: 'readonly ("a" | "b")[]',
  },
  {
    schema: { type: "array", items: { type: "array", items: { type: "number" } } },
    type: "readonly (readonly number[])[]",
  },
  {
    schema: { type: "object", additionalProperties: { type: "string" } },
    type: "{\n  readonly [name: string]: string;\n}",
  },
  {
    schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    type: "{\n  readonly [name: string]: unknown;\n}",
  },
  { schema: { type: "object" }, type: "{ readonly [name: string]: never }" },
  { schema: { "x-kubernetes-preserve-unknown-fields": true }, type: "unknown" },
  { schema: { "x-kubernetes-preserve-unknown-fields": true, nullable: true }, type: "unknown" },
])("$schema is of type $type", ({ schema, type }) => {
  expect(typeText(schema, "stored")).toBe(type);
});

const LIMITS = {
  type: "object",
  required: ["host", "port"],
  properties: {
    host: { type: "string" },
    port: { type: "integer", default: 80 },
    "max-age": { type: "integer" },
  },
};

test("a default is there when the object is read, and may be left out when it is written", () => {
  expect(typeText(LIMITS, "stored")).toBe(
    '{\n  readonly host: string;\n  readonly port: number;\n  readonly "max-age"?: number;\n}',
  );
  expect(typeText(LIMITS, "written")).toBe(
    '{\n  readonly host: string;\n  readonly port?: number;\n  readonly "max-age"?: number;\n}',
  );
});

test("a description is a comment that it cannot end", () => {
  const schema = { type: "object", properties: { a: { type: "string", description: "x */ y" } } };
  expect(typeText(schema, "stored")).toBe("{\n  /** x * / y */\n  readonly a?: string;\n}");
});

test("a literal is laid out as a formatter would, and keeps every name a field", () => {
  expect(literalText({ a: [1, "two", { b: null }] })).toBe('{ a: [1, "two", { b: null }] }');
  expect(literalText(JSON.parse('{"__proto__": 1, "a-b": true}'))).toBe(
    '{ ["__proto__"]: 1, "a-b": true }',
  );
  const long = "x".repeat(60);
  expect(literalText({ a: long, b: [long] })).toBe(`{\n  a: "${long}",\n  b: ["${long}"],\n}`);
});
