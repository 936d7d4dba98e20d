/**
 * When two values are equal. Numbers are equal by what they count, whatever their types; values of
 * other different types are unequal, not an error.
 */
import type { CelError } from "../cel-error.ts";
import type { CelList, CelMap, CelResult, CelStruct, CelValue } from "../values.ts";
import { isError } from "./runtime-types.ts";

/** Whether the two are equal; an error if a part of them is one. */
export function equal(left: CelResult, right: CelResult): boolean | CelError {
  if (isError(left)) return left;
  if (isError(right)) return right;
  if (left === right) return typeof left !== "number" || !Number.isNaN(left);
  const leftNumber = numberOf(left);
  const rightNumber = numberOf(right);
  if (leftNumber !== undefined && rightNumber !== undefined) {
    return compareNumbers(leftNumber, rightNumber) === 0;
  }
  if (left instanceof Uint8Array || right instanceof Uint8Array) return sameBytes(left, right);
  if (typeof left !== "object" || typeof right !== "object") return false;
  return left !== null && right !== null && sameObjects(left, right);
}

/** The number a value is; undefined if it is none. */
export function numberOf(value: CelValue): bigint | number | undefined {
  if (typeof value === "bigint" || typeof value === "number") return value;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return undefined;
  return value.kind === "uint" ? value.value : undefined;
}

/**
 * Negative, zero or positive; NaN if one of the two is. A whole number is compared with a double as
 * the double nearest to it, so that some unequal ones are equal.
 */
export function compareNumbers(left: bigint | number, right: bigint | number): number {
  if (typeof left === "bigint" && typeof right === "bigint") {
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const a = Number(left);
  const b = Number(right);
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  return a < b ? -1 : a > b ? 1 : 0;
}

type ObjectValue = Exclude<CelValue, null | boolean | bigint | number | string | Uint8Array>;

function sameObjects(left: ObjectValue, right: ObjectValue): boolean | CelError {
  switch (left.kind) {
    case "timestamp":
    case "duration":
      return right.kind === left.kind && left.nanos === right.nanos;
    case "type":
      return right.kind === "type" && left.name === right.name;
    case "list":
      return right.kind === "list" && sameLists(left, right);
    case "map":
      return right.kind === "map" && sameMaps(left, right);
    case "struct":
      return right.kind === "struct" && sameStructs(left, right);
    case "optional":
      if (right.kind !== "optional") return false;
      if (left.value === undefined || right.value === undefined) return left.value === right.value;
      return equal(left.value, right.value);
    case "opaque":
      return right.kind === "opaque" && left.type.name === right.type.name && left.equals(right);
    case "uint":
      return false;
  }
}

function sameBytes(left: CelValue, right: CelValue): boolean {
  if (!(left instanceof Uint8Array) || !(right instanceof Uint8Array)) return false;
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function sameLists(left: CelList, right: CelList): boolean | CelError {
  if (left.semantics !== undefined) return left.semantics.equals(left, right);
  if (left.size !== right.size) return false;
  for (let index = 0; index < left.size; index += 1) {
    const same = equal(left.at(index), right.at(index));
    if (same !== true) return same;
  }
  return true;
}

function sameMaps(left: CelMap, right: CelMap): boolean | CelError {
  if (left.equals !== undefined) return left.equals(right);
  if (left.size !== right.size) return false;
  for (const key of left.keys()) {
    const a = left.get(key);
    const b = right.get(key);
    if (a === undefined || b === undefined) return false;
    const same = equal(a, b);
    if (same !== true) return same;
  }
  return true;
}

function sameStructs(left: CelStruct, right: CelStruct): boolean | CelError {
  if (left.typeName !== right.typeName || left.fields.size !== right.fields.size) return false;
  for (const [name, value] of left.fields) {
    const other = right.fields.get(name);
    if (other === undefined) return false;
    const same = equal(value, other);
    if (same !== true) return same;
  }
  return true;
}

/** Whether a list has an element equal to `value`. */
export function contains(list: CelList, value: CelValue): boolean | CelError {
  let error: CelError | undefined;
  for (let index = 0; index < list.size; index += 1) {
    const same = equal(list.at(index), value);
    if (same === true) return true;
    if (same !== false) error ??= same;
  }
  return error ?? false;
}
