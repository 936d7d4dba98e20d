/**
 * Protobuf messages as the JSON they stand for, by the schemas that judge JSON and a table of field
 * numbers. Typed clients send their writes this way; answers are always JSON, which they accept.
 *
 * Go writes every field that is not a pointer, also when it is empty; JSON leaves those out. So a
 * zero is dropped, unless the field is one of the few where zero says something.
 */
import { apiTime } from "../../machinery/api-time.ts";
import { decodeJson } from "../../machinery/codec/json.ts";
import { setField, VALUE_DEPTH_MAX, type MutableFields } from "../../machinery/json-value.ts";
import {
  resolveSchema,
  type SchemaSource,
  type StructuralSchema,
} from "../../schema/structural-schema.ts";
import { schemaName } from "../openapi/schema-names.ts";
import { FIELD_NUMBERS } from "./field-numbers.generated.ts";
import type { FieldNumbers } from "./field-numbers.ts";
import { ProtobufError, readFields, readPacked, signedNumber, type WireField } from "./wire.ts";

/** Numbers and flags that are pointers in Go: they are sent only when they are meant. */
const MEANT_ZEROS: ReadonlySet<string> = new Set([
  "activeDeadlineSeconds",
  "allocateLoadBalancerNodePorts",
  "allowPrivilegeEscalation",
  "automountServiceAccountToken",
  "blockOwnerDeletion",
  "controller",
  "defaultMode",
  "deletionGracePeriodSeconds",
  "enableServiceLinks",
  "expirationSeconds",
  "fsGroup",
  "gracePeriodSeconds",
  "hostUsers",
  "immutable",
  "leaseDurationSeconds",
  "leaseTransitions",
  "mode",
  "optional",
  "orphanDependents",
  "priority",
  "privileged",
  "progressDeadlineSeconds",
  "readOnlyRootFilesystem",
  "replicas",
  "revisionHistoryLimit",
  "runAsGroup",
  "runAsNonRoot",
  "runAsUser",
  "setHostnameAsFQDN",
  "shareProcessNamespace",
  "started",
  "terminationGracePeriodSeconds",
  "tolerationSeconds",
]);

/** The last second of the year 9999. */
const SECONDS_MAX = 253_402_300_799;

/** The fields of a message of this shape. Throws `ProtobufError`. */
export function decodeMessage(message: Uint8Array, schema: StructuralSchema): MutableFields {
  const target: MutableFields = {};
  const numbers = numbersOf(schema);
  if (numbers === undefined) throw new ProtobufError("this kind is not served as protobuf");
  decodeInto(target, message, schema, numbers, 0);
  return target;
}

type Numbered =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "inline"; readonly numbers: FieldNumbers };

const lookups = new WeakMap<FieldNumbers, ReadonlyMap<number, Numbered>>();

function numbersOf(schema: StructuralSchema): FieldNumbers | undefined {
  const name = schemaName(schema);
  return name !== undefined && Object.hasOwn(FIELD_NUMBERS, name) ? FIELD_NUMBERS[name] : undefined;
}

function decodeInto(
  target: MutableFields,
  message: Uint8Array,
  schema: StructuralSchema,
  numbers: FieldNumbers,
  depth: number,
): void {
  if (depth > VALUE_DEPTH_MAX) throw new ProtobufError(`exceeded max depth of ${VALUE_DEPTH_MAX}`);
  const byNumber = lookupOf(numbers);
  for (const field of readFields(message)) {
    const known = byNumber.get(field.number);
    if (known === undefined) continue; // a field of a newer version
    if (known.kind === "inline") {
      decodeInto(target, bytesOf(field), schema, known.numbers, depth + 1);
      continue;
    }
    const source = schema.properties?.[known.name];
    if (source !== undefined) decodeField(target, known.name, field, source, depth);
  }
}

function lookupOf(numbers: FieldNumbers): ReadonlyMap<number, Numbered> {
  const known = lookups.get(numbers);
  if (known !== undefined) return known;
  const made = new Map<number, Numbered>(
    Object.entries(numbers).map(([name, entry]) =>
      typeof entry === "number"
        ? [entry, { kind: "field", name }]
        : [entry.number, { kind: "inline", numbers: entry.fields }],
    ),
  );
  lookups.set(numbers, made);
  return made;
}

function decodeField(
  target: MutableFields,
  name: string,
  field: WireField,
  source: SchemaSource,
  depth: number,
): void {
  const schema = resolveSchema(source);
  if (schema.type === "array" && schema.items !== undefined) {
    const list = Array.isArray(target[name]) ? (target[name] as unknown[]) : [];
    target[name] = list;
    list.push(...decodeItems(field, resolveSchema(schema.items), depth));
    return;
  }
  if (schema.additionalProperties !== undefined) {
    const map = (target[name] ?? {}) as MutableFields;
    target[name] = map;
    decodeMember(map, bytesOf(field), resolveSchema(schema.additionalProperties), depth);
    return;
  }
  const value = decodeValue(field, schema, depth);
  const isZero = value === "" || value === 0 || value === false;
  if (value === undefined || (isZero && !MEANT_ZEROS.has(name))) return;
  target[name] = value;
}

function decodeItems(
  field: WireField,
  schema: StructuralSchema,
  depth: number,
): readonly unknown[] {
  const isNumbers = schema.type === "integer" || schema.type === "boolean";
  if (isNumbers && field.kind === "bytes") return readPacked(field.bytes).map(signedNumber);
  return [decodeValue(field, schema, depth)];
}

/** One entry of a map: key and value are the fields 1 and 2 of a message. */
function decodeMember(
  map: MutableFields,
  message: Uint8Array,
  schema: StructuralSchema,
  depth: number,
): void {
  let key = "";
  let value: unknown = schema.type === "string" && schema.format === undefined ? "" : undefined;
  for (const field of readFields(message)) {
    if (field.number === 1) key = textOf(field);
    else if (field.number === 2) value = decodeValue(field, schema, depth + 1);
  }
  if (value !== undefined) setField(map, key, value);
}

function decodeValue(field: WireField, schema: StructuralSchema, depth: number): unknown {
  switch (schema.format) {
    case "byte":
      return base64(bytesOf(field));
    case "date-time":
      return decodeTime(bytesOf(field), 0);
    case "micro-time":
      return decodeTime(bytesOf(field), 6);
    case "quantity":
      return decodeQuantity(bytesOf(field));
    case "int-or-string":
      return decodeIntOrString(bytesOf(field));
    default:
      return decodeByType(field, schema, depth);
  }
}

function decodeByType(field: WireField, schema: StructuralSchema, depth: number): unknown {
  switch (schema.type) {
    case "string":
      return textOf(field);
    case "boolean":
      return varintOf(field) !== 0n;
    case "integer":
      return signedNumber(varintOf(field));
    case "number":
      return doubleOf(field);
    case "object":
    case "array":
    case "any": {
      if (schema.properties === undefined) return decodeRaw(bytesOf(field));
      const numbers = numbersOf(schema);
      if (numbers === undefined) throw new ProtobufError("a message has no table of fields");
      const value: MutableFields = {};
      decodeInto(value, bytesOf(field), schema, numbers, depth + 1);
      return value;
    }
  }
}

/** Values nobody here knows the shape of travel as JSON in field 1. */
function decodeRaw(message: Uint8Array): unknown {
  const raw = readFields(message).find((field) => field.number === 1);
  if (raw === undefined || bytesOf(raw).length === 0) return undefined;
  return decodeJson(bytesOf(raw)).value;
}

/** Seconds and nanoseconds, printed to so many digits; the zero time is no time. */
function decodeTime(message: Uint8Array, digits: 0 | 6): string | undefined {
  const fields = readFields(message);
  if (fields.length === 0) return undefined;
  let seconds = 0;
  let nanos = 0;
  for (const field of fields) {
    if (field.number === 1) seconds = signedNumber(varintOf(field));
    else if (field.number === 2) nanos = signedNumber(varintOf(field));
  }
  if (Math.abs(seconds) > SECONDS_MAX || nanos < 0 || nanos > 999_999_999) {
    throw new ProtobufError("a time is out of range");
  }
  const text = apiTime(seconds * 1_000);
  if (digits === 0) return text;
  const fraction = String(nanos).padStart(9, "0").slice(0, digits);
  return `${text.slice(0, -1)}.${fraction}Z`;
}

function decodeQuantity(message: Uint8Array): string {
  const text = readFields(message).find((field) => field.number === 1);
  return text === undefined ? "0" : textOf(text);
}

function decodeIntOrString(message: Uint8Array): number | string {
  let isText = false;
  let number = 0;
  let text = "";
  for (const field of readFields(message)) {
    if (field.number === 1) isText = varintOf(field) === 1n;
    else if (field.number === 2) number = signedNumber(varintOf(field));
    else if (field.number === 3) text = textOf(field);
  }
  return isText ? text : number;
}

function bytesOf(field: WireField): Uint8Array {
  if (field.kind !== "bytes") throw new ProtobufError("a field has another wire type");
  return field.bytes;
}

function varintOf(field: WireField): bigint {
  if (field.kind !== "varint") throw new ProtobufError("a field has another wire type");
  return field.value;
}

function doubleOf(field: WireField): number {
  if (field.kind !== "fixed" || field.bytes.length !== 8) {
    throw new ProtobufError("a field has another wire type");
  }
  const { buffer, byteOffset } = field.bytes;
  return new DataView(buffer, byteOffset, 8).getFloat64(0, true);
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function textOf(field: WireField): string {
  try {
    return decoder.decode(bytesOf(field));
  } catch (error) {
    if (error instanceof TypeError) throw new ProtobufError("a text is not valid UTF-8");
    throw error;
  }
}

function base64(bytes: Uint8Array): string {
  const letters: string[] = [];
  for (const byte of bytes) letters.push(String.fromCodePoint(byte));
  return btoa(letters.join(""));
}
