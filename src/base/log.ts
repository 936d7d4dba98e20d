/**
 * A log made of a sink: where lines go is one function, everything before it is the same. Writing a
 * line never throws, whatever is in it and whatever the sink does; a level that is not written
 * costs a call that does nothing.
 */
import type { Clock, Log, LogFields } from "./env.ts";
import { isWritten, levelFor, type LogLevels, type RecordLevel } from "./log-levels.ts";
import { loggableFields, type Loggable } from "./log-value.ts";

/** One line of a log. */
export type LogRecord = {
  readonly timeMs: number;
  readonly level: RecordLevel;
  /** A constant sentence, as a rule. */
  readonly message: string;
  /** Plain JSON of bounded size, without data of API objects. */
  readonly fields: Readonly<Record<string, Loggable>>;
  /** The field `error` as it was thrown, for those who collect errors. Absent: there is none. */
  readonly error?: Error;
};

/**
 * Takes the lines of a log. For other loggers:
 *
 *     const toPino: LogSink = ({ level, message, fields }) => pino[level](fields, message);
 *     const toWinston: LogSink = ({ level, message, fields }) =>
 *       winston.log(level, message, fields);
 *     const toConsole: LogSink = ({ level, message, fields }) => console[level](message, fields);
 *
 * and then `createManager({ env: realEnv({ sink: toPino }), ... })`.
 */
export type LogSink = (record: LogRecord) => void;

/** What a log is made of. */
export type LogOptions = {
  readonly sink: LogSink;
  readonly levels: LogLevels;
  readonly clock: Clock;
  /** Takes the lines over which the sink has thrown (default: they are lost). */
  readonly fallback?: LogSink;
};

/** A log whose lines go to a sink. */
export function logTo(options: LogOptions): Log {
  return logWith(options, {});
}

function logWith(options: LogOptions, fixed: LogFields): Log {
  const lowest = levelFor(options.levels, fixed);
  const at = (level: RecordLevel): ((message: string, fields?: LogFields) => void) => {
    if (!isWritten(level, lowest)) return nothing;
    return (message, fields = {}) => write(options, level, message, joined(fixed, fields));
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => logWith(options, joined(fixed, fields)),
  };
}

function nothing(): void {
  // The line is below the level.
}

/** Fields are read where they are written; a getter that throws must not spoil the rest. */
function joined(fixed: LogFields, fields: LogFields): LogFields {
  try {
    return { ...fixed, ...fields };
  } catch {
    return { ...fixed, fields: "<unreadable>" };
  }
}

function write(options: LogOptions, level: RecordLevel, message: string, fields: LogFields): void {
  const { clock, sink, fallback } = options;
  const { error } = fields;
  const record: LogRecord = {
    timeMs: clock.now(),
    level,
    message,
    fields: loggableFields(fields),
    ...(error instanceof Error ? { error } : {}),
  };
  try {
    sink(record);
  } catch {
    attempt(fallback, record);
  }
}

function attempt(sink: LogSink | undefined, record: LogRecord): void {
  try {
    sink?.(record);
  } catch {
    // There is nobody left to tell.
  }
}
