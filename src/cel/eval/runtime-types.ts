/** What type a value is of, as `type(x)` and error texts tell it. */
import { noSuchOverload, type CelError } from "../cel-error.ts";
import type { CelList, CelMap, CelResult, CelValue } from "../values.ts";

/** The name of the value's type. */
export function typeNameOf(value: CelResult): string {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "double";
    case "string":
      return "string";
    default:
      return objectTypeName(value);
  }
}

function objectTypeName(value: Exclude<CelResult, boolean | bigint | number | string>): string {
  if (value === null) return "null_type";
  if (value instanceof Uint8Array) return "bytes";
  switch (value.kind) {
    case "timestamp":
      return "google.protobuf.Timestamp";
    case "duration":
      return "google.protobuf.Duration";
    case "optional":
      return "optional_type";
    case "struct":
      return value.typeName;
    case "opaque":
      return value.type.name;
    default:
      return value.kind;
  }
}

/**
 * The error of a function or operator that does not know values like this one. Strings and times
 * take calls of any name upstream, and then do not say which it was.
 */
export function unknownTo(name: string, value: CelValue): CelError {
  const isReceiver = /^(string|google\.protobuf\.(Timestamp|Duration))$/.test(typeNameOf(value));
  return noSuchOverload(isReceiver ? undefined : name);
}

/** Whether there is a value, and not an error. */
export function isValue(result: CelResult): result is CelValue {
  return !isError(result);
}

/** Whether there is an error instead of a value. */
export function isError(result: CelResult): result is Exclude<CelResult, CelValue> {
  return isObjectValue(result) && result.kind === "error";
}

export function isList(value: CelResult): value is CelList {
  return isObjectValue(value) && value.kind === "list";
}

export function isMap(value: CelResult): value is CelMap {
  return isObjectValue(value) && value.kind === "map";
}

/** Whether a value is neither a scalar of JavaScript nor bytes. */
function isObjectValue(
  value: CelResult,
): value is Exclude<CelResult, null | boolean | bigint | number | string | Uint8Array> {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}
