/** Which of two values comes first. */
import { CelError, noSuchOverload } from "../cel-error.ts";
import type { CelValue } from "../values.ts";
import { compareNumbers, numberOf } from "./equality.ts";

/** Negative, zero or positive; an error if the two cannot be ordered. */
export function compare(left: CelValue, right: CelValue): number | CelError {
  const leftNumber = numberOf(left);
  const rightNumber = numberOf(right);
  if (leftNumber !== undefined) {
    if (rightNumber === undefined) return noSuchOverload();
    return ordered(leftNumber, rightNumber);
  }
  if (typeof left === "string") {
    return typeof right === "string" ? compareText(left, right) : noSuchOverload();
  }
  if (typeof left === "boolean") {
    return typeof right === "boolean" ? Number(left) - Number(right) : noSuchOverload();
  }
  if (left instanceof Uint8Array) {
    return right instanceof Uint8Array ? compareBytes(left, right) : noSuchOverload();
  }
  if (isMoment(left) && isMoment(right) && left.kind === right.kind) {
    return ordered(left.nanos, right.nanos);
  }
  return noSuchOverload();
}

/** Whether values of this kind have an order at all. */
export function isOrdered(value: CelValue): boolean {
  if (value === null) return false;
  if (typeof value !== "object" || value instanceof Uint8Array) return true;
  return value.kind === "uint" || isMoment(value);
}

function isMoment(
  value: CelValue,
): value is CelValue & { readonly kind: "timestamp" | "duration"; readonly nanos: bigint } {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return false;
  return value.kind === "timestamp" || value.kind === "duration";
}

function ordered(left: bigint | number, right: bigint | number): number | CelError {
  const difference = compareNumbers(left, right);
  return Number.isNaN(difference) ? new CelError("NaN values cannot be ordered") : difference;
}

/** By code points, which is also the order of the bytes in UTF-8. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for the highest code points, though they are not the highest units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
