import type { StructuralSchema } from "../../schema/structural-schema.ts";

const text: StructuralSchema = { type: "string" };
const labels: StructuralSchema = { type: "object", additionalProperties: text };

/** A kind with every way of being patched; its keyed list holds another one. */
export function aPatchedSchema(): StructuralSchema {
  return { type: "object", properties: { ...FIELDS, items: keyed(() => item) } };
}

const union: StructuralSchema = {
  type: "object",
  patchStrategy: "retainKeys",
  properties: { type: text, rolling: labels, other: labels },
};

const FIELDS = {
  note: text,
  labels,
  union,
  whole: { ...labels, patchStrategy: "replace" },
  tags: { type: "array", items: text, patchStrategy: "merge" },
  plain: { type: "array", items: text },
} as const;

const item: StructuralSchema = {
  type: "object",
  properties: { name: text, value: text, ...FIELDS, inner: keyed(() => leaf) },
};

const leaf: StructuralSchema = { type: "object", properties: { name: text, value: text, labels } };

function keyed(items: () => StructuralSchema): StructuralSchema {
  return { type: "array", items, patchStrategy: "merge", patchMergeKey: "name" };
}
