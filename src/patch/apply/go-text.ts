/** Values as Go prints them: parts of texts that users of this API search for. */
import { isFields, own } from "../../machinery/object.ts";

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/** A text in quotes (`%q`). */
export function printedText(text: string): string {
  const escaped = text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    if (character === '"' || character === "\\") return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    const digits = code.toString(16);
    if (code <= 0x7f) return SHORT_ESCAPES[character] ?? `\\x${digits.padStart(2, "0")}`;
    return code <= 0xffff ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
  });
  return `"${escaped}"`;
}

/** Digits of the longest integer that is printed without an exponent. */
const PLAIN_DIGITS_MAX = 6;

/** A number (`%v` of a float64): seven digits before the point are too many. */
export function printedNumber(value: number): string {
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < PLAIN_DIGITS_MAX)) return String(value);
  const sign = power < 0 ? "-" : "+";
  return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** The type of a decoded JSON value (`%T`). */
export function printedType(value: unknown): string {
  if (Array.isArray(value)) return "[]interface {}";
  if (isFields(value)) return "map[string]interface {}";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int64";
  if (typeof value === "number") return "float64";
  return value === null ? "<nil>" : "string";
}

/** A decoded JSON value (`%v`). */
export function printedValue(value: unknown): string {
  if (typeof value === "number") return printedNumber(value);
  if (Array.isArray(value)) return `[${value.map(printedValue).join(" ")}]`;
  if (!isFields(value)) return scalarText(value, "<nil>");
  const members = Object.keys(value)
    .sort()
    .map((name) => `${name}:${printedValue(own(value, name))}`);
  return `map[${members.join(" ")}]`;
}

/** A decoded JSON value as Go source (`%#v`). */
export function printedSource(value: unknown): string {
  if (typeof value === "number") return printedNumber(value);
  if (typeof value === "string") return printedText(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(printedSource).join(", ")}}`;
  if (!isFields(value)) return scalarText(value, "interface {}(nil)");
  const members = Object.keys(value)
    .sort()
    .map((name) => `${printedText(name)}:${printedSource(own(value, name))}`);
  return `map[string]interface {}{${members.join(", ")}}`;
}

function scalarText(value: unknown, none: string): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  return typeof value === "string" ? value : none;
}
