/** Structured logs as JSON lines on standard error. */
import type { Clock, Log, LogFields } from "../env.ts";

/** Levels in rising order of weight. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

const WEIGHT: Readonly<Record<LogLevel, number>> = {
  debug: 0,
  info: 1,
  warn: 2,
  error: 3,
  silent: 4,
};

/** A log that writes lines of at least `level` to `write` (default: standard error). */
export function jsonLog(options: {
  readonly level: LogLevel;
  readonly clock: Clock;
  readonly write?: (line: string) => void;
}): Log {
  const write = options.write ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const make = (fixed: LogFields): Log => {
    const at =
      (level: LogLevel) =>
      (message: string, fields: LogFields = {}): void => {
        if (WEIGHT[level] < WEIGHT[options.level]) return;
        const time = new Date(options.clock.now()).toISOString();
        write(JSON.stringify({ time, level, message, ...fixed, ...fields }, encodeErrors));
      };
    return {
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
      with: (fields) => make({ ...fixed, ...fields }),
    };
  };
  return make({});
}

function encodeErrors(_key: string, value: unknown): unknown {
  if (value instanceof Error) {
    return { name: value.name, message: value.message, stack: value.stack, cause: value.cause };
  }
  return typeof value === "bigint" ? value.toString() : value;
}
