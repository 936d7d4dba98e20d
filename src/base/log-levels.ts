/**
 * Which lines of a log are written. The levels are given by the program and, above that, by whoever
 * runs it, in one line of text: `SETPOINT_LOG=info,controller=sites:debug`.
 */
import type { LogFields } from "./env.ts";

/** Levels in rising order of weight. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** The level of a line. */
export type RecordLevel = Exclude<LogLevel, "silent">;

/** Lines of logs that have this field, by `with`, have a level of their own. */
export type LogRule = {
  readonly field: string;
  readonly value: string;
  readonly level: LogLevel;
};

/** The lowest level that is written, with exceptions; of several that fit the last one counts. */
export type LogLevels = { readonly level: LogLevel; readonly rules: readonly LogRule[] };

const WEIGHT: Readonly<Record<LogLevel, number>> = {
  debug: 0,
  info: 1,
  warn: 2,
  error: 3,
  silent: 4,
};

/** Whether a line is written where `lowest` is. */
export function isWritten(level: RecordLevel, lowest: LogLevel): boolean {
  return WEIGHT[level] >= WEIGHT[lowest];
}

/** The lowest level of a log with these fields. */
export function levelFor({ level, rules }: LogLevels, fields: LogFields): LogLevel {
  const fit = rules.findLast(({ field, value }) => {
    return Object.hasOwn(fields, field) && String(fields[field]) === value;
  });
  return fit?.level ?? level;
}

/** What a text such as `SETPOINT_LOG` asks for. What is not said is left to the program. */
export type LogWish = {
  readonly level?: LogLevel;
  readonly form?: LogForm;
  readonly rules: readonly LogRule[];
  /** What was not understood, in words. */
  readonly problems: readonly string[];
};

/** `json`: a JSON object each line. `text`: a line for people. */
export type LogForm = "json" | "text";

/**
 * Reads `info`, `json`, `controller=sites:debug`, in any order, with commas between. Names of
 * fields are those of the lines: `controller`, `informer`, `cluster`.
 */
export function parseLogWish(text: string): LogWish {
  const rules: LogRule[] = [];
  const problems: string[] = [];
  let said: { level?: LogLevel; form?: LogForm } = {};
  for (const part of text.split(",").map((each) => each.trim())) {
    const rule = ruleOf(part);
    if (part === "") continue;
    if (isLevel(part)) said = { ...said, level: part };
    else if (part === "json" || part === "text") said = { ...said, form: part };
    else if (rule !== undefined) rules.push(rule);
    else problems.push(`${JSON.stringify(part)} is no ${EXPECTED}`);
  }
  return { ...said, rules, problems };
}

const EXPECTED = "level (debug, info, warn, error, silent), form (json, text) or field=value:level";

function ruleOf(part: string): LogRule | undefined {
  const {
    field,
    value,
    level = "",
  } = /^(?<field>[^=]+)=(?<value>.*):(?<level>[^:]*)$/.exec(part)?.groups ?? {};
  if (field === undefined || value === undefined || !isLevel(level)) return undefined;
  return { field, value, level };
}

function isLevel(text: string): text is LogLevel {
  return Object.hasOwn(WEIGHT, text);
}
