/** Where volumes of a class may be made. */
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import type { TopologySelectorTerm } from "../../core/v1/types.generated.ts";
import { duplicate, errorIf, required } from "../../field-errors.ts";
import { labelNameErrors } from "../../meta/v1/label-validation.ts";

/** What is wrong with terms; two that say the same are one too many. */
export function topologyErrors(
  field: string,
  terms: readonly TopologySelectorTerm[] | undefined,
): readonly FieldError[] {
  const seen: unknown[] = [];
  return (terms ?? []).flatMap((term, index) => {
    const path = `${field}[${index}].matchLabelExpressions`;
    const meaning = meaningOf(term);
    const isKnown = seen.some((other) => equalValues(other, meaning));
    seen.push(meaning);
    return [...termErrors(path, term), ...errorIf(isKnown, duplicate(path, ""))];
  });
}

/** Keys and their values, whatever order they came in. */
function meaningOf({ matchLabelExpressions = [] }: TopologySelectorTerm): unknown {
  return Object.fromEntries(
    matchLabelExpressions.map(({ key, values }) => [key, values.toSorted()]),
  );
}

function termErrors(
  path: string,
  { matchLabelExpressions = [] }: TopologySelectorTerm,
): readonly FieldError[] {
  const keys = new Set<string>();
  return matchLabelExpressions.flatMap(({ key, values }, index) => {
    const isTaken = keys.has(key);
    keys.add(key);
    return [
      ...errorIf(values.length === 0, required(`${path}[${index}].values`)),
      ...values.flatMap((value, at) =>
        errorIf(values.indexOf(value) < at, duplicate(`${path}[${index}].values[${at}]`, value)),
      ),
      ...labelNameErrors(`${path}[${index}].key`, key),
      ...errorIf(isTaken, duplicate(`${path}[${index}].key`, key)),
    ];
  });
}
