/** The ways in which a field of a definition is refused, worded as clients know them. */
import type { FieldError } from "../machinery/status.ts";

export function required(field: string, detail: string): FieldError {
  return { field, type: "FieldValueRequired", detail };
}

export function invalid(field: string, value: unknown, detail: string): FieldError {
  return { field, type: "FieldValueInvalid", value, detail };
}

export function forbidden(field: string, detail: string): FieldError {
  return { field, type: "FieldValueForbidden", detail };
}

/** The value is none of `supported`. */
export function notSupported(
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldError {
  const listed = supported.map((text) => JSON.stringify(text)).join(", ");
  return { field, type: "FieldValueNotSupported", value, detail: `supported values: ${listed}` };
}

export function internal(field: string, detail: string): FieldError {
  return { field, type: "InternalError", detail };
}
