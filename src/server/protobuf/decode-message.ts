/**
 * Protobuf messages as the JSON they stand for.
 *
 * Go writes every field that is not a pointer, also when it is empty; JSON leaves those out. So a
 * zero is dropped, unless it is one that says something, or that JSON prints all the same.
 */
import { apiTime } from "../../machinery/api-time.ts";
import { decodeJson } from "../../machinery/codec/json.ts";
import { setField, VALUE_DEPTH_MAX, type MutableFields } from "../../machinery/json-value.ts";
import { isFields, own } from "../../machinery/object.ts";
import type { StructuralSchema } from "../../schema/structural-schema.ts";
import {
  shapeOf,
  type Form,
  type MessageShape,
  type SchemaOr,
  type ValueField,
} from "./message-shape.ts";
import { ProtobufError, readFields, readPacked, signedNumber, type WireField } from "./wire.ts";

/** The last second of the year 9999. */
const SECONDS_MAX = 253_402_300_799;

/** The fields of a message of this shape. Throws `ProtobufError`. */
export function decodeMessage(message: Uint8Array, schema: StructuralSchema): MutableFields {
  const shape = shapeOf(schema);
  if (shape === undefined) throw new ProtobufError("this kind is not served as protobuf");
  return decodeFields(message, shape, 0);
}

function decodeFields(message: Uint8Array, shape: MessageShape, depth: number): MutableFields {
  const target: MutableFields = {};
  decodeInto(target, message, shape, depth);
  return target;
}

function decodeInto(
  target: MutableFields,
  message: Uint8Array,
  shape: MessageShape,
  depth: number,
): void {
  if (depth > VALUE_DEPTH_MAX) throw new ProtobufError(`exceeded max depth of ${VALUE_DEPTH_MAX}`);
  for (const wire of readFields(message)) {
    const field = shape.byNumber.get(wire.number);
    if (field === undefined) continue; // a field of a newer version
    if (field.kind === "inline") decodeInto(target, bytesOf(wire), field.shape, depth + 1);
    else decodeField(target, field, wire, depth);
  }
}

function decodeField(
  target: MutableFields,
  field: ValueField,
  wire: WireField,
  depth: number,
): void {
  const { name, form } = field;
  switch (field.kind) {
    case "list": {
      const present = own(target, name);
      const list: unknown[] = Array.isArray(present) ? present : [];
      for (const item of decodeItems(wire, form, depth)) list.push(item);
      target[name] = list;
      return;
    }
    case "map": {
      const present = own(target, name);
      const map: MutableFields = isFields(present) ? (present as MutableFields) : {};
      decodeMember(map, bytesOf(wire), form, depth);
      target[name] = map;
      return;
    }
    case "one": {
      const value = decodeValue(wire, form, depth);
      const isZero = value === "" || value === 0 || value === false;
      if (value === undefined || (isZero && !field.printsZero)) return;
      target[name] = value;
    }
  }
}

function decodeItems(wire: WireField, form: Form, depth: number): readonly unknown[] {
  const isPacked = wire.kind === "bytes" && (form.kind === "integer" || form.kind === "flag");
  if (!isPacked) return [decodeValue(wire, form, depth) ?? zeroItem(form)];
  const values = readPacked(bytesOf(wire));
  return form.kind === "flag" ? values.map((value) => value !== 0n) : values.map(signedNumber);
}

/** An item or member that is empty keeps its place. */
function zeroItem(form: Form): unknown {
  return form.kind === "bytes" || form.kind === "text" ? "" : null;
}

/** One entry of a map: key and value are the fields 1 and 2 of a message. */
function decodeMember(map: MutableFields, message: Uint8Array, form: Form, depth: number): void {
  let key = "";
  let value: unknown = zeroItem(form);
  for (const field of readFields(message)) {
    if (field.number === 1) key = textOf(field);
    else if (field.number === 2) value = decodeValue(field, form, depth + 1) ?? zeroItem(form);
  }
  setField(map, key, value);
}

function decodeValue(wire: WireField, form: Form, depth: number): unknown {
  switch (form.kind) {
    case "text":
      return textOf(wire);
    case "bytes":
      return Buffer.from(bytesOf(wire)).toString("base64");
    case "flag":
      return varintOf(wire) !== 0n;
    case "integer":
      return signedNumber(varintOf(wire));
    case "double":
      return doubleOf(wire);
    case "time":
      return decodeTime(bytesOf(wire), 0);
    case "micro-time":
      return decodeTime(bytesOf(wire), 6);
    case "quantity":
      return decodeQuantity(bytesOf(wire));
    case "int-or-string":
      return decodeIntOrString(bytesOf(wire));
    case "raw":
      return decodeRaw(bytesOf(wire));
    case "texts":
      return fieldsAt(bytesOf(wire), 1).map(textOf);
    case "schema-or":
      return decodeSchemaOr(bytesOf(wire), form.or, form.shape(), depth + 1);
    case "message":
      return decodeFields(bytesOf(wire), form.shape(), depth + 1);
  }
}

function fieldsAt(message: Uint8Array, number: number): readonly WireField[] {
  return readFields(message).filter((field) => field.number === number);
}

/** Values nobody here knows the shape of travel as JSON in field 1. */
function decodeRaw(message: Uint8Array): unknown {
  const raw = fieldsAt(message, 1).at(-1);
  if (raw === undefined || bytesOf(raw).length === 0) return undefined;
  return decodeJson(bytesOf(raw)).value;
}

function decodeSchemaOr(
  message: Uint8Array,
  or: SchemaOr,
  shape: MessageShape,
  depth: number,
): unknown {
  const schemas = (number: number): readonly MutableFields[] =>
    fieldsAt(message, number).map((field) => decodeFields(bytesOf(field), shape, depth));
  switch (or) {
    case "list": {
      const list = schemas(2);
      return list.length > 0 ? list : schemas(1).at(-1);
    }
    case "flag": {
      const allows = fieldsAt(message, 1).at(-1);
      return schemas(2).at(-1) ?? (allows !== undefined && varintOf(allows) !== 0n);
    }
    case "texts": {
      const texts = fieldsAt(message, 2).map(textOf);
      return texts.length > 0 ? texts : schemas(1).at(-1);
    }
  }
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
  const text = fieldsAt(message, 1).at(-1);
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
