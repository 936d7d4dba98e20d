/** Fields that hold a number or a percentage of another number, e.g. `maxSurge: 25%`. */

/** `25%`; whole numbers only, as upstream reads it. */
const PERCENT = /^[0-9]{1,9}%$/;

/** Whether the text is a percentage. */
export function isPercent(text: string): boolean {
  return PERCENT.test(text);
}

/**
 * The number meant: `value` itself, or that share of `total`, rounded as told. Undefined if a text
 * is not a percentage.
 */
export function scaledValue(
  value: number | string,
  total: number,
  rounding: "up" | "down",
): number | undefined {
  if (typeof value === "number") return value;
  if (!isPercent(value)) return undefined;
  const share = Number(value.slice(0, -1)) * total; // exact up to 2^53, so divide last
  return rounding === "up" ? Math.ceil(share / 100) : Math.floor(share / 100);
}
