/**
 * Fields of a schema that stand below `items`, `additionalProperties` and `dependencies`. These
 * places hold a schema or something else, so the field tables cannot look into them: what is
 * unknown there is dropped without a word, as upstream does.
 */
import { checkFields } from "../../../schema/strict.ts";
import { isFields, type Fields } from "../../../machinery/object.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { jsonSchemaPropsSchema } from "./schema.generated.ts";
import type { JSONSchemaProps } from "./types.generated.ts";

const MIXED_KEYS: readonly string[] = ["items", "additionalProperties", "additionalItems"];
const MAP_KEYS: readonly string[] = ["properties", "patternProperties", "definitions"];
const LIST_KEYS: readonly string[] = ["allOf", "anyOf", "oneOf"];

/** The very same schema if there is nothing to drop. Its depth was checked when it was decoded. */
export function withoutUnknownSchemaFields(schema: JSONSchemaProps): JSONSchemaProps {
  return known(schema) as JSONSchemaProps;
}

function known(schema: Fields): Fields {
  const changes: (readonly [string, unknown])[] = [];
  const set = (key: string, before: unknown, after: unknown): void => {
    if (after !== before) changes.push([key, after]);
  };
  for (const [key, value] of Object.entries(schema)) {
    if (MIXED_KEYS.includes(key)) set(key, value, mixed(value));
    else if (key === "not" && isFields(value)) set(key, value, known(value));
    else if (LIST_KEYS.includes(key) && Array.isArray(value)) set(key, value, list(value));
    else if (MAP_KEYS.includes(key) && isFields(value)) set(key, value, map(value, inner));
    else if (key === "dependencies" && isFields(value)) set(key, value, map(value, mixed));
  }
  if (changes.length === 0) return schema;
  return Object.fromEntries([...Object.entries(schema), ...changes]);
}

function inner(value: unknown): unknown {
  return isFields(value) ? known(value) : value;
}

function mixed(value: unknown): unknown {
  if (Array.isArray(value)) return list(value, mixed);
  if (!isFields(value)) return value;
  const report = checkFields(value, jsonSchemaPropsSchema);
  const isClean = report.unknown.length === 0 && report.typeProblems.length === 0;
  const kept = isClean ? value : isFields(report.value) ? report.value : {};
  return known(canonicalForm(kept, jsonSchemaPropsSchema));
}

function list(values: readonly unknown[], step = inner): readonly unknown[] {
  const kept = values.map((value) => step(value));
  return kept.every((value, index) => value === values[index]) ? values : kept;
}

function map(values: Fields, step: (value: unknown) => unknown): Fields {
  const entries = Object.entries(values);
  const kept = entries.map(([key, value]): readonly [string, unknown] => [key, step(value)]);
  if (kept.every(([, value], index) => value === entries[index]?.[1])) return values;
  return Object.fromEntries(kept);
}
