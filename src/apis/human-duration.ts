/** Durations and ages as `kubectl get` shows them: short, and no more exact than useful. */
import { parseApiTime } from "../machinery/api-time.ts";

const MINUTE_SECONDS = 60;
const HOUR_MINUTES = 60;
const DAY_HOURS = 24;
const YEAR_HOURS = 365 * DAY_HOURS;

/** `47s`, `3m20s`, `35m`, `5h10m`, `30h`, `2d3h`, `40d`, `2y10d`. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return "<invalid>"; // clocks of two machines may differ by a second
  if (seconds < 0) return "0s";
  if (seconds < 2 * MINUTE_SECONDS) return `${seconds}s`;
  const minutes = Math.trunc(seconds / MINUTE_SECONDS);
  if (minutes < 10) return twoUnits(minutes, "m", seconds % MINUTE_SECONDS, "s");
  if (minutes < 3 * HOUR_MINUTES) return `${minutes}m`;
  const hours = Math.trunc(minutes / HOUR_MINUTES);
  if (hours < 8) return twoUnits(hours, "h", minutes % HOUR_MINUTES, "m");
  if (hours < 2 * DAY_HOURS) return `${hours}h`;
  return humanDays(hours);
}

/** Time since `time`, or `<unknown>` if there is none. */
export function humanAge(time: string | null | undefined, nowMs: number): string {
  const ms = time === undefined || time === null ? Number.NaN : parseApiTime(time);
  return Number.isNaN(ms) ? "<unknown>" : humanDuration(nowMs - ms);
}

function humanDays(hours: number): string {
  const days = Math.trunc(hours / DAY_HOURS);
  if (hours < 8 * DAY_HOURS) return twoUnits(days, "d", hours % DAY_HOURS, "h");
  if (hours < 2 * YEAR_HOURS) return `${days}d`;
  const years = Math.trunc(hours / YEAR_HOURS);
  return hours < 8 * YEAR_HOURS ? twoUnits(years, "y", days % 365, "d") : `${years}y`;
}

function twoUnits(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit}${small}${smallUnit}`;
}
