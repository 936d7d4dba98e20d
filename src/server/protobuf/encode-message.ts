/**
 * JSON objects as protobuf messages, byte for byte as upstream writes them: fields ascending, maps
 * by key, and every field that is not a pointer also when it is empty.
 *
 * Expects objects that were checked against their schema; a value of another type is left out.
 */
import { exactText } from "../../machinery/codec/exact-json.ts";
import { parseApiTime } from "../../machinery/api-time.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { Form, MessageField, MessageShape, SchemaOr, ValueField } from "./message-shape.ts";
import { BackwardWriter } from "./wire-writer.ts";

/** The message of these fields, without an envelope. */
export function encodeMessage(fields: Fields, shape: MessageShape): Uint8Array {
  const writer = new BackwardWriter();
  writeMessage(writer, fields, shape);
  return writer.finish();
}

const NOTHING: Fields = {};

/** Writes the content of a message; the caller closes it. */
export function writeMessage(writer: BackwardWriter, fields: Fields, shape: MessageShape): void {
  for (let index = shape.fields.length - 1; index >= 0; index -= 1) {
    const field = shape.fields[index];
    if (field !== undefined) writeField(writer, fields, field);
  }
}

function writeField(writer: BackwardWriter, fields: Fields, field: MessageField): void {
  if (field.kind === "inline") {
    const before = writer.length;
    writeMessage(writer, fields, field.shape);
    writer.close(field.number, before);
    return;
  }
  const value = own(fields, field.name);
  switch (field.kind) {
    case "one":
      writeOne(writer, value, field);
      return;
    case "list":
      if (Array.isArray(value)) writeList(writer, value, field);
      return;
    case "map":
      if (isFields(value)) writeMap(writer, value, field);
      return;
  }
}

function writeOne(writer: BackwardWriter, value: unknown, field: ValueField): void {
  const isAbsent = value === undefined || value === null;
  if (isAbsent && (field.isPointer || field.form.kind === "bytes")) return;
  writeValue(writer, isAbsent ? zeroOf(field.form) : value, field.number, field.form);
}

function writeList(
  writer: BackwardWriter,
  values: readonly unknown[],
  { number, form }: ValueField,
): void {
  for (let index = values.length - 1; index >= 0; index -= 1) {
    writeValue(writer, values[index], number, form);
  }
}

function writeMap(writer: BackwardWriter, map: Fields, { number, form }: ValueField): void {
  const keys = Object.keys(map).sort(compareUtf8);
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const key = keys[index] ?? "";
    const before = writer.length;
    writeValue(writer, map[key], 2, form);
    writeValue(writer, key, 1, TEXT);
    writer.close(number, before);
  }
}

const TEXT: Form = { kind: "text" };

/** What a field that is not a pointer holds when nobody set it; undefined where it is empty. */
function zeroOf(form: Form): unknown {
  switch (form.kind) {
    case "text":
    case "bytes":
      return "";
    case "flag":
      return false;
    case "integer":
    case "double":
    case "int-or-string":
      return 0;
    case "quantity":
      return "0";
    case "texts":
      return [];
    case "message":
      return NOTHING;
    case "time":
    case "micro-time":
    case "raw":
    case "schema-or":
      return undefined;
  }
}

function writeValue(writer: BackwardWriter, value: unknown, number: number, form: Form): void {
  switch (form.kind) {
    case "flag":
      writer.varint(value === true ? 1 : 0);
      writer.tag(number, 0);
      return;
    case "integer":
      writer.integer(typeof value === "number" ? Math.trunc(value) : 0);
      writer.tag(number, 0);
      return;
    case "double":
      writer.double(typeof value === "number" ? value : 0);
      writer.tag(number, 1);
      return;
    default: {
      const before = writer.length;
      writeContent(writer, value, form);
      writer.close(number, before);
    }
  }
}

function writeContent(
  writer: BackwardWriter,
  value: unknown,
  form: Exclude<Form, { readonly kind: "flag" | "integer" | "double" }>,
): void {
  switch (form.kind) {
    case "text":
      if (typeof value === "string") writer.text(value);
      return;
    case "bytes":
      if (typeof value === "string") writer.bytes(Buffer.from(value, "base64"));
      return;
    case "time":
      if (typeof value === "string") writeTime(writer, value, 0);
      return;
    case "micro-time":
      if (typeof value === "string") writeTime(writer, value, 6);
      return;
    case "quantity":
      writeValue(writer, String(value), 1, TEXT);
      return;
    case "int-or-string":
      writeIntOrString(writer, value);
      return;
    case "raw":
      writeRaw(writer, value);
      return;
    case "texts":
      if (Array.isArray(value)) writeTexts(writer, value, 1);
      return;
    case "schema-or":
      writeSchemaOr(writer, value, form.or, form.shape());
      return;
    case "message":
      writeMessage(writer, isFields(value) ? value : NOTHING, form.shape());
  }
}

const ZERO_TIME_MS = -62_135_596_800_000;

/** Seconds and nanoseconds, both always; the zero time is an empty message. */
function writeTime(writer: BackwardWriter, text: string, digits: 0 | 6): void {
  const ms = parseApiTime(text);
  if (Number.isNaN(ms) || ms === ZERO_TIME_MS) return;
  const fraction = digits === 0 ? "" : (/\.(\d+)/.exec(text)?.[1] ?? "").slice(0, digits);
  writer.varint(Number(fraction.padEnd(9, "0")));
  writer.tag(2, 0);
  writer.integer(Math.floor(ms / 1_000));
  writer.tag(1, 0);
}

function writeIntOrString(writer: BackwardWriter, value: unknown): void {
  writeValue(writer, typeof value === "string" ? value : "", 3, TEXT);
  writer.integer(typeof value === "number" ? value : 0);
  writer.tag(2, 0);
  writer.varint(typeof value === "string" ? 1 : 0);
  writer.tag(1, 0);
}

function writeRaw(writer: BackwardWriter, value: unknown): void {
  if (value === undefined) return;
  const before = writer.length;
  writer.text(exactText(value));
  writer.close(1, before);
}

function writeTexts(writer: BackwardWriter, texts: readonly unknown[], number: number): void {
  for (let index = texts.length - 1; index >= 0; index -= 1) {
    writeValue(writer, texts[index], number, TEXT);
  }
}

function writeSchemaOr(
  writer: BackwardWriter,
  value: unknown,
  or: SchemaOr,
  shape: MessageShape,
): void {
  const schema: Form = { kind: "message", shape: () => shape };
  switch (or) {
    case "list":
      if (isFields(value)) writeValue(writer, value, 1, schema);
      if (!Array.isArray(value)) return;
      for (let index = value.length - 1; index >= 0; index -= 1) {
        writeValue(writer, value[index], 2, schema);
      }
      return;
    case "flag":
      if (isFields(value)) writeValue(writer, value, 2, schema);
      writeValue(writer, value !== false, 1, { kind: "flag" });
      return;
    case "texts":
      if (Array.isArray(value)) writeTexts(writer, value, 2);
      if (isFields(value)) writeValue(writer, value, 1, schema);
  }
}

/** Order by bytes of UTF-8, which is the order of code points. */
function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rankOf(left) - rankOf(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
function rankOf(code: number): number {
  return code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code;
}
