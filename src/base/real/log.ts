/** Logs on standard error: JSON for machines, a line for people where a person looks on. */
import type { Clock, Log } from "../env.ts";
import { jsonLine, textLine } from "../log-lines.ts";
import { parseLogWish, type LogForm, type LogLevel } from "../log-levels.ts";
import { logTo, type LogRecord, type LogSink } from "../log.ts";
import { programVariable } from "./program.ts";

/** A log that writes JSON lines of at least `level` to `write` (default: standard error). */
export function jsonLog(options: {
  readonly level: LogLevel;
  readonly clock: Clock;
  readonly write?: (line: string) => void;
}): Log {
  const { level, clock, write = toStandardError } = options;
  return logTo({ sink: jsonSink(write), levels: { level, rules: [] }, clock });
}

/** What the log of a program is made of. */
export type ProgramLogOptions = {
  /** The lowest level that is written (default "info"). */
  readonly level?: LogLevel | undefined;
  /** Takes the lines instead of standard error. */
  readonly sink?: LogSink | undefined;
  readonly clock: Clock;
  /** Default: the variables of this program. */
  readonly variable?: (name: string) => string | undefined;
  /** Default: standard error. */
  readonly output?: LogOutput;
};

/** Where lines are written. */
export type LogOutput = { readonly isTerminal: boolean; readonly write: (line: string) => void };

/**
 * The log of a program. Lines are JSON, or for people where standard error is a terminal, in
 * colours unless `NO_COLOR` is set. `SETPOINT_LOG` has the last word: `debug`, `json`,
 * `controller=sites:debug`, with commas between.
 */
export function programLog(options: ProgramLogOptions): Log {
  const { level = "info", clock, variable = programVariable, output = standardError() } = options;
  const wish = parseLogWish(variable("SETPOINT_LOG") ?? "");
  const form: LogForm = wish.form ?? (output.isTerminal ? "text" : "json");
  const hasColors = output.isTerminal && hasColorsBy(variable);
  const own = form === "json" ? jsonSink(output.write) : textSink(output.write, hasColors);
  const log = logTo({
    sink: options.sink ?? own,
    fallback: own,
    levels: { level: wish.level ?? level, rules: wish.rules },
    clock,
  });
  for (const problem of wish.problems) log.warn("SETPOINT_LOG is not understood", { problem });
  return log;
}

function hasColorsBy(variable: (name: string) => string | undefined): boolean {
  return (variable("NO_COLOR") ?? "") === "" && variable("TERM") !== "dumb";
}

function jsonSink(write: (line: string) => void): LogSink {
  return (record) => write(jsonLine(record, timeOf(record)));
}

function textSink(write: (line: string) => void, hasColors: boolean): LogSink {
  return (record) => write(textLine(record, timeOf(record), { hasColors }));
}

function timeOf({ timeMs }: LogRecord): string {
  return new Date(timeMs).toISOString();
}

function standardError(): LogOutput {
  return { isTerminal: process.stderr.isTTY === true, write: toStandardError };
}

let isHeard = false;

/** A reader that has gone away is no reason to die. */
function toStandardError(line: string): void {
  if (!isHeard) process.stderr.on("error", () => undefined);
  isHeard = true;
  process.stderr.write(`${line}\n`);
}
