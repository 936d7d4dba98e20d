/** Expressions that select devices. */
import type { FieldError } from "../../../machinery/status.ts";
import { required, tooLong } from "../../field-errors.ts";
import { byteLength } from "../../meta/v1/label-validation.ts";
import { listErrors } from "./collections.ts";
import type { DeviceSelector } from "./types.generated.ts";

const SELECTORS_MAX = 32;
const EXPRESSION_BYTES_MAX = 10 * 1024;

/** What is wrong with selectors; each holds an expression. */
export function selectorErrors(
  field: string,
  selectors: readonly DeviceSelector[] | undefined,
): readonly FieldError[] {
  return listErrors(field, selectors, SELECTORS_MAX, (path, { cel }) => {
    if (cel === undefined) return [required(`${path}.cel`)];
    return expressionErrors(`${path}.cel.expression`, cel.expression);
  });
}

function expressionErrors(field: string, expression: string): readonly FieldError[] {
  const isTooLong = byteLength(expression) > EXPRESSION_BYTES_MAX;
  return isTooLong ? [tooLong(field, EXPRESSION_BYTES_MAX)] : [];
}
