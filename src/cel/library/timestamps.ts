/** Parts of timestamps and durations: `getFullYear()`, `getHours("Europe/Paris")`, … */
import { CelError } from "../cel-error.ts";
import { declare, method, type FunctionDeclaration, type Overload } from "../functions.ts";
import { DURATION, INT, STRING, TIMESTAMP } from "../types.ts";
import { CelDuration, CelTimestamp, type CelResult, type CelValue } from "../values.ts";
import { civilOf, nanosOfSecond, secondsOf, type Civil } from "./civil-time.ts";
import { zoneOffset } from "./time-zone.ts";

const UTC = "UTC";

type Part = (civil: Civil, nanos: number) => number;

export const TIMESTAMPS: readonly FunctionDeclaration[] = [
  declare(
    "getFullYear",
    parts("timestamp_to_year", ({ year }) => year),
  ),
  declare(
    "getMonth",
    parts("timestamp_to_month", ({ month }) => month - 1),
  ),
  declare(
    "getDayOfYear",
    parts("timestamp_to_day_of_year", ({ dayOfYear }) => dayOfYear - 1),
  ),
  declare(
    "getDayOfMonth",
    parts("timestamp_to_day_of_month", ({ day }) => day - 1),
  ),
  declare(
    "getDate",
    parts("timestamp_to_day_of_month_1_based", ({ day }) => day),
  ),
  declare(
    "getDayOfWeek",
    parts("timestamp_to_day_of_week", ({ weekday }) => weekday),
  ),
  declare("getHours", [
    ...parts("timestamp_to_hours", ({ hour }) => hour),
    whole("duration_to_hours", 3_600_000_000_000n),
  ]),
  declare("getMinutes", [
    ...parts("timestamp_to_minutes", ({ minute }) => minute),
    whole("duration_to_minutes", 60_000_000_000n),
  ]),
  declare("getSeconds", [
    ...parts("timestamp_to_seconds", ({ second }) => second, "timestamp_to_seconds_tz"),
    whole("duration_to_seconds", 1_000_000_000n),
  ]),
  declare("getMilliseconds", [
    ...parts("timestamp_to_milliseconds", (_, nanos) => Math.floor(nanos / 1_000_000)),
    whole("duration_to_milliseconds", 1_000_000n),
  ]),
];

/** A part of a timestamp, in UTC and in a given time zone. */
function parts(id: string, part: Part, zonedId = `${id}_with_tz`): readonly Overload[] {
  const run = ([timestamp = null, zone = UTC]: readonly CelValue[]): CelResult => {
    if (!(timestamp instanceof CelTimestamp) || typeof zone !== "string") {
      return new CelError("no such overload");
    }
    const seconds = secondsOf(timestamp.nanos);
    const offset = zoneOffset(zone, seconds);
    if (offset instanceof CelError) return offset;
    return BigInt(part(civilOf(seconds + offset), nanosOfSecond(timestamp.nanos)));
  };
  return [method(id, [TIMESTAMP], INT, run), method(zonedId, [TIMESTAMP, STRING], INT, run)];
}

/** A whole duration in some unit, towards zero. */
function whole(id: string, unit: bigint): Overload {
  return method(id, [DURATION], INT, ([duration = null]) =>
    duration instanceof CelDuration ? duration.nanos / unit : new CelError("no such overload"),
  );
}
