/** Keys of maps. An int and a uint of the same number are the same key. */
import { CelUint, type CelValue } from "../values.ts";

/** A key in a form in which equal keys are identical. */
export type MapKey = string | boolean | bigint | number | object;

const NULL_KEY: object = {};

/** The form of a value as a key. Values that are no scalars are keys only of themselves. */
export function mapKeyOf(value: CelValue): MapKey {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (value === null) return NULL_KEY;
  return value instanceof CelUint ? value.value : value;
}

/** Whether a value is of a kind that maps usually have as keys. */
export function isScalarKey(value: CelValue): boolean {
  return typeof value !== "object" || value instanceof CelUint;
}
