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
import { setField, type MutableFields } from "../machinery/json-value.ts";
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
  return formOf(schema)(object) as T;
}

/** What a value is kept as: itself, if that is canonical. */
type Form = (value: unknown) => unknown;

const forms = new WeakMap<StructuralSchema, Form>();

/** The form of a place: what its schema says is looked up once, as far as values reach into it. */
function formOf(schema: StructuralSchema): Form {
  let form = forms.get(schema);
  if (form === undefined) forms.set(schema, (form = makeForm(schema)));
  return form;
}

function asItIs(value: unknown): unknown {
  return value;
}

const PLAIN_TYPES: ReadonlySet<string> = new Set(["boolean", "integer", "number", "string"]);

function makeForm(schema: StructuralSchema): Form {
  if (schema.keepsUnknown === true) return asItIs;
  const scalar = scalarForm(schema);
  if (PLAIN_TYPES.has(schema.type)) return scalar;
  const { additionalProperties } = schema;
  const list = listForm(schema);
  const fields =
    additionalProperties === undefined ? structForm(schema) : mapForm(additionalProperties);
  return (value) => {
    if (Array.isArray(value)) return list(value);
    return isFields(value) ? fields(value) : scalar(value);
  };
}

/** The parts of an object, and of a template of objects: structs, which are always there. */
const PARTS: readonly string[] = ["metadata", "spec", "status"];

function partsOf({ properties }: StructuralSchema): readonly string[] {
  if (properties === undefined || !Object.hasOwn(properties, "metadata")) return [];
  return PARTS.filter((key) => Object.hasOwn(properties, key));
}

/** What is different in the canonical form; undefined: nothing. */
type Changes = Map<string, unknown> | undefined;

function structForm(schema: StructuralSchema): (fields: Fields) => unknown {
  const { properties = {}, required = [], writtenWhenEmpty = [], writtenNull = [] } = schema;
  const members = new Map<string, Form>();
  const memberOf = (key: string): Form => {
    const known = members.get(key);
    if (known !== undefined) return known;
    const source = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (source === undefined) return asItIs;
    const made = memberForm(key, resolveSchema(source), schema);
    members.set(key, made);
    return made;
  };
  const always = [...new Set([...required, ...writtenWhenEmpty])];
  const parts = partsOf(schema);
  return (fields) => {
    let changes: Changes;
    for (const key of Object.keys(fields)) {
      const kept = memberOf(key)(fields[key]);
      if (kept !== fields[key]) changes = (changes ?? new Map<string, unknown>()).set(key, kept);
    }
    for (const key of always) changes = withMissing(key, fields, schema, changes);
    for (const key of writtenNull) {
      if (keptOf(key, fields, changes) !== undefined) continue;
      changes = (changes ?? new Map<string, unknown>()).set(key, null);
    }
    for (const key of parts) changes = withMissing(key, fields, schema, changes);
    return changes === undefined ? fields : changedFields(fields, changes);
  };
}

function keptOf(key: string, fields: Fields, changes: Changes): unknown {
  return changes?.has(key) === true ? changes.get(key) : own(fields, key);
}

/** `changes` with the zero of a field that is there even when nothing is in it. */
function withMissing(
  key: string,
  fields: Fields,
  schema: StructuralSchema,
  changes: Changes,
): Changes {
  if (keptOf(key, fields, changes) !== undefined) return changes;
  const zero = zeroOf(key, schema, schema.writtenWhenEmpty?.includes(key) === true);
  return zero === undefined ? changes : (changes ?? new Map<string, unknown>()).set(key, zero);
}

function changedFields(fields: Fields, changes: ReadonlyMap<string, unknown>): Fields {
  if ([...changes].every(([key, value]) => value === own(fields, key))) return fields;
  const made: MutableFields = {};
  for (const key of Object.keys(fields)) {
    const value = changes.has(key) ? changes.get(key) : fields[key];
    if (value !== undefined) setField(made, key, value);
  }
  for (const [key, value] of changes) {
    if (value !== undefined && !Object.hasOwn(fields, key)) setField(made, key, value);
  }
  return made;
}

/** The value as a struct keeps it under `key`; undefined if it is left out. */
function memberForm(key: string, inner: StructuralSchema, schema: StructuralSchema): Form {
  const form = formOf(inner);
  const canBeZero =
    !PLAIN_TYPES.has(inner.type) ||
    inner.format === "quantity" ||
    schema.keptWhenZero?.includes(key) === true ||
    schema.writtenWhenEmpty?.includes(key) === true;
  if (schema.required?.includes(key) === true) {
    return (value) => (value === null ? undefined : form(value));
  }
  return (value) => {
    const kept = value === null ? undefined : form(value);
    return isLeftOut(kept, inner) || (!canBeZero && isZero(kept)) ? undefined : kept;
  };
}

/** Whether the value is what typed writers leave out of a field that may be missing. */
function isZero(value: unknown): boolean {
  return value === false || value === 0 || value === "";
}

/** Empty maps and lists mean what absent ones mean; an empty struct says that it is there. */
function isLeftOut(value: unknown, schema: StructuralSchema): boolean {
  if (typeof value !== "object" || value === null) return false;
  // What is kept as it was sent says something even when it is empty.
  if (schema.type === "any" || schema.keepsUnknown === true) return false;
  if (Array.isArray(value)) return value.length === 0;
  return schema.additionalProperties !== undefined && Object.keys(value).length === 0;
}

/** The values of a map. Amounts of resources have no part finer than a thousandth. */
function mapForm(values: SchemaSource): (fields: Fields) => unknown {
  const entryForm = lazily(() => entryFormOf(resolveSchema(values)));
  return (fields) => {
    const form = entryForm();
    let changes: Changes;
    for (const key of Object.keys(fields)) {
      const kept = form(fields[key]);
      if (kept !== fields[key]) changes = (changes ?? new Map<string, unknown>()).set(key, kept);
    }
    return changes === undefined ? fields : changedFields(fields, changes);
  };
}

function entryFormOf(inner: StructuralSchema): Form {
  const form = inner.format === "quantity" ? canonicalAmount : formOf(inner);
  return (value) => (value === null ? (zeroValue(inner) ?? null) : form(value));
}

function canonicalAmount(value: unknown): unknown {
  const quantity = quantityIn(value);
  if (quantity === undefined) return value;
  const isFiner = quantity.nano % 1_000_000n !== 0n;
  return quantityText(isFiner ? quantityOfMilli(milliValue(quantity)) : quantity);
}

function listForm({ items }: StructuralSchema): (list: readonly unknown[]) => unknown {
  if (items === undefined) return asItIs;
  const itemForm = lazily(() => {
    const inner = resolveSchema(items);
    const form = formOf(inner);
    return (item: unknown) => (item === null ? (zeroValue(inner) ?? null) : form(item));
  });
  return (list) => {
    const form = itemForm();
    const kept = list.map(form);
    return kept.every((item, index) => item === list[index]) ? list : kept;
  };
}

/** Schemas refer to themselves, so what is inside of one is made when a value first gets there. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function scalarForm(schema: StructuralSchema): Form {
  switch (schema.format) {
    case "quantity":
      return canonicalQuantity;
    case "date-time":
      return (value) => (typeof value === "string" ? canonicalTime(value) : value);
    case "micro-time":
      return (value) => (typeof value === "string" ? canonicalMicroTime(value) : value);
    default:
      return asItIs;
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
  const { properties = {} } = schema;
  const source = Object.hasOwn(properties, key) ? properties[key] : undefined;
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
      return formOf(schema)({});
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
