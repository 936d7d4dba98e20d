import { exactText } from "../machinery/codec/exact-json.ts";
import {
  resolveSchema,
  type SchemaSource,
  type StructuralSchema,
} from "../schema/structural-schema.ts";

/** Keys with a meaning of their own in a strategic merge patch. */
export const PATCH_DIRECTIVE = "$patch";
export const RETAIN_KEYS = "$retainKeys";
export const SET_ELEMENT_ORDER = "$setElementOrder/";
export const DELETE_FROM_PRIMITIVE_LIST = "$deleteFromPrimitiveList/";

/** Whether a key of a patch is a directive and not a field. */
export function isDirective(key: string): boolean {
  return (
    key === PATCH_DIRECTIVE ||
    key === RETAIN_KEYS ||
    key.startsWith(SET_ELEMENT_ORDER) ||
    key.startsWith(DELETE_FROM_PRIMITIVE_LIST)
  );
}

/** How one field is patched. Without a schema: as a merge patch would. */
export type PatchRule = {
  /** Of the field, or of the items of a list. */
  readonly schema: StructuralSchema | undefined;
  readonly mode: "merge" | "replace";
  /** What tells the items of a merged list apart; undefined if they are scalars. */
  readonly mergeKey: string | undefined;
  /** Whether the field holds a list at all. */
  readonly isList: boolean;
  /** Fields that a change does not name are dropped: at most one of a union may be set. */
  readonly isRetaining: boolean;
};

/** The rule for a field holding an object. */
export function objectRule(schema: StructuralSchema | undefined, key: string): PatchRule {
  const field = fieldSchema(schema, key);
  const strategies = strategiesOf(field);
  return {
    schema: field,
    mode: strategies.includes("replace") ? "replace" : "merge",
    mergeKey: undefined,
    isList: false,
    isRetaining: strategies.includes("retainKeys"),
  };
}

/** The rule for a field holding a list. */
export function listRule(schema: StructuralSchema | undefined, key: string): PatchRule {
  const field = fieldSchema(schema, key);
  const strategies = strategiesOf(field);
  return {
    schema: resolved(field?.items),
    mode: strategies.includes("merge") ? "merge" : "replace",
    mergeKey: field?.patchMergeKey,
    isList: field === undefined || field.type === "array" || field.type === "any",
    isRetaining: strategies.includes("retainKeys"),
  };
}

/** Whether the schema says anything about the field; what no schema describes has any. */
export function isKnownField(schema: StructuralSchema | undefined, key: string): boolean {
  if (schema === undefined || schema.type !== "object") return true;
  const { properties, additionalProperties } = schema;
  if (properties === undefined && additionalProperties === undefined) return true;
  return Object.hasOwn(properties ?? {}, key);
}

/** A text that is equal exactly for equal scalars. */
export function scalarKey(value: unknown): string {
  return value === undefined ? "" : exactText(value);
}

function fieldSchema(
  schema: StructuralSchema | undefined,
  key: string,
): StructuralSchema | undefined {
  const properties = schema?.properties ?? {};
  return resolved(Object.hasOwn(properties, key) ? properties[key] : schema?.additionalProperties);
}

function resolved(source: SchemaSource | undefined): StructuralSchema | undefined {
  return source === undefined ? undefined : resolveSchema(source);
}

function strategiesOf(schema: StructuralSchema | undefined): readonly string[] {
  return schema?.patchStrategy?.split(",") ?? [];
}
