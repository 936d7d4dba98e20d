import { expect, test } from "vitest";
import { childrenOf, compileCustomResourceSchema } from "./compile.ts";
import type { SchemaNode } from "./schema-node.ts";

function distinctNodes(root: SchemaNode): number {
  const seen = new Set<SchemaNode>();
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    pending.push(...childrenOf(node));
  }
  return seen.size;
}

test("compiled schemas: places that say the same are the same, descriptions say nothing", () => {
  const place = (description: string): unknown => ({
    type: "object",
    description,
    properties: { name: { type: "string", maxLength: 5 }, value: { type: "string" } },
  });
  const properties = {
    a: place("one"),
    b: place("other"),
    list: { type: "array", items: place("") },
  };
  const { root } = compileCustomResourceSchema({ type: "object", properties });
  expect(root.properties?.["a"]).toBe(root.properties?.["b"]);
  expect(root.properties?.["list"]?.items).toBe(root.properties?.["a"]);
  expect(distinctNodes(root)).toBe(5);
});

test("compiled schemas: values that look like nodes do not make places the same", () => {
  const properties = {
    a: { type: "object", default: { node: 0 }, items: { type: "string" } },
    b: { type: "object", default: { node: 1 }, items: { type: "string" } },
  };
  const { root } = compileCustomResourceSchema({ type: "object", properties });
  expect(root.properties?.["a"]?.default).toEqual({ node: 0 });
  expect(root.properties?.["b"]?.default).toEqual({ node: 1 });
});

test("compiled schemas: nonsense, prototypes and depth are no trouble", () => {
  const hostile: unknown = JSON.parse(
    '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":[]},"items":7}',
  );
  const { root } = compileCustomResourceSchema(hostile);
  expect(Object.keys(root.properties ?? {})).toEqual(["__proto__", "constructor"]);
  let deep: unknown = {};
  for (let depth = 0; depth < 100_000; depth += 1) deep = { items: deep };
  expect(compileCustomResourceSchema(deep).root).toEqual({ type: "", traits: 0 });
  expect(compileCustomResourceSchema(undefined).root).toEqual({ type: "", traits: 0 });
});
