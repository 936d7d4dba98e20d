/** Keys of labels whose values a rule takes from the pod it stands in. */
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, forbidden, invalid } from "../../field-errors.ts";
import { labelNameErrors } from "../../meta/v1/label-validation.ts";
import type { LabelSelector, LabelSelectorRequirement } from "../../meta/v1/types.generated.ts";

type KeyRule = {
  readonly labelSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
};

type Labels = Readonly<Record<string, string>>;

/** What is wrong with the keys of a rule that has taken the values. */
export function labelKeyErrors(path: string, rule: KeyRule): readonly FieldError[] {
  const { labelSelector: selector, matchLabelKeys = [], mismatchLabelKeys = [] } = rule;
  const avoided = new Set(mismatchLabelKeys);
  const both = "exists in both matchLabelKeys and mismatchLabelKeys";
  return [
    ...keyErrors(`${path}.matchLabelKeys`, matchLabelKeys, selector),
    ...keyErrors(`${path}.mismatchLabelKeys`, mismatchLabelKeys, selector),
    ...(selector === undefined ? [] : selectedTwiceErrors(path, matchLabelKeys, selector)),
    ...matchLabelKeys.flatMap((key, index) =>
      errorIf(avoided.has(key), invalid(`${path}.matchLabelKeys[${index}]`, key, both)),
    ),
  ];
}

/** The rule with what the pod's own labels add to its selector. */
export function withLabelKeys<R extends KeyRule>(rule: R, labels: Labels): R {
  const { labelSelector: selector, matchLabelKeys = [], mismatchLabelKeys = [] } = rule;
  const added = [
    ...requirements(matchLabelKeys, "In", labels),
    ...requirements(mismatchLabelKeys, "NotIn", labels),
  ];
  if (selector === undefined || added.length === 0) return rule;
  const matchExpressions = [...(selector.matchExpressions ?? []), ...added];
  return { ...rule, labelSelector: { ...selector, matchExpressions } };
}

function requirements(
  keys: readonly string[],
  operator: string,
  labels: Labels,
): readonly LabelSelectorRequirement[] {
  return keys
    .filter((key) => Object.hasOwn(labels, key))
    .map((key) => ({ key, operator, values: [labels[key] ?? ""] }));
}

function keyErrors(
  field: string,
  keys: readonly string[],
  selector: LabelSelector | undefined,
): readonly FieldError[] {
  if (keys.length === 0) return [];
  if (selector === undefined) {
    return [forbidden(field, "must not be specified when labelSelector is not set")];
  }
  return keys.flatMap((key, index) => labelNameErrors(`${field}[${index}]`, key));
}

/** What the selector asks of a key stands there besides what the pod's own label added. */
function selectedTwiceErrors(
  path: string,
  keys: readonly string[],
  selector: LabelSelector,
): readonly FieldError[] {
  const places = new Map(keys.map((key, index) => [key, index]));
  const selected = new Set(Object.keys(selector.matchLabels ?? {}));
  return (selector.matchExpressions ?? []).flatMap(({ key }) => {
    const place = places.get(key);
    const isTwice = place !== undefined && selected.has(key);
    selected.add(key);
    const detail = "exists in both matchLabelKeys and labelSelector";
    return errorIf(isTwice, invalid(`${path}[${place}]`, key, detail));
  });
}
