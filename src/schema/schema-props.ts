/**
 * Reading a `JSONSchemaProps` from plain JSON. Members are read as upstream's decoder leaves them:
 * absent, null and ill-typed are the same, and a text is empty if it is not there. (The strict
 * reading of definitions has told users about ill-typed members by then.)
 */
import { isFields, own, type Fields } from "../machinery/object.ts";

/** A schema as JSON. */
export type SchemaProps = Fields;

/** A text; "" if there is none. */
export function textAt(props: SchemaProps, key: string): string {
  const value = own(props, key);
  return typeof value === "string" ? value : "";
}

/** A text, or undefined: for members where upstream keeps a pointer. */
export function optionalTextAt(props: SchemaProps, key: string): string | undefined {
  const value = own(props, key);
  return typeof value === "string" ? value : undefined;
}

export function isSet(props: SchemaProps, key: string): boolean {
  return own(props, key) === true;
}

export function numberAt(props: SchemaProps, key: string): number | undefined {
  const value = own(props, key);
  if (typeof value === "bigint") return Number(value); // a boundary is a double, as upstream
  return typeof value === "number" ? value : undefined;
}

/** A list of texts; empty if there is none. */
export function textsAt(props: SchemaProps, key: string): readonly string[] {
  const value = own(props, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A list of any values; empty if there is none. */
export function valuesAt(props: SchemaProps, key: string): readonly unknown[] {
  const value = own(props, key);
  return Array.isArray(value) ? value : [];
}

/** A schema; undefined if there is none (or a boolean). */
export function schemaAt(props: SchemaProps, key: string): SchemaProps | undefined {
  const value = own(props, key);
  return isFields(value) ? value : undefined;
}

/** A list of schemas, of `allOf` and its like. */
export function schemasAt(props: SchemaProps, key: string): readonly SchemaProps[] {
  return valuesAt(props, key).map((value) => (isFields(value) ? value : {}));
}

/** Named schemas in the order of their names: upstream's order is random, this one is not. */
export function namedSchemasAt(
  props: SchemaProps,
  key: string,
): readonly (readonly [string, SchemaProps])[] {
  const value = own(props, key);
  if (!isFields(value)) return [];
  const names = Object.keys(value).toSorted();
  return names.map((name) => [name, schemaAt(value, name) ?? {}] as const);
}

/** The default; undefined for none, and for null, which is none. */
export function defaultAt(props: SchemaProps): unknown {
  return own(props, "default") ?? undefined;
}

/** Whether a member is there at all (null is not). */
export function has(props: SchemaProps, key: string): boolean {
  return (own(props, key) ?? undefined) !== undefined;
}

/** The rules of `x-kubernetes-validations`, as they are written. */
export function rulesAt(props: SchemaProps): readonly Fields[] {
  return schemasAt(props, "x-kubernetes-validations");
}
