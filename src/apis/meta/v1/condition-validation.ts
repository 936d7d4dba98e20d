/** Conditions of the common form, which controllers report. */
import type { FieldError } from "../../../machinery/status.ts";
import { duplicate, errorIf, invalid, required, tooLong, unsupported } from "../../field-errors.ts";
import { byteLength, labelNameErrors } from "./label-validation.ts";
import type { Condition } from "./types.generated.ts";

const STATES: readonly string[] = ["False", "True", "Unknown"];
const REASON_BYTES_MAX = 1024;
const MESSAGE_BYTES_MAX = 32 * 1024;
const REASON = /^[A-Za-z](?:[A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;
const REASON_RULE =
  "a condition reason must start with alphabetic character, optionally followed by a string of " +
  "alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. " +
  "'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex " +
  "used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";

/** What is wrong with conditions: each is of a type of its own, and complete. */
export function conditionErrors(
  field: string,
  conditions: readonly Condition[] | undefined,
): readonly FieldError[] {
  const types = new Set<string>();
  return (conditions ?? []).flatMap((condition, index) => {
    const path = `${field}[${index}]`;
    const isTaken = types.has(condition.type);
    types.add(condition.type);
    return [
      ...errorIf(isTaken, duplicate(`${path}.type`, condition.type)),
      ...oneConditionErrors(path, condition),
    ];
  });
}

function oneConditionErrors(path: string, condition: Partial<Condition>): readonly FieldError[] {
  const { type = "", status = "", observedGeneration = 0 } = condition;
  const isTimed = (condition.lastTransitionTime ?? "") !== ""; // written as null where it is none
  const { reason = "", message = "" } = condition;
  const negative = "must be greater than or equal to zero";
  return [
    ...labelNameErrors(`${path}.type`, type),
    ...errorIf(!STATES.includes(status), unsupported(`${path}.status`, status, STATES)),
    ...errorIf(
      observedGeneration < 0,
      invalid(`${path}.observedGeneration`, observedGeneration, negative),
    ),
    ...errorIf(!isTimed, required(`${path}.lastTransitionTime`)),
    ...reasonErrors(`${path}.reason`, reason),
    ...errorIf(
      byteLength(message) > MESSAGE_BYTES_MAX,
      tooLong(`${path}.message`, MESSAGE_BYTES_MAX),
    ),
  ];
}

function reasonErrors(field: string, reason: string): readonly FieldError[] {
  if (reason === "") return [required(field)];
  return [
    ...errorIf(!REASON.test(reason), invalid(field, reason, REASON_RULE)),
    ...errorIf(byteLength(reason) > REASON_BYTES_MAX, tooLong(field, REASON_BYTES_MAX)),
  ];
}
