/**
 * The one form in which the server keeps an object of a built-in kind, whatever way its writer
 * spelled it: nulls, empty maps, empty lists and zeros that say no more than a missing value are
 * left out; required fields, the parts of an object and what typed writers write anyway are there
 * (with the zero value of their type, which of a time is null); quantities and times are in their
 * canonical spelling. Two spellings of one object thus store the same bytes, and an update that
 * only respells writes nothing.
 *
 * Expects values whose types were checked against the schema; what does not fit is left alone.
 */
import { apiTime, parseApiTime } from "../machinery/api-time.ts";
import { isFields, own, type Fields } from "../machinery/object.ts";
import {
  milliValue,
  parseQuantity,
  quantityOfMilli,
  quantityText,
  type Quantity,
} from "../machinery/quantity.ts";
import {
  resolveSchema,
  type SchemaSource,
  type StructuralSchema,
} from "../schema/structural-schema.ts";

/** `object` in its canonical form; the very same object if it is in it already. */
export function canonicalForm<T>(object: T, schema: StructuralSchema): T {
  return canonicalValue(object, schema) as T;
}

function canonicalValue(value: unknown, schema: StructuralSchema): unknown {
  if (schema.keepsUnknown === true) return value;
  if (Array.isArray(value)) return canonicalList(value, schema);
  if (isFields(value)) return canonicalFields(value, schema);
  return canonicalScalar(value, schema);
}

const PLAIN_TYPES: ReadonlySet<string> = new Set(["boolean", "integer", "number", "string"]);

/** The parts of an object, and of a template of objects: structs, which are always there. */
const PARTS: readonly string[] = ["metadata", "spec", "status"];

function partsOf({ properties }: StructuralSchema): readonly string[] {
  if (properties === undefined || !Object.hasOwn(properties, "metadata")) return [];
  return PARTS.filter((key) => Object.hasOwn(properties, key));
}

function canonicalFields(fields: Fields, schema: StructuralSchema): unknown {
  const changes = new Map<string, unknown>(); // stays empty for nearly every object
  for (const key of Object.keys(fields)) {
    const kept = canonicalMember(key, fields[key], schema);
    if (kept !== fields[key]) changes.set(key, kept);
  }
  for (const key of schema.required ?? []) addMissing(key, fields, schema, changes);
  for (const key of schema.writtenWhenEmpty ?? []) addMissing(key, fields, schema, changes);
  for (const key of schema.writtenNull ?? []) {
    const kept = changes.has(key) ? changes.get(key) : own(fields, key);
    if (kept === undefined) changes.set(key, null);
  }
  for (const key of partsOf(schema)) addMissing(key, fields, schema, changes);
  if ([...changes].every(([key, value]) => value === own(fields, key))) return fields;
  const entries = new Map([...Object.entries(fields), ...changes]);
  return Object.fromEntries([...entries].filter(([, value]) => value !== undefined));
}

function addMissing(
  key: string,
  fields: Fields,
  schema: StructuralSchema,
  changes: Map<string, unknown>,
): void {
  const kept = changes.has(key) ? changes.get(key) : own(fields, key);
  if (kept !== undefined) return;
  const isWritten = schema.writtenWhenEmpty?.includes(key) === true;
  const zero = zeroOf(key, schema, isWritten);
  if (zero !== undefined) changes.set(key, zero);
}

/** The value as it is kept under `key`; undefined if it is left out. */
function canonicalMember(key: string, value: unknown, schema: StructuralSchema): unknown {
  const source = sourceOf(key, schema);
  if (source === undefined) return value;
  const inner = resolveSchema(source);
  if (schema.additionalProperties !== undefined) return canonicalEntry(value, inner);
  const kept = value === null ? undefined : canonicalValue(value, inner);
  if (schema.required?.includes(key) === true) return kept;
  return isLeftOut(kept, inner) || isZero(key, kept, inner, schema) ? undefined : kept;
}

/** Whether the value is what typed writers leave out of a field that may be missing. */
function isZero(
  key: string,
  value: unknown,
  inner: StructuralSchema,
  schema: StructuralSchema,
): boolean {
  if (value !== false && value !== 0 && value !== "") return false;
  if (!PLAIN_TYPES.has(inner.type) || inner.format === "quantity") return false;
  return !schema.keptWhenZero?.includes(key) && !schema.writtenWhenEmpty?.includes(key);
}

/** The value of a map. Amounts of resources have no part finer than a thousandth. */
function canonicalEntry(value: unknown, inner: StructuralSchema): unknown {
  if (value === null) return zeroValue(inner) ?? null;
  if (inner.format !== "quantity") return canonicalValue(value, inner);
  const quantity = quantityIn(value);
  if (quantity === undefined) return value;
  const isFiner = quantity.nano % 1_000_000n !== 0n;
  return quantityText(isFiner ? quantityOfMilli(milliValue(quantity)) : quantity);
}

function sourceOf(key: string, schema: StructuralSchema): SchemaSource | undefined {
  if (schema.additionalProperties !== undefined) return schema.additionalProperties;
  const properties = schema.properties ?? {};
  return Object.hasOwn(properties, key) ? properties[key] : undefined;
}

/** Empty maps and lists mean what absent ones mean; an empty struct says that it is there. */
function isLeftOut(value: unknown, schema: StructuralSchema): boolean {
  // What is kept as it was sent says something even when it is empty.
  if (schema.type === "any" || schema.keepsUnknown === true) return false;
  if (Array.isArray(value)) return value.length === 0;
  if (schema.additionalProperties === undefined) return false;
  return isFields(value) && Object.keys(value).length === 0;
}

function canonicalList(list: readonly unknown[], schema: StructuralSchema): unknown {
  if (schema.items === undefined) return list;
  const inner = resolveSchema(schema.items);
  const items = list.map((item) =>
    item === null ? (zeroValue(inner) ?? null) : canonicalValue(item, inner),
  );
  return items.every((item, index) => item === list[index]) ? list : items;
}

function canonicalScalar(value: unknown, schema: StructuralSchema): unknown {
  switch (schema.format) {
    case "quantity":
      return canonicalQuantity(value);
    case "date-time":
      return typeof value === "string" ? canonicalTime(value) : value;
    case "micro-time":
      return typeof value === "string" ? canonicalMicroTime(value) : value;
    default:
      return value;
  }
}

function canonicalQuantity(value: unknown): unknown {
  const quantity = quantityIn(value);
  return quantity === undefined ? value : quantityText(quantity);
}

function quantityIn(value: unknown): Quantity | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  return parseQuantity(String(value).trim());
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const MICRO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;

function canonicalTime(text: string): string {
  if (TIME.test(text)) return text;
  const ms = parseApiTime(text);
  const canonical = Number.isNaN(ms) ? text : apiTime(ms);
  return TIME.test(canonical) ? canonical : text; // years beyond 9999 have no such form
}

function canonicalMicroTime(text: string): string {
  if (MICRO_TIME.test(text)) return text;
  const seconds = canonicalTime(text);
  if (!TIME.test(seconds)) return text;
  const fraction = /\.(\d{1,9})/.exec(text)?.[1] ?? "";
  return `${seconds.slice(0, -1)}.${fraction.slice(0, 6).padEnd(6, "0")}Z`;
}

function zeroOf(key: string, schema: StructuralSchema, isWritten: boolean): unknown {
  const source = sourceOf(key, schema);
  if (source === undefined) return undefined;
  const inner = resolveSchema(source);
  if (isWritten && inner.type === "array") return null;
  // A required selector or reference that is missing is not the same as an empty one.
  return inner.mapType === "atomic" && !isWritten ? undefined : zeroValue(inner);
}

/** What typed clients read for an absent value; undefined where there is no such thing. */
function zeroValue(schema: StructuralSchema): unknown {
  if (schema.keepsUnknown === true) return undefined;
  switch (schema.type) {
    case "object":
      return canonicalFields({}, schema);
    case "array":
      return [];
    case "string":
      return zeroText(schema.format);
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    case "any":
      return schema.format === "int-or-string" ? 0 : undefined;
  }
}

function zeroText(format: string | undefined): string | null | undefined {
  switch (format) {
    case undefined:
    case "byte":
      return "";
    case "quantity":
      return "0";
    case "date-time":
    case "micro-time":
      return null;
    default:
      return undefined;
  }
}
