/** Dates, moments and spans of time as upstream's validator reads them. */

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const CLOCK = /^(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/;

/** `2006-01-02`, a day there is. */
export function isDate(text: string): boolean {
  const match = text.length > 10 ? null : DATE.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** RFC 3339; the letters may be small ones. */
export function isDateTime(text: string): boolean {
  const [date = "", clock, ...others] = text.toLowerCase().split("t", 3);
  if (clock === undefined || others.length > 1 || !isDate(date)) return false;
  const match = CLOCK.exec(clock);
  if (match === null) return false;
  const [hour = "", minute = "", second = ""] = match.slice(1);
  return hour <= "23" && minute <= "59" && second <= "59";
}

/** Nanoseconds of Go's units. */
const GO_UNITS: ReadonlyMap<string, number> = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["µs", 1e3],
  ["μs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
  ["m", 60e9],
  ["h", 3600e9],
]);
const GO_DURATION = /^[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const GO_PART = /(\d*(?:\.\d*)?)(ns|us|µs|μs|ms|s|m|h)/g;
/** Longer ones name no more time; Go's own loop would go on. */
const DURATION_LENGTH_MAX = 1_000;

/** A span as Go writes it (`1h30m`), or in words: `3 days`, `22 ns`. */
export function isDuration(text: string): boolean {
  if (text.length > DURATION_LENGTH_MAX) return false;
  return isGoDuration(text) || isWordedDuration(text);
}

function isGoDuration(text: string): boolean {
  if (/^[-+]?0$/.test(text)) return true;
  if (!GO_DURATION.test(text)) return false;
  let nanos = 0;
  for (const [, amount = "", unit = ""] of text.matchAll(GO_PART)) {
    nanos += Number(amount === "." ? "0" : amount) * (GO_UNITS.get(unit) ?? 0);
  }
  return nanos < 2 ** 63;
}

/** The last name of a unit stands for all words that begin with it. */
const WORDED_UNITS: readonly (readonly string[])[] = [
  ["ns", "nano"],
  ["us", "µs", "micro"],
  ["ms", "milli"],
  ["s", "sec"],
  ["m", "min"],
  ["h", "hr", "hour"],
  ["d", "day"],
  ["w", "wk", "week"],
];

function isWordedDuration(text: string): boolean {
  let isKnown = false;
  for (const [, amount = "", unit = ""] of text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)) {
    if (Number(amount) >= 2 ** 63) return false;
    isKnown ||= WORDED_UNITS.some((names) => isUnit(unit.toLowerCase(), names));
  }
  return isKnown;
}

function isUnit(word: string, names: readonly string[]): boolean {
  return names.includes(word) || word.startsWith(names[names.length - 1] ?? word);
}
