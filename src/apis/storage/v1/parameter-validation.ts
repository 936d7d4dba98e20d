/** Names of drivers, and the settings that are handed to them unread. */
import { dnsSubdomainProblem, qualifiedNameProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, fromProblem, invalid, required, tooLong } from "../../field-errors.ts";
import { byteLength } from "../../meta/v1/label-validation.ts";

/** Keys and values of all parameters together, and of the metadata of an attachment. */
export const PARAMETER_BYTES_MAX: number = 256 * 1024;
const PARAMETERS_MAX = 512;
const DRIVER_NAME_LENGTH_MAX = 63;

type Texts = Readonly<Record<string, string>>;

/** A provisioner or driver must be named, in letters of any case. */
export function provisionerErrors(field: string, name: string): readonly FieldError[] {
  if (name === "") return [required(field)];
  const lower = name.toLowerCase();
  return fromProblem(field, lower, qualifiedNameProblem(lower));
}

/** What is wrong with settings; there may be none. */
export function parameterErrors(
  field: string,
  parameters: Texts | undefined,
): readonly FieldError[] {
  const keys = Object.keys(parameters ?? {});
  if (keys.length > PARAMETERS_MAX) return [tooLong(field, PARAMETERS_MAX)];
  return [
    ...errorIf(keys.includes(""), invalid(field, "", "field can not be empty.")),
    ...bytesErrors(field, parameters),
  ];
}

/** Refuses a map whose keys and values are too much together. */
export function bytesErrors(field: string, texts: Texts | undefined): readonly FieldError[] {
  const entries = Object.entries(texts ?? {});
  const bytes = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
  return errorIf(bytes > PARAMETER_BYTES_MAX, tooLong(field, PARAMETER_BYTES_MAX));
}

/** The name of a CSI driver, in letters of any case. */
export function driverNameErrors(field: string, name: string): readonly FieldError[] {
  if (name === "") return [required(field)];
  return [
    ...errorIf(name.length > DRIVER_NAME_LENGTH_MAX, tooLong(field, DRIVER_NAME_LENGTH_MAX)),
    ...fromProblem(field, name, dnsSubdomainProblem(name.toLowerCase())),
  ];
}
