import { parseQuantity, QUANTITY_RULE } from "../machinery/quantity.ts";
import type { StructuralSchema } from "./structural-schema.ts";

/** Why a value does not fit a scalar field. */
export type ScalarProblem =
  /** The type is right, the text is not. Fatal to Go's decoder. */
  | { readonly kind: "malformed"; readonly text: string }
  /** The type is wrong; `value` and `goType` are named as Go names them. */
  | {
      readonly kind: "mismatch";
      readonly value: string;
      readonly goType: string;
      readonly isFatal: boolean;
    };

const INT_RANGES: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

/** What is wrong with a value that is not null; undefined if nothing is. */
export function scalarProblem(value: unknown, schema: StructuralSchema): ScalarProblem | undefined {
  switch (schema.format) {
    case "int-or-string":
      if (typeof value === "string") return undefined;
      return asFatal(integerProblem(value, "int32"));
    case "quantity":
      return quantityProblem(value);
    case "date-time":
    case "micro-time":
      return timeProblem(value, schema.format);
    case "byte":
      return typeof value === "string" ? base64Problem(value) : mismatch(value, "[]uint8");
    case undefined:
    default:
      return typeProblem(value, schema);
  }
}

function typeProblem(value: unknown, schema: StructuralSchema): ScalarProblem | undefined {
  switch (schema.type) {
    case "string":
      return typeof value === "string" ? undefined : mismatch(value, "string");
    case "boolean":
      return typeof value === "boolean" ? undefined : mismatch(value, "bool");
    case "integer":
      return integerProblem(value, schema.format ?? "int64");
    case "number":
      return isNumber(value) ? undefined : mismatch(value, "float64");
    case "any":
    case "object":
    case "array":
      return undefined;
  }
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint";
}

function integerProblem(value: unknown, format: string): ScalarProblem | undefined {
  if (typeof value === "bigint") return outOfReach(value, format);
  if (typeof value !== "number") return mismatch(value, format);
  const limit = INT_RANGES[format] ?? 2 ** 63;
  if (Number.isInteger(value) && value >= -limit && value < limit) return undefined;
  return outOfReach(value, format);
}

/** Built-in kinds count with plain numbers, and none of them counts beyond 2^53. */
function outOfReach(value: number | bigint, goType: string): ScalarProblem {
  return { kind: "mismatch", value: `number ${value}`, goType, isFatal: false };
}

function quantityProblem(value: unknown): ScalarProblem | undefined {
  const isText = typeof value === "string" || typeof value === "number";
  if (isText && parseQuantity(String(value).trim()) !== undefined) return undefined;
  return { kind: "malformed", text: QUANTITY_RULE };
}

const BASE64_CHAR = /[A-Za-z0-9+/]/;

/** Go names the first byte that cannot be; line breaks are passed over. */
function base64Problem(text: string): ScalarProblem | undefined {
  const packed = text.replace(/[\r\n]/g, "");
  if (packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return undefined;
  return { kind: "malformed", text: `illegal base64 data at input byte ${badBase64Byte(text)}` };
}

function badBase64Byte(text: string): number {
  let filled = 0; // characters of the current group of four
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "\r" || char === "\n") continue;
    if (char === "=" && filled >= 2) return badPaddingByte(text, at, filled);
    if (!BASE64_CHAR.test(char)) return byteOffset(text, at);
    filled = (filled + 1) % 4;
  }
  return byteOffset(text, text.length - filled);
}

/** After `=`: one more if two are due, and then nothing. */
function badPaddingByte(text: string, start: number, filled: number): number {
  let due = 4 - filled;
  let at = start;
  for (; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "\r" || char === "\n") continue;
    if (char !== "=" || due === 0) break;
    due -= 1;
  }
  return byteOffset(text, at);
}

function byteOffset(text: string, offset: number): number {
  return new TextEncoder().encode(text.slice(0, offset)).length;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)$/;
/** Go reads exactly as many digits as this layout has. */
const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,]\d{6}(?:Z|[+-]\d\d:\d\d)$/;
const TIME_LAYOUT = "2006-01-02T15:04:05Z07:00";
const MICRO_TIME_LAYOUT = "2006-01-02T15:04:05.000000Z07:00";

function timeProblem(value: unknown, format: string): ScalarProblem | undefined {
  if (typeof value !== "string") return asFatal(mismatch(value, "string"));
  const isMicro = format === "micro-time";
  const layout = isMicro ? MICRO_TIME_LAYOUT : TIME_LAYOUT;
  if (!(isMicro ? MICRO_TIME : TIME).test(value)) {
    const rest = unparsedTime(value, isMicro ? MICRO_SECONDS : SECONDS);
    return malformedTime(value, ` as ${JSON.stringify(layout)}: cannot parse ${rest}`);
  }
  const wrong = outOfRange(value);
  return wrong === undefined ? undefined : malformedTime(value, `: ${wrong}`);
}

function malformedTime(value: string, why: string): ScalarProblem {
  return { kind: "malformed", text: `parsing time ${JSON.stringify(value)}${why}` };
}

type TimeParts = readonly (readonly [RegExp, string])[];

const SECONDS: TimeParts = [[/^\d{2}([.,]\d+)?/, "05"]];
const MICRO_SECONDS: TimeParts = [
  [/^\d{2}/, "05"],
  [/^[.,]\d{6}/, ".000000"],
];

/** What could not be read, and as which part of the layout. */
function unparsedTime(text: string, seconds: TimeParts): string {
  const steps: TimeParts = [
    [/^\d{4}/, "2006"],
    [/^-/, "-"],
    [/^\d{2}/, "01"],
    [/^-/, "-"],
    [/^\d{2}/, "02"],
    [/^T/, "T"],
    [/^\d{2}/, "15"],
    [/^:/, ":"],
    [/^\d{2}/, "04"],
    [/^:/, ":"],
    ...seconds,
  ];
  let rest = text;
  for (const [pattern, part] of steps) {
    const [read] = pattern.exec(rest) ?? [];
    if (read === undefined) return `${JSON.stringify(rest)} as "${part}"`;
    rest = rest.slice(read.length);
  }
  return `${JSON.stringify(rest)} as "Z07:00"`;
}

/** Of a text in the layout of times. */
function outOfRange(text: string): string | undefined {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)];
  if (month < 1 || month > 12) return "month out of range";
  if (day < 1 || day > daysIn(year, month)) return "day out of range";
  if (twoDigits(text, 11) > 23) return "hour out of range";
  if (twoDigits(text, 14) > 59) return "minute out of range";
  if (twoDigits(text, 17) > 59) return "second out of range";
  if (text.endsWith("Z")) return undefined;
  const [zoneHour, zoneMinute] = [
    twoDigits(text, text.length - 5),
    twoDigits(text, text.length - 2),
  ];
  if (zoneHour > 24 || zoneMinute > 59) return "time zone offset hour out of range";
  return undefined;
}

function twoDigits(text: string, at: number): number {
  return Number(text.slice(at, at + 2));
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function mismatch(value: unknown, goType: string): ScalarProblem {
  const isArray = Array.isArray(value);
  const named = isArray ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return { kind: "mismatch", value: named, goType, isFatal: false };
}

/** A field that reads itself stops Go's decoder when it fails. */
function asFatal(problem: ScalarProblem | undefined): ScalarProblem | undefined {
  return problem?.kind === "mismatch" ? { ...problem, isFatal: true } : problem;
}
