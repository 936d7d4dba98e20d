/** Where volumes of a class may be made. */
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import type { TopologySelectorTerm } from "../../core/v1/types.generated.ts";
import { duplicate, errorIf, required } from "../../field-errors.ts";
import { labelNameErrors } from "../../meta/v1/label-validation.ts";

/** What is wrong with terms; each is a duplicate of every one before it that says the same. */
export function topologyErrors(
  field: string,
  terms: readonly TopologySelectorTerm[] | undefined,
): readonly FieldError[] {
  // Upstream begins with as many terms that say nothing as there are terms.
  const seen: unknown[] = (terms ?? []).map(() => ({}));
  return (terms ?? []).flatMap((term, index) => {
    const path = `${field}[${index}].matchLabelExpressions`;
    const meaning = meaningOf(term);
    const known = seen.filter((other) => equalValues(other, meaning));
    seen.push(meaning);
    return [...termErrors(path, term), ...known.map(() => duplicate(path, ""))];
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
