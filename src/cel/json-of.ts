/** Values as JSON: what expressions construct, and what they say in audit annotations. */
import { CelError } from "./cel-error.ts";
import { isError, typeNameOf } from "./eval/runtime-types.ts";
import { durationText, timestampText } from "./library/time-text.ts";
import { setField, VALUE_DEPTH_MAX, type MutableFields } from "../machinery/json-value.ts";
import type { CelResult, CelValue } from "./values.ts";

/**
 * The JSON of a value: optionals are what is in them (null if nothing is), times are texts, bytes
 * are base64. An error for values of libraries, and for ints that a number cannot hold exactly.
 */
export function jsonOf(value: CelValue): unknown {
  return convert(value, 0);
}

function convert(value: CelResult, depth: number): unknown {
  if (isError(value)) return value;
  if (depth > VALUE_DEPTH_MAX) return new CelError("value is nested too deep for JSON");
  switch (typeof value) {
    case "bigint":
      return wholeNumber(value);
    case "number":
      return Number.isFinite(value) ? value : new CelError(`${value} is no JSON`);
    case "object":
      return value === null ? null : convertObject(value, depth);
    default:
      return value;
  }
}

function convertObject(
  value: Exclude<CelValue, null | boolean | bigint | number | string>,
  depth: number,
): unknown {
  if (value instanceof Uint8Array) return btoa(String.fromCharCode(...value));
  switch (value.kind) {
    case "uint":
      return wholeNumber(value.value);
    case "timestamp":
      return timestampText(value);
    case "duration":
      return durationText(value);
    case "type":
      return value.name;
    case "optional":
      return value.value === undefined ? null : convert(value.value, depth);
    case "list": {
      const elements = Array.from({ length: value.size }, (_, index) =>
        convert(value.at(index), depth + 1),
      );
      return elements.find((element) => element instanceof CelError) ?? elements;
    }
    case "map":
      return convertFields(
        value.keys().map((key) => [key, value.get(key) ?? null] as const),
        depth,
      );
    case "struct":
      return convertFields([...value.fields], depth);
    case "opaque":
      return new CelError(`values of type ${typeNameOf(value)} are no JSON`);
  }
}

function convertFields(
  entries: readonly (readonly [CelValue, CelResult])[],
  depth: number,
): unknown {
  const fields: MutableFields = {};
  for (const [key, value] of entries) {
    if (typeof key !== "string") {
      return new CelError(`keys of type ${typeNameOf(key)} are no JSON`);
    }
    const json = convert(value, depth + 1);
    if (json instanceof CelError) return json;
    setField(fields, key, json);
  }
  return fields;
}

function wholeNumber(value: bigint): unknown {
  const number = Number(value);
  return BigInt(number) === value ? number : new CelError(`${value} cannot be kept exactly`);
}
