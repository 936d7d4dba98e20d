/** Conditions on requests, as expressions that all must be true. */
import { qualifiedNameProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { duplicate, errorIf, fromProblem, required, tooMany } from "../../field-errors.ts";
import { expressionErrors } from "./expressions.ts";
import type { Declared } from "./policy-environment.ts";
import type { MatchCondition } from "./types.generated.ts";

/** Conditions of one webhook or policy. */
export const MATCH_CONDITIONS_MAX = 64;

/** What is wrong with conditions; each has a name of its own. */
export function matchConditionErrors(
  field: string,
  conditions: readonly MatchCondition[] | undefined,
  declared: Declared,
): readonly FieldError[] {
  const all = conditions ?? [];
  const names = new Set<string>();
  return [
    ...errorIf(all.length > MATCH_CONDITIONS_MAX, tooMany(field, all.length, MATCH_CONDITIONS_MAX)),
    ...all.flatMap(({ name, expression }, index) => {
      const path = `${field}[${index}]`;
      const trimmed = expression.trim();
      const isTaken = name !== "" && names.has(name);
      names.add(name);
      return [
        ...(trimmed === ""
          ? [required(`${path}.expression`)]
          : expressionErrors(`${path}.expression`, trimmed, ["bool"], declared)),
        ...(name === ""
          ? [required(`${path}.name`)]
          : fromProblem(`${path}.name`, name, qualifiedNameProblem(name))),
        ...errorIf(isTaken, duplicate(`${path}.name`, name)),
      ];
    }),
  ];
}
