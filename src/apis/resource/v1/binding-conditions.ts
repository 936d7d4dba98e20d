/** Conditions that must be met before a pod is bound to the node of its device. */
import type { FieldError } from "../../../machinery/status.ts";
import { duplicate, errorIf, invalid } from "../../field-errors.ts";
import { labelNameErrors } from "../../meta/v1/label-validation.ts";
import { listErrors } from "./collections.ts";

const CONDITIONS_MAX = 4;

/** What is wrong with conditions of success and of failure: one needs the other. */
export function bindingErrors(
  path: string,
  parts: {
    readonly bindingConditions?: readonly string[];
    readonly bindingFailureConditions?: readonly string[];
  },
): readonly FieldError[] {
  const { bindingConditions: success = [], bindingFailureConditions: failure = [] } = parts;
  const [successField, failureField] = [
    `${path}.bindingConditions`,
    `${path}.bindingFailureConditions`,
  ];
  const overlap = "bindingFailureConditions must not overlap with bindingConditions";
  const noSuccess = "bindingConditions are required to use bindingFailureConditions";
  const noFailure = "bindingFailureConditions are required to use bindingConditions";
  return [
    ...listErrors(successField, success, CONDITIONS_MAX, labelNameErrors),
    ...listErrors(failureField, failure, CONDITIONS_MAX, labelNameErrors),
    ...repeatedErrors(successField, success),
    ...failure.flatMap((condition, index) => {
      const field = `${failureField}[${index}]`;
      return [
        ...errorIf(failure.indexOf(condition) < index, duplicate(field, condition)),
        ...errorIf(success.includes(condition), invalid(field, condition, overlap)),
      ];
    }),
    ...errorIf(success.length === 0 && failure.length > 0, invalid(successField, null, noSuccess)),
    ...errorIf(failure.length === 0 && success.length > 0, invalid(failureField, null, noFailure)),
  ];
}

function repeatedErrors(field: string, texts: readonly string[]): readonly FieldError[] {
  return texts.flatMap((text, index) =>
    errorIf(texts.indexOf(text) < index, duplicate(`${field}[${index}]`, text)),
  );
}
