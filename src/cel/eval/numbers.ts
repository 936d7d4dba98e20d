/** Whole numbers of 64 bits. */
import { CelError } from "../cel-error.ts";
import { CelUint } from "../values.ts";

export const INT_MIN: bigint = -(2n ** 63n);
export const INT_MAX: bigint = 2n ** 63n - 1n;
export const UINT_MAX: bigint = 2n ** 64n - 1n;

const TWO_63 = 2 ** 63;
const TWO_64 = 2 ** 64;

/** The int, or an error if it does not fit in 64 bits. */
export function intResult(value: bigint): bigint | CelError {
  return value >= INT_MIN && value <= INT_MAX ? value : new CelError("integer overflow");
}

/** The uint, or an error if it does not fit in 64 bits. */
export function uintResult(value: bigint): CelUint | CelError {
  if (value >= 0n && value <= UINT_MAX) return new CelUint(value);
  return new CelError("unsigned integer overflow");
}

/** The int nearest to zero of a double. */
export function intOfDouble(value: number): bigint | CelError {
  // The limits themselves are refused, as doubles near them cannot be told from them.
  if (Number.isNaN(value) || value <= -TWO_63 || value >= TWO_63) {
    return new CelError("integer overflow");
  }
  return BigInt(Math.trunc(value));
}

/** The uint nearest to zero of a double. */
export function uintOfDouble(value: number): CelUint | CelError {
  if (Number.isNaN(value) || value < 0 || value >= TWO_64) {
    return new CelError("unsigned integer overflow");
  }
  return new CelUint(BigInt(Math.trunc(value)));
}
