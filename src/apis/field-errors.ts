/** The ways in which a field is refused, worded as clients of the API know them. */
import type { FieldError } from "../machinery/status.ts";

/** The field must be there. */
export function required(field: string, detail = ""): FieldError {
  return { field, type: "FieldValueRequired", detail };
}

/** The value is not one the field can have. */
export function invalid(field: string, value: unknown, detail: string): FieldError {
  return { field, type: "FieldValueInvalid", value, detail };
}

/** The value is none of the few that are known. */
export function unsupported(
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldError {
  const quoted = supported.map((text) => JSON.stringify(text)).join(", ");
  return { field, type: "FieldValueNotSupported", value, detail: `supported values: ${quoted}` };
}

/** The value stands elsewhere in the same list. */
export function duplicate(field: string, value: unknown): FieldError {
  return { field, type: "FieldValueDuplicate", value, detail: "" };
}

/** The field may not be set, or not be changed. */
export function forbidden(field: string, detail: string): FieldError {
  return { field, type: "FieldValueForbidden", detail };
}

/** The value names something that is not there. */
export function notFound(field: string, value: unknown): FieldError {
  return { field, type: "FieldValueNotFound", value, detail: "" };
}

/** The value has more bytes than it may. */
export function tooLong(field: string, bytesMax: number): FieldError {
  return { field, type: "FieldValueTooLong", detail: `may not be more than ${bytesMax} bytes` };
}

/** The list has more items than it may. */
export function tooMany(field: string, actual: number, max: number): FieldError {
  const detail = `must have at most ${max} items`;
  return { field, type: "FieldValueTooMany", value: actual, detail };
}

/** `error` if there is one. */
export function errorIf(isWrong: boolean, error: FieldError): readonly FieldError[] {
  return isWrong ? [error] : [];
}

/** No error, or those that `problem` words: several of them stand between semicolons. */
export function fromProblem(
  field: string,
  value: unknown,
  problem: string | undefined,
): readonly FieldError[] {
  if (problem === undefined) return [];
  return problem.split("; ").map((each) => invalid(field, value, each));
}

/** Refuses numbers below 0; an absent one is fine. */
export function notNegative(field: string, value: number | undefined): readonly FieldError[] {
  if (value === undefined || value >= 0) return [];
  return [invalid(field, value, "must be greater than or equal to 0")];
}

/** Refuses numbers outside `min` to `max`; an absent one is fine. */
export function inRange(
  field: string,
  value: number | undefined,
  min: number,
  max: number,
): readonly FieldError[] {
  if (value === undefined || (value >= min && value <= max)) return [];
  return [invalid(field, value, `must be between ${min} and ${max}, inclusive`)];
}

/** Refuses an absent or empty value, and one that is not in `supported`. */
export function oneOf(
  field: string,
  value: string | undefined,
  supported: readonly string[],
): readonly FieldError[] {
  if (value === undefined || value === "") return [required(field)];
  return supported.includes(value) ? [] : [unsupported(field, value, supported)];
}

/** Refuses a value that is not in `supported`; an absent one is fine. */
export function noneOrOneOf(
  field: string,
  value: string | undefined,
  supported: readonly string[],
): readonly FieldError[] {
  if (value === undefined || supported.includes(value)) return [];
  return [unsupported(field, value, supported)];
}

/** Refuses an absent or empty text. */
export function notEmpty(field: string, value: string | undefined): readonly FieldError[] {
  return value === undefined || value === "" ? [required(field)] : [];
}

/** Refuses a change of a field that may not change. */
export const IMMUTABLE = "field is immutable";
