/** Timestamps and durations as text, as Go writes and reads them. */
import { INT_MAX } from "../eval/numbers.ts";
import { CelDuration, CelTimestamp } from "../values.ts";
import {
  civilOf,
  daysInMonth,
  daysOf,
  NANOS_PER_SECOND,
  nanosOfSecond,
  SECONDS_PER_DAY,
  secondsOf,
} from "./civil-time.ts";
import { plainDoubleText } from "./number-text.ts";

const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})/;
const CLOCK = /^T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]+))?/;
const ZONE = /^(?:Z|([+-])([0-9]{2}):([0-9]{2}))$/;

const UNIT_NANOS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["\u00b5s", 1_000n],
  ["\u03bcs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

/** Digits after the point that still make a difference in nanoseconds of an hour. */
const FRACTION_DIGITS_MAX = 18;

/** A moment as RFC 3339 writes it, in the zone it was read in. */
export function timestampText(timestamp: CelTimestamp): string {
  const { nanos, zoneSeconds } = timestamp;
  const civil = civilOf(secondsOf(nanos) + zoneSeconds);
  const two = (value: number): string => value.toString().padStart(2, "0");
  const date = `${civil.year.toString().padStart(4, "0")}-${two(civil.month)}-${two(civil.day)}`;
  const clock = `${two(civil.hour)}:${two(civil.minute)}:${two(civil.second)}`;
  const fraction = nanosOfSecond(nanos).toString().padStart(9, "0").replace(/0+$/, "");
  const point = fraction === "" ? "" : `.${fraction}`;
  return `${date}T${clock}${point}${zoneText(zoneSeconds)}`;
}

function zoneText(seconds: number): string {
  if (seconds === 0) return "Z";
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const two = (value: number): string => value.toString().padStart(2, "0");
  return `${seconds < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The moment an RFC 3339 text means; undefined if it is none. Years may be 0 to 9999. */
export function parseTimestamp(text: string): CelTimestamp | undefined {
  const date = parseDate(text.slice(0, 10));
  const clock = CLOCK.exec(text.slice(10));
  if (date === undefined || clock === null) return undefined;
  const [whole, hour = "", minute = "", second = "", fraction = ""] = clock;
  const zone = parseZone(text.slice(10 + whole.length));
  if (zone === undefined) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const clockSeconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const seconds = date * SECONDS_PER_DAY + clockSeconds - zone;
  const nanos = BigInt(fraction.slice(0, 9).padEnd(9, "0"));
  return new CelTimestamp(BigInt(seconds) * NANOS_PER_SECOND + nanos, zone);
}

/** Days since 1970 of a `2006-01-02`; undefined if it is none. */
export function parseDate(text: string): number | undefined {
  const match = DATE.exec(text);
  if (match === null || text.length !== 10) return undefined;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return daysOf(year, month, day);
}

function parseZone(text: string): number | undefined {
  const match = ZONE.exec(text);
  if (match === null) return undefined;
  const [, sign, hours = "0", minutes = "0"] = match;
  if (Number(hours) > 24 || Number(minutes) > 60) return undefined;
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return sign === "-" ? -seconds : seconds;
}

/** Seconds, as many digits as there are: `90.5s`. */
export function durationText({ nanos }: CelDuration): string {
  const seconds = Number(nanos / NANOS_PER_SECOND) + Number(nanos % NANOS_PER_SECOND) / 1e9;
  return `${plainDoubleText(seconds)}s`;
}

/** The duration a text such as `-1h30.5m` means; undefined if it is none or too long. */
export function parseDuration(text: string): CelDuration | undefined {
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  let rest = text.slice(sign.length);
  if (rest === "0") return new CelDuration(0n);
  if (rest === "") return undefined;
  let total = 0n;
  while (rest !== "") {
    const part = /^(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))([^0-9.]+)/.exec(rest);
    if (part === null) return undefined;
    const [whole, digits = "0", tail = "", bare = "", unit = ""] = part;
    const nanos = UNIT_NANOS.get(unit);
    if (nanos === undefined) return undefined;
    const fraction = (tail === "" ? bare : tail).slice(0, FRACTION_DIGITS_MAX);
    total += BigInt(digits) * nanos;
    total += (BigInt(`0${fraction}`) * nanos) / 10n ** BigInt(fraction.length);
    if (total > INT_MAX + 1n) return undefined;
    rest = rest.slice(whole.length);
  }
  if (sign === "-") return new CelDuration(-total);
  return total > INT_MAX ? undefined : new CelDuration(total);
}
