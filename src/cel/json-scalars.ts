/** JSON strings, numbers and booleans as values, by their declared types. */
import { CelError } from "./cel-error.ts";
import { base64Bytes } from "./library/base64.ts";
import { NANOS_PER_SECOND, SECONDS_PER_DAY } from "./library/civil-time.ts";
import { looseDuration } from "./library/loose-duration.ts";
import { parseDate, parseTimestamp } from "./library/time-text.ts";
import type { CelType } from "./types.ts";
import { CelTimestamp, CelUint, type CelResult } from "./values.ts";

/** The value; an error if the JSON is not of the type. */
export function jsonScalar(json: unknown, type: CelType): CelResult {
  switch (type.kind) {
    case "int":
      if (typeof json === "bigint") return json;
      return Number.isInteger(json) ? BigInt(Number(json)) : expected("int", json);
    case "uint":
      if (Number.isInteger(json) && Number(json) >= 0) return new CelUint(BigInt(Number(json)));
      return expected("uint", json);
    case "double":
      if (typeof json === "bigint") return Number(json);
      return typeof json === "number" ? json : expected("float", json);
    case "bool":
      return typeof json === "boolean" ? json : expected("bool", json);
    case "string":
      return typeof json === "string" ? json : expected("string", json);
    case "bytes":
    case "timestamp":
    case "duration":
      return typeof json === "string" ? formatted(json, type) : expected("string", json);
    default:
      return type.shape?.format === "int-or-string" ? intOrString(json) : untyped(json);
  }
}

/** Numbers that are whole are ints: JSON does not tell `1` from `1.0`. */
function untyped(json: unknown): CelResult {
  if (typeof json === "number") return Number.isInteger(json) ? BigInt(json) : json;
  if (typeof json === "string" || typeof json === "boolean") return json;
  return new CelError(`unsupported conversion to ref.Val: (${goType(json)})`);
}

function intOrString(json: unknown): CelResult {
  if (typeof json === "string") return json;
  if (Number.isInteger(json)) return BigInt(Number(json));
  const what = "invalid data, expected XIntOrString value to be either a string or integer";
  return new CelError(what);
}

function formatted(text: string, type: CelType): CelResult {
  switch (type.kind) {
    case "bytes": {
      const bytes = base64Bytes(text);
      return bytes ?? new CelError(`Invalid byte formatted string ${text}`);
    }
    case "duration": {
      const duration = looseDuration(text);
      if (duration !== undefined) return duration;
      return new CelError(`Invalid duration ${text}: unable to parse ${text} as duration`);
    }
    default:
      return type.shape?.format === "date" ? dateValue(text) : dateTimeValue(text);
  }
}

function dateValue(text: string): CelResult {
  const days = parseDate(text);
  if (days === undefined) return new CelError(`Invalid date formatted string ${text}`);
  return new CelTimestamp(BigInt(days) * BigInt(SECONDS_PER_DAY) * NANOS_PER_SECOND);
}

/** RFC 3339, or a time without a zone, which is in UTC. Nothing at all is 1970. */
function dateTimeValue(text: string): CelResult {
  if (text === "") return new CelTimestamp(0n);
  const value = parseTimestamp(text) ?? parseTimestamp(`${text}Z`);
  return value ?? new CelError(`Invalid date-time formatted string ${text}`);
}

function expected(what: string, json: unknown): CelError {
  return new CelError(`invalid data, expected ${what}, got ${goType(json)}`);
}

/** The name of the type that Go's decoder gives JSON. */
function goType(json: unknown): string {
  switch (typeof json) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
      return Number.isInteger(json) ? "int64" : "float64";
    default:
      return Array.isArray(json) ? "[]interface {}" : "map[string]interface {}";
  }
}
