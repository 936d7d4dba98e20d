/** Requests for tokens of service accounts: their defaults, and what is wrong with them. */
import type { FieldError } from "../../../machinery/status.ts";
import { invalid } from "../../field-errors.ts";
import type { TokenRequestSpec } from "./types.generated.ts";

/** How long a token lasts unless the request says otherwise. */
export const TOKEN_SECONDS = 3_600;

export const TOKEN_SECONDS_MIN = 600;
export const TOKEN_SECONDS_MAX: number = 2 ** 32;

/** What is wrong with a request whose defaults are filled in. */
export function tokenRequestErrors({
  expirationSeconds = 0,
}: TokenRequestSpec): readonly FieldError[] {
  const field = "spec.expirationSeconds";
  if (expirationSeconds < TOKEN_SECONDS_MIN) {
    const detail = "may not specify a duration less than 10 minutes";
    return [invalid(field, expirationSeconds, detail)];
  }
  if (expirationSeconds > TOKEN_SECONDS_MAX) {
    const detail = "may not specify a duration larger than 2^32 seconds";
    return [invalid(field, expirationSeconds, detail)];
  }
  return [];
}
