/** Fields that hold a number of pods or a part of all of them, as upstream checks them. */
import { isPercent } from "../machinery/int-or-string.ts";
import type { FieldError } from "../machinery/status.ts";
import { invalid, notNegative } from "./field-errors.ts";

export const PERCENT_PROBLEM: string =
  "a valid percent string must be a numeric string followed by an ending '%' " +
  "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A number that is not negative, or a percentage. */
export function podCountOrPercentErrors(
  field: string,
  count: number | string,
): readonly FieldError[] {
  if (typeof count === "number") return notNegative(field, count);
  return isPercent(count) ? [] : [invalid(field, count, PERCENT_PROBLEM)];
}

/** A percentage beyond all there is. */
export function over100PercentErrors(field: string, count: number | string): readonly FieldError[] {
  if (typeof count === "number" || !isPercent(count) || numberOrPercent(count) <= 100) return [];
  return [invalid(field, count, "must not be greater than 100%")];
}

/** The number, or that before the percent sign; 0 for a text that is neither. */
export function numberOrPercent(count: number | string): number {
  if (typeof count === "number") return count;
  const digits = isPercent(count) ? count.slice(0, -1) : count;
  return /^-?[0-9]{1,9}$/.test(digits) ? Number(digits) : 0;
}
