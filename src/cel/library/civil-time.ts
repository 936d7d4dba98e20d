/** Days and clocks, counted without the machine's calendar: years 1 to 9999 and a little beyond. */

export const NANOS_PER_SECOND = 1_000_000_000n;
export const SECONDS_PER_DAY = 86_400;

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z in seconds since 1970. */
export const SECONDS_MIN = -62_135_596_800;
export const SECONDS_MAX = 253_402_300_799;

/** A moment as a calendar and a clock show it. */
export type Civil = {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** From 1. */
  readonly dayOfYear: number;
  /** Sunday is 0. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
};

/** Days since 1970 of a date of the Gregorian calendar. */
export function daysOf(year: number, month: number, day: number): number {
  // Years begin in March here, so that the leap day is a year's last.
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468;
}

/** What calendar and clock show, seconds after 1970 began there. */
export function civilOf(seconds: number): Civil {
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  const clock = seconds - days * SECONDS_PER_DAY;
  const { year, month, day } = dateOf(days);
  return {
    year,
    month,
    day,
    dayOfYear: days - daysOf(year, 1, 1) + 1,
    weekday: (((days + 4) % 7) + 7) % 7,
    hour: Math.floor(clock / 3600),
    minute: Math.floor((clock % 3600) / 60),
    second: clock % 60,
  };
}

/** How many days the month has. */
export function daysInMonth(year: number, month: number): number {
  const next = month === 12 ? daysOf(year + 1, 1, 1) : daysOf(year, month + 1, 1);
  return next - daysOf(year, month, 1);
}

function dateOf(days: number): {
  readonly year: number;
  readonly month: number;
  readonly day: number;
} {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

/** Whole seconds before a moment in nanoseconds. */
export function secondsOf(nanos: bigint): number {
  const seconds = nanos / NANOS_PER_SECOND;
  return Number(nanos % NANOS_PER_SECOND < 0n ? seconds - 1n : seconds);
}

/** The part of a second after that. */
export function nanosOfSecond(nanos: bigint): number {
  const rest = nanos % NANOS_PER_SECOND;
  return Number(rest < 0n ? rest + NANOS_PER_SECOND : rest);
}
