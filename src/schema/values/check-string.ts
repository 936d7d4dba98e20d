/** Length, pattern and format of texts. */
import { formatCheck } from "../formats/formats.ts";
import { runeCount } from "../go-text.ts";
import { matchPattern } from "../patterns.ts";
import type { ValueChecks } from "../schema-node.ts";
import { wrongType } from "./check-type.ts";
import type { ValueErrors } from "./value-errors.ts";

/** The first of length and pattern that fails; counts as no check of its own, as upstream. */
export function checkText(
  text: string,
  { maxLength, minLength, pattern }: ValueChecks,
  path: string,
  errors: ValueErrors,
): void {
  const length = maxLength === undefined && minLength === undefined ? 0 : runeCount(text);
  if (maxLength !== undefined && length > maxLength) {
    errors.add({
      type: "FieldValueTooLong",
      path,
      detail: `may not be more than ${maxLength} bytes`,
      text: `${path} in body should be at most ${maxLength} chars long`,
    });
  } else if (minLength !== undefined && length < minLength) {
    errors.refuse(path, text, `should be at least ${minLength} chars long`);
  } else if (pattern !== undefined) {
    checkPattern(text, pattern, path, errors);
  }
}

function checkPattern(text: string, pattern: string, path: string, errors: ValueErrors): void {
  const outcome = matchPattern(pattern, text);
  if (outcome.kind === "match") return;
  const reason = outcome.kind === "broken" ? `, but pattern is invalid: ${outcome.problem}` : "";
  errors.refuse(path, text, `should match '${pattern}${reason}'`);
}

/** `spec.x in body must be of type date: "yesterday"` */
export function checkFormat(text: string, format: string, path: string, errors: ValueErrors): void {
  if (formatCheck(format)?.(text) === false) wrongType(path, format, text, errors);
}
