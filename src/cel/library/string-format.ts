/** `"%d of %s".format([3, "x"])`: the clauses and what they make of values. */
import { CelError } from "../cel-error.ts";
import { elementsOf } from "../eval/lists.ts";
import { isError, typeNameOf } from "../eval/runtime-types.ts";
import { RESULT_SIZE_MAX } from "../limits.ts";
import {
  CelDuration,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelList,
  type CelMap,
  type CelResult,
  type CelValue,
} from "../values.ts";
import { tooLarge } from "./arithmetic.ts";
import { parseClauses, type Clause } from "./format-clauses.ts";
import { fixedText, scientificText } from "./float-text.ts";
import { doubleText, parseDoubleText } from "./number-text.ts";
import { quoted } from "../../machinery/go-quote.ts";
import { durationText, timestampText } from "./time-text.ts";

const DEFAULT_PRECISION = 6;
const utf8 = new TextEncoder();

/** What clauses refuse, in cel-go's words; a type name follows. */
export const REFUSALS: Readonly<Record<"s" | "d" | "f" | "e" | "b" | "x" | "o", string>> = {
  s:
    "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, " +
    "types, durations, and timestamps, was given ",
  d: "decimal clause can only be used on integers, was given ",
  f: "fixed-point clause can only be used on doubles, was given ",
  e: "scientific clause can only be used on doubles, was given ",
  b: "only integers and bools can be formatted as binary, was given ",
  x: "only integers, byte buffers, and strings can be formatted as hex, was given ",
  o: "octal clause can only be used on integers, was given ",
};

/** The text with every clause replaced by its argument. */
export function formatText(format: string, args: CelList): CelResult {
  const values = elementsOf(args);
  if (values instanceof CelError) return values;
  const { parts, problem } = parseClauses(format, values.length);
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") text += part;
    else {
      const shown = clauseText(part, values[part.index] ?? null);
      if (shown instanceof CelError) {
        return new CelError(`error during formatting: ${shown.message}`);
      }
      text += shown;
    }
    if (text.length > RESULT_SIZE_MAX) return tooLarge();
  }
  return problem === undefined ? text : new CelError(problem);
}

function clauseText(clause: Clause, value: CelValue): string | CelError {
  switch (clause.verb) {
    case "s":
      return stringText(value);
    case "d":
      return integerText(value, 10) ?? refusal("d", value);
    case "f":
    case "e":
      return floatText(clause, value);
    case "b":
      if (typeof value === "boolean") return value ? "1" : "0";
      return integerText(value, 2) ?? refusal("b", value);
    case "o":
      return integerText(value, 8) ?? refusal("o", value);
    case "x":
    case "X": {
      const hex = hexText(value) ?? refusal("x", value);
      return clause.verb === "X" && typeof hex === "string" ? hex.toUpperCase() : hex;
    }
  }
}

function refusal(verb: keyof typeof REFUSALS, value: CelValue): CelError {
  return new CelError(`${REFUSALS[verb]}${typeNameOf(value)}`);
}

function integerText(value: CelValue, radix: number): string | undefined {
  if (typeof value === "bigint") return value.toString(radix);
  return value instanceof CelUint ? value.value.toString(radix) : undefined;
}

function hexText(value: CelValue): string | undefined {
  const bytes = typeof value === "string" ? utf8.encode(value) : value;
  if (!(bytes instanceof Uint8Array)) return integerText(value, 16);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function floatText({ verb, precision }: Clause, value: CelValue): string | CelError {
  const number =
    typeof value === "string" && /^(NaN|-?Infinity)$/.test(value) ? parseDoubleText(value) : value;
  if (typeof number !== "number") return refusal(verb === "f" ? "f" : "e", value);
  const digits = precision ?? DEFAULT_PRECISION;
  return verb === "f" ? fixedText(number, digits) : scientificText(number, digits);
}

/** What `%s` makes of a value that stands for itself. */
function stringText(value: CelValue): string | CelError {
  switch (typeof value) {
    case "string":
      return value;
    case "boolean":
    case "bigint":
      return String(value);
    case "number":
      return doubleText(value);
    default:
      break;
  }
  if (value === null) return "null";
  if (value instanceof Uint8Array) return bytesText(value);
  if (value instanceof CelUint) return `${value.value}`;
  if (value instanceof CelTimestamp) return timestampText(value);
  if (value instanceof CelDuration) return durationText(value);
  if (value instanceof CelTypeValue) return value.name;
  if (value.kind === "list") return listText(value);
  return value.kind === "map" ? mapText(value) : refusal("s", value);
}

function bytesText(bytes: Uint8Array): string | CelError {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return new CelError("invalid UTF-8 in bytes, cannot convert to string");
  }
}

function listText(list: CelList): string | CelError {
  const texts: string[] = [];
  for (let index = 0; index < list.size; index += 1) {
    const text = memberText(list.at(index));
    if (text instanceof CelError) return text;
    texts.push(text);
  }
  return `[${texts.join(", ")}]`;
}

function mapText(map: CelMap): string | CelError {
  const entries: (readonly [string, string])[] = [];
  for (const key of map.keys()) {
    if (typeof key === "number" || typeof key === "object") {
      if (!(key instanceof CelUint)) {
        const type = typeNameOf(key);
        return new CelError(`no formatting function for map key of type ${type}`);
      }
    }
    const keyText = memberText(key);
    const valueText = memberText(map.get(key) ?? null);
    if (keyText instanceof CelError) return keyText;
    if (valueText instanceof CelError) return valueText;
    entries.push([keyText, valueText]);
  }
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${sorted.map(([key, value]) => `${key}:${value}`).join(", ")}}`;
}

/** What a value looks like inside of a list or a map. */
function memberText(value: CelResult): string | CelError {
  if (isError(value)) return value;
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return memberNumber(value);
  if (value instanceof Uint8Array) {
    const text = bytesText(value);
    return typeof text === "string" ? `b${quoted(text)}` : text;
  }
  if (value instanceof CelTimestamp) return `timestamp("${timestampText(value)}")`;
  if (value instanceof CelDuration) return `duration("${durationText(value)}")`;
  const text = stringText(value);
  if (!(text instanceof CelError)) return text;
  const isContainer =
    typeof value === "object" && value !== null && (value.kind === "list" || value.kind === "map");
  return isContainer ? text : new CelError(`no formatting function for ${typeNameOf(value)}`);
}

function memberNumber(value: number): string {
  if (Number.isFinite(value)) return fixedText(value, DEFAULT_PRECISION);
  return `"${doubleText(value)}"`;
}
