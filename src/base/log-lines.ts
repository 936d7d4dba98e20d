/** Records of a log as lines: JSON for machines, words for people. */
import type { LogRecord } from "./log.ts";
import type { RecordLevel } from "./log-levels.ts";
import type { Loggable } from "./log-value.ts";

/** Names that every line has; a field of such a name has a `_` behind it. */
const OWN_NAMES: ReadonlySet<string> = new Set(["time", "level", "message"]);

/** A JSON object: `time`, `level`, `message`, then the fields. `time` is written by the caller. */
export function jsonLine({ level, message, fields }: LogRecord, time: string): string {
  const free = Object.entries(fields).map(
    ([name, value]) => [OWN_NAMES.has(name) ? `${name}_` : name, value] as const,
  );
  return JSON.stringify({ time, level, message, ...Object.fromEntries(free) });
}

/**
 * `2026-01-01T00:00:00.000Z INFO  controller works  controller=sites workers=1`, of an error its
 * message, those of its causes, and the first place it came from. Always one line: what could move
 * a cursor is escaped.
 */
export function textLine(
  { level, message, fields }: LogRecord,
  time: string,
  { hasColors = false }: { readonly hasColors?: boolean } = {},
): string {
  const paint = hasColors ? colored : (_color: keyof typeof COLORS, text: string): string => text;
  const shown = Object.entries(fields).map(([name, value]) => {
    return `${paint("dim", `${visible(name)}=`)}${valueText(value)}`;
  });
  const word = paint(level, level.toUpperCase().padEnd(5));
  const line = `${paint("dim", time)} ${word} ${visible(message)}`;
  return shown.length === 0 ? line : `${line}  ${shown.join(" ")}`;
}

const COLORS: Readonly<Record<RecordLevel | "dim", string>> = {
  dim: "2",
  debug: "36",
  info: "32",
  warn: "33",
  error: "31",
};

function colored(color: keyof typeof COLORS, text: string): string {
  return `\u001b[${COLORS[color]}m${text}\u001b[0m`;
}

function valueText(value: Loggable): string {
  if (typeof value === "string") return wordText(value);
  const error = errorTextOf(value);
  return error ?? visible(JSON.stringify(value));
}

function wordText(text: string): string {
  return /^[\w./:@+%#-]+$/.test(text) ? text : visible(JSON.stringify(text));
}

/** `"TypeError: it is none; because Error: it is gone" at=src/plan.ts:12:3` */
function errorTextOf(value: Loggable): string | undefined {
  const told = chain(value);
  if (told.length === 0) return undefined;
  const place = /\(?([^\s()]+:\d+:\d+)\)?/.exec(stackOf(value))?.[1];
  const text = wordText(told.join("; because "));
  return place === undefined ? text : `${text} at=${visible(place)}`;
}

function stackOf(value: Loggable): string {
  const stack = fieldOf(value, "stack");
  if (typeof stack !== "string") return "";
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return frames.find((frame) => !frame.includes("node:internal")) ?? "";
}

/** Of an error and its causes: name and message each. Empty: it is none. */
function chain(value: Loggable | undefined): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === "string") return [value];
  const [name, message] = [fieldOf(value, "name"), fieldOf(value, "message")];
  const isError = fieldOf(value, "stack") !== undefined;
  if (!isError || typeof name !== "string" || typeof message !== "string") return [];
  return [`${name}: ${message}`, ...chain(fieldOf(value, "cause"))];
}

function fieldOf(value: Loggable, name: string): Loggable | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return new Map<string, Loggable>(Object.entries(value)).get(name);
}

/** Control characters, and those that turn the direction of text, as escapes. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return `\\u${code.padStart(4, "0")}`;
  });
}
