/** The few words in which the generated schemas are written. */
import type { SchemaSource, StructuralSchema } from "../schema/structural-schema.ts";

export const text: StructuralSchema = { type: "string" };
export const flag: StructuralSchema = { type: "boolean" };
export const int32: StructuralSchema = { type: "integer", format: "int32" };
export const int64: StructuralSchema = { type: "integer", format: "int64" };
export const double: StructuralSchema = { type: "number", format: "double" };
/** Base64 in JSON. */
export const bytes: StructuralSchema = { type: "string", format: "byte" };
export const time: StructuralSchema = { type: "string", format: "date-time" };
export const microTime: StructuralSchema = { type: "string", format: "micro-time" };
/** A string, or a number that is read as one. */
export const quantity: StructuralSchema = { type: "string", format: "quantity" };
export const intOrString: StructuralSchema = { type: "any", format: "int-or-string" };
/** An object whose fields nobody here knows. */
export const anyObject: StructuralSchema = { type: "object", keepsUnknown: true };
/** The same, owned as a whole. */
export const wholeObject: StructuralSchema = {
  type: "object",
  keepsUnknown: true,
  mapType: "atomic",
};
export const anyValue: StructuralSchema = { type: "any", keepsUnknown: true };

/** An object with exactly these fields. */
export function object(
  properties: Readonly<Record<string, SchemaSource>>,
  rest: Pick<
    StructuralSchema,
    "typeName" | "required" | "writtenWhenEmpty" | "writtenNull" | "keptWhenZero" | "mapType"
  > = {},
): StructuralSchema {
  return { type: "object", properties, ...rest };
}

/** A map from any key to values of one shape. */
export function mapOf(values: SchemaSource): StructuralSchema {
  return { type: "object", additionalProperties: values };
}

/** A list that is replaced as a whole. */
export function listOf(items: SchemaSource): StructuralSchema {
  return { type: "array", items, listType: "atomic" };
}

/** A list of different scalars. */
export function setOf(items: SchemaSource): StructuralSchema {
  return { type: "array", items, listType: "set" };
}

/** A list of objects that differ in `keys`. */
export function mapListOf(items: SchemaSource, keys: readonly string[]): StructuralSchema {
  return { type: "array", items, listType: "map", listKeys: keys };
}

/** `schema` for a field that is taken to be `value` where it is left out. */
export function withDefault(schema: StructuralSchema, value: string | number): StructuralSchema {
  return { ...schema, default: value };
}

/** `source` owned as a whole (`atomic`) or in parts, whatever its type says. */
export function owned(source: SchemaSource, mapType: "atomic" | "granular"): SchemaSource {
  return changed(source, { mapType });
}

/**
 * `source` with its rule for strategic merge patches. A reference stays one: it is resolved when
 * it is first read, because schemas refer to each other before all of them exist.
 */
export function patched(
  source: SchemaSource,
  patchStrategy: string,
  patchMergeKey?: string,
): SchemaSource {
  const rule = { patchStrategy, ...(patchMergeKey === undefined ? {} : { patchMergeKey }) };
  return changed(source, rule);
}

function changed(source: SchemaSource, change: Partial<StructuralSchema>): SchemaSource {
  if (typeof source !== "function") return { ...source, ...change };
  let schema: StructuralSchema | undefined;
  return () => (schema ??= { ...source(), ...change });
}
