/** Durations as Go programs write them: `1.5s`, `2m30s`. */

/** A text that is no duration, in the words of Go. */
export class GoDurationError extends Error {
  override readonly name = "GoDurationError";
}

const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Longer texts are none: what is read is bounded. */
const LENGTH_MAX = 256;

/** As long as Go can count, some 292 years. */
const MS_MAX = 9_223_372_036_854;

/** Milliseconds. Throws `GoDurationError`. */
export function parseGoDuration(text: string): number {
  const shown = JSON.stringify(text.slice(0, LENGTH_MAX));
  const sign = text.startsWith("-") ? -1 : 1;
  const unsigned = text.replace(/^[+-]/, "");
  if (unsigned === "0") return 0;
  if (unsigned === "" || text.length > LENGTH_MAX) {
    throw new GoDurationError(`time: invalid duration ${shown}`);
  }
  let total = 0;
  let rest = unsigned;
  while (rest !== "") {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) throw new GoDurationError(`time: invalid duration ${shown}`);
    rest = rest.slice(number.length);
    const unit = /^[^.\d]*/.exec(rest)?.[0] ?? "";
    if (unit === "") throw new GoDurationError(`time: missing unit in duration ${shown}`);
    const unitMs = Object.hasOwn(UNITS_MS, unit) ? UNITS_MS[unit] : undefined;
    if (unitMs === undefined) {
      throw new GoDurationError(`time: unknown unit ${JSON.stringify(unit)} in duration ${shown}`);
    }
    total += Number(number) * unitMs;
    rest = rest.slice(unit.length);
  }
  if (total > MS_MAX) throw new GoDurationError(`time: invalid duration ${shown}`);
  return sign * total;
}
