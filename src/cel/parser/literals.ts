/** The values of number tokens. */
import { CelUint } from "../values.ts";

const INT_MIN: bigint = -(2n ** 63n);
const INT_MAX: bigint = 2n ** 63n - 1n;
const UINT_MAX: bigint = 2n ** 64n - 1n;

/** The int, or undefined if it does not fit. */
export function parseInt64(text: string, isNegative: boolean): bigint | undefined {
  const magnitude = BigInt(text);
  const value = isNegative ? -magnitude : magnitude;
  return value < INT_MIN || value > INT_MAX ? undefined : value;
}

/** The uint of a token with its `u`, or undefined if it does not fit. */
export function parseUint64(text: string): CelUint | undefined {
  const value = BigInt(text.slice(0, -1));
  return value > UINT_MAX ? undefined : new CelUint(value);
}

/** The double, or undefined if it is out of range. */
export function parseDouble(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
