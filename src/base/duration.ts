/** Lengths of time as people write them. */

/** Milliseconds, or a text like `500ms`, `30s`, `5m`, `2h`, `1d`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** In milliseconds. Throws `RangeError` for what is no length of time, or a negative one. */
export function milliseconds(duration: Duration): number {
  const ms = typeof duration === "number" ? duration : parsed(duration);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new RangeError(`${duration} is no duration: give milliseconds, or a text like 30s or 5m`);
}

function parsed(text: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
}
