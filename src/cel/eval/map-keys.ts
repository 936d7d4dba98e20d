/** Keys of maps. An int and a uint of the same number are the same key. */
import { CelError } from "../cel-error.ts";
import type { CelValue } from "../values.ts";
import { typeNameOf } from "./runtime-types.ts";

/** A key in a form in which equal keys are identical. */
export type MapKey = string | boolean | bigint;

/** The form of a value as a key; undefined if no key can equal it. */
export function mapKeyOf(value: CelValue): MapKey | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "bigint":
      return value;
    case "number":
      return Number.isInteger(value) ? BigInt(value) : undefined;
    default:
      if (value === null || value instanceof Uint8Array) return undefined;
      return value.kind === "uint" ? value.value : undefined;
  }
}

/** Why a value cannot be a key of a map literal. */
export function unsupportedKey(value: CelValue): CelError {
  return new CelError(`unsupported key type: ${typeNameOf(value)}`);
}
