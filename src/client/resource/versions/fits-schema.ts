/**
 * Whether a value is what a structural schema describes, as far as its types, enumerations, bounds
 * and required fields go. Patterns, formats and rules are left to API servers.
 */
import { equalValues, VALUE_DEPTH_MAX } from "../../../machinery/json-value.ts";
import { isFields, own, type Fields } from "../../../machinery/object.ts";

export function fitsSchema(value: unknown, schema: Fields, depth = 0): boolean {
  if (depth > VALUE_DEPTH_MAX) return false;
  if (value === null) return own(schema, "nullable") === true || own(schema, "type") === undefined;
  const values = own(schema, "enum");
  if (Array.isArray(values) && !values.some((each) => equalValues(each, value))) return false;
  if (own(schema, "x-kubernetes-int-or-string") === true) {
    return typeof value === "string" || isInteger(value);
  }
  switch (own(schema, "type")) {
    case "object":
      return isFields(value) && objectFits(value, schema, depth);
    case "array": {
      const items = own(schema, "items");
      if (!Array.isArray(value) || !isWithin(value.length, schema, "Items")) return false;
      return value.every((item) => fitsSchema(item, isFields(items) ? items : {}, depth + 1));
    }
    case "string":
      return typeof value === "string" && isWithin(Array.from(value).length, schema, "Length");
    case "integer":
      return isInteger(value) && isWithin(Number(value), schema, "imum");
    case "number":
      return isNumeric(value) && isWithin(Number(value), schema, "imum");
    case "boolean":
      return typeof value === "boolean";
    default:
      return true;
  }
}

function objectFits(value: Fields, schema: Fields, depth: number): boolean {
  const required = own(schema, "required");
  if (Array.isArray(required) && required.some((name) => !Object.hasOwn(value, String(name)))) {
    return false;
  }
  const properties = own(schema, "properties");
  const others = own(schema, "additionalProperties");
  return Object.entries(value).every(([name, member]) => {
    const named = isFields(properties) ? own(properties, name) : undefined;
    const inner = isFields(named) ? named : others;
    return fitsSchema(member, isFields(inner) ? inner : {}, depth + 1);
  });
}

/** Between `min…` and `max…` of a schema, e.g. `minLength` and `maxLength`. */
function isWithin(size: number, schema: Fields, of: "Items" | "Length" | "imum"): boolean {
  const [min, max] = [own(schema, `min${of}`), own(schema, `max${of}`)];
  return (typeof min !== "number" || size >= min) && (typeof max !== "number" || size <= max);
}

function isInteger(value: unknown): boolean {
  return typeof value === "bigint" || Number.isInteger(value);
}

function isNumeric(value: unknown): boolean {
  return typeof value === "bigint" || typeof value === "number";
}
