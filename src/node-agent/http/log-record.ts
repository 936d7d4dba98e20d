/** One line of a log file, `<time> stdout|stderr F|P <text>`, read back. Pure. */
import { parseApiTime } from "../../machinery/api-time.ts";

export type LogRecord = {
  /** As it is written, RFC 3339. */
  readonly time: string;
  readonly stream: string;
  /** The line goes on in the next record of its stream. */
  readonly isPartial: boolean;
  readonly text: string;
};

/** Undefined for what is no record, e.g. a line cut off by a crash. */
export function parseRecord(line: string): LogRecord | undefined {
  const first = line.indexOf(" ");
  const second = line.indexOf(" ", first + 1);
  const third = line.indexOf(" ", second + 1);
  if (first < 0 || second < 0 || third < 0) return undefined;
  const tag = line.slice(second + 1, third);
  if (tag !== "F" && tag !== "P") return undefined;
  return {
    time: line.slice(0, first),
    stream: line.slice(first + 1, second),
    isPartial: tag === "P",
    text: line.slice(third + 1),
  };
}

/** Milliseconds of a record's time; NaN if it is none. */
export function recordMs(record: LogRecord): number {
  return parseApiTime(record.time);
}
