/**
 * A value made by a function of the user's, as the JSON it stands for: fields that are undefined
 * go, fields that are missing get the schema's defaults, and what is no JSON is refused.
 */
import { setField, VALUE_DEPTH_MAX, type MutableFields } from "../../../machinery/json-value.ts";
import { isFields, own, type Fields } from "../../../machinery/object.ts";
import { ConversionError } from "./conversion-error.ts";

/** A copy; `path` is where it stands, for refusals. */
export function jsonOfSchema(value: unknown, schema: Fields, path: string, depth = 0): unknown {
  if (depth > VALUE_DEPTH_MAX) throw new ConversionError(`${path}: is nested too deep`);
  if (Array.isArray(value)) {
    const items = fieldsOf(own(schema, "items"));
    return value.map((item: unknown, index) => {
      return jsonOfSchema(item ?? null, items, `${path}[${index}]`, depth + 1);
    });
  }
  if (isPlain(value)) return objectOf(value, schema, path, depth);
  if (isScalar(value)) return value;
  const what = typeof value === "object" ? "an instance of a class" : typeof value;
  throw new ConversionError(`${path}: is ${what}, which JSON cannot hold`);
}

function objectOf(value: Fields, schema: Fields, path: string, depth: number): Fields {
  const properties = fieldsOf(own(schema, "properties"));
  const others = fieldsOf(own(schema, "additionalProperties"));
  const made: MutableFields = {};
  for (const [name, member] of Object.entries(value)) {
    const inner = own(properties, name);
    const of = isFields(inner) ? inner : others;
    const given = member === null && !isNullable(of) ? (own(of, "default") ?? null) : member;
    if (given === undefined) continue;
    setField(made, name, jsonOfSchema(given, of, `${path}.${name}`, depth + 1));
  }
  for (const [name, inner] of Object.entries(properties)) {
    if (Object.hasOwn(made, name) || !isFields(inner)) continue;
    const standard = own(inner, "default");
    if (standard === undefined) continue;
    setField(made, name, jsonOfSchema(standard, inner, `${path}.${name}`, depth + 1));
  }
  return made;
}

function isNullable(schema: Fields): boolean {
  return own(schema, "nullable") === true;
}

function isPlain(value: unknown): value is Fields {
  if (!isFields(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A `bigint` is an integer that a number would round. */
function isScalar(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || ["string", "boolean", "bigint"].includes(typeof value);
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}
