/**
 * Schedules of cron jobs: five fields, or a word such as `@daily`. The texts of mistakes are those
 * of the library upstream reads schedules with, which users search for.
 */

/** When a schedule fires: numbers that each field allows, or an interval. */
export type CronSchedule =
  | {
      readonly kind: "fields";
      readonly minutes: ReadonlySet<number>;
      readonly hours: ReadonlySet<number>;
      readonly daysOfMonth: ReadonlySet<number>;
      readonly months: ReadonlySet<number>;
      readonly daysOfWeek: ReadonlySet<number>;
      /** Whether any day of the month, or of the week, will do: then only the other one counts. */
      readonly isAnyDayOfMonth: boolean;
      readonly isAnyDayOfWeek: boolean;
    }
  | { readonly kind: "every"; readonly seconds: number };

export type ParsedSchedule =
  | { readonly kind: "schedule"; readonly schedule: CronSchedule; readonly timeZone?: string }
  | { readonly kind: "problem"; readonly text: string };

/** Reads a schedule; never throws. */
export function parseCronSchedule(text: string): ParsedSchedule {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ScheduleProblem) return { kind: "problem", text: error.message };
    throw error;
  }
}

/** Whether a time zone of that name is known. */
export function isTimeZone(name: string): boolean {
  if (name === "UTC") return true;
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

class ScheduleProblem extends Error {}

type Bounds = {
  readonly min: number;
  readonly max: number;
  readonly names: ReadonlyMap<string, number>;
};

const NO_NAMES: ReadonlyMap<string, number> = new Map();
const MINUTES: Bounds = { min: 0, max: 59, names: NO_NAMES };
const HOURS: Bounds = { min: 0, max: 23, names: NO_NAMES };
const DAYS_OF_MONTH: Bounds = { min: 1, max: 31, names: NO_NAMES };
const MONTHS: Bounds = {
  min: 1,
  max: 12,
  names: numbered("jan feb mar apr may jun jul aug sep oct nov dec", 1),
};
const DAYS_OF_WEEK: Bounds = { min: 0, max: 6, names: numbered("sun mon tue wed thu fri sat", 0) };

const DESCRIPTORS: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);
const EVERY = "@every ";

function parse(text: string): ParsedSchedule {
  if (text === "") throw new ScheduleProblem("empty spec string");
  const zone = /^(?:CRON_)?TZ=([^ ]*) +(.*)$/s.exec(text);
  if (zone === null) {
    if (/^(?:CRON_)?TZ=/.test(text)) {
      const detail = "runtime error: slice bounds out of range [:-1]";
      throw new ScheduleProblem(`invalid schedule format: ${detail}`);
    }
    return { kind: "schedule", schedule: scheduleOf(text) };
  }
  const [, timeZone = "", rest = ""] = zone;
  if (timeZone !== "" && timeZone !== "Local" && !isTimeZone(timeZone)) {
    throw new ScheduleProblem(`provided bad location ${timeZone}: unknown time zone ${timeZone}`);
  }
  return { kind: "schedule", schedule: scheduleOf(rest.trim()), timeZone };
}

function scheduleOf(text: string): CronSchedule {
  if (!text.startsWith("@")) return fieldsOf(text);
  const fields = DESCRIPTORS.get(text);
  if (fields !== undefined) return fieldsOf(fields);
  if (!text.startsWith(EVERY)) throw new ScheduleProblem(`unrecognized descriptor: ${text}`);
  return { kind: "every", seconds: everySeconds(text) };
}

function fieldsOf(text: string): CronSchedule {
  const fields = text.split(/\s+/).filter((field) => field !== "");
  if (fields.length !== 5) {
    const found = `found ${fields.length}: [${fields.join(" ")}]`;
    throw new ScheduleProblem(`expected exactly 5 fields, ${found}`);
  }
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  return {
    kind: "fields",
    minutes: valuesOf(minute, MINUTES),
    hours: valuesOf(hour, HOURS),
    daysOfMonth: valuesOf(day, DAYS_OF_MONTH),
    months: valuesOf(month, MONTHS),
    daysOfWeek: valuesOf(weekday, DAYS_OF_WEEK),
    isAnyDayOfMonth: isAny(day),
    isAnyDayOfWeek: isAny(weekday),
  };
}

/** A star that steps over nothing allows everything. */
function isAny(field: string): boolean {
  return field.split(",").some((part) => /^[*?](?:\/1)?$/.test(part));
}

function valuesOf(field: string, bounds: Bounds): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of field.split(",").filter((each) => each !== "")) {
    const { start, end, step } = rangeOf(part, bounds);
    for (let value = start; value <= end; value += step) values.add(value);
  }
  return values;
}

type Range = { readonly start: number; readonly end: number; readonly step: number };

function rangeOf(text: string, bounds: Bounds): Range {
  const parts = text.split("/");
  const [range = "", stepText] = parts;
  const ends = range.split("-");
  const [low = "", high] = ends;
  const isStar = low === "*" || low === "?";
  if (!isStar && ends.length > 2) throw new ScheduleProblem(`too many hyphens: ${text}`);
  const start = isStar ? bounds.min : numberOf(low, bounds.names);
  const single = isStar ? bounds.max : start;
  const last = isStar || high === undefined ? single : numberOf(high, bounds.names);
  if (parts.length > 2) throw new ScheduleProblem(`too many slashes: ${text}`);
  const step = stepText === undefined ? 1 : numberOf(stepText, NO_NAMES);
  // `5/10` means from 5 on.
  const end = stepText !== undefined && ends.length === 1 ? bounds.max : last;
  checkRange({ start, end, step }, bounds, text);
  return { start, end, step };
}

function checkRange({ start, end, step }: Range, { min, max }: Bounds, text: string): void {
  const begin = `beginning of range (${start})`;
  if (start < min) throw new ScheduleProblem(`${begin} below minimum (${min}): ${text}`);
  if (end > max) {
    throw new ScheduleProblem(`end of range (${end}) above maximum (${max}): ${text}`);
  }
  if (start > end) {
    throw new ScheduleProblem(`${begin} beyond end of range (${end}): ${text}`);
  }
  if (step === 0) {
    throw new ScheduleProblem(`step of range should be a positive number: ${text}`);
  }
}

function numberOf(text: string, names: ReadonlyMap<string, number>): number {
  const named = names.get(text.toLowerCase());
  if (named !== undefined) return named;
  if (!/^[+-]?[0-9]+$/.test(text)) {
    const why = `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
    throw new ScheduleProblem(`failed to parse int from ${text}: ${why}`);
  }
  const value = Number(text);
  if (value >= 2 ** 63) {
    const why = `strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range`;
    throw new ScheduleProblem(`failed to parse int from ${text}: ${why}`);
  }
  if (value < 0) throw new ScheduleProblem(`negative number (${value}) not allowed: ${text}`);
  return value;
}

const UNIT_SECONDS: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-9],
  ["us", 1e-6],
  ["µs", 1e-6],
  ["μs", 1e-6],
  ["ms", 1e-3],
  ["s", 1],
  ["m", 60],
  ["h", 3600],
]);

/** Whole seconds, at least one. */
function everySeconds(text: string): number {
  const duration = text.slice(EVERY.length);
  const fail = (why: string): never => {
    const quoted = JSON.stringify(duration);
    throw new ScheduleProblem(`failed to parse duration ${text}: time: ${why} ${quoted}`);
  };
  const digits = duration.replace(/^[+-]/, "");
  if (digits === "0") return 1;
  const parts = [...digits.matchAll(/([0-9]+\.?[0-9]*|\.[0-9]+)([^0-9.]*)/gy)];
  const length = parts.reduce((sum, [part]) => sum + part.length, 0);
  if (parts.length === 0 || length !== digits.length) fail("invalid duration");
  const seconds = parts.reduce((sum, [, amount = "", unit = ""]) => {
    const factor = UNIT_SECONDS.get(unit);
    if (unit === "") fail("missing unit in duration");
    if (factor === undefined) fail(`unknown unit ${JSON.stringify(unit)} in duration`);
    return sum + Number(amount) * (factor ?? 0);
  }, 0);
  return duration.startsWith("-") ? 1 : Math.max(1, Math.floor(seconds));
}

function numbered(words: string, first: number): ReadonlyMap<string, number> {
  return new Map(words.split(" ").map((word, index) => [word, first + index]));
}
