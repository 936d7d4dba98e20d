/** What is wrong with labels, annotations and label selectors inside objects. */
import { labelValueProblem, qualifiedNameProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { forbidden, fromProblem, invalid, required, tooLong } from "../../field-errors.ts";
import type { LabelSelector, LabelSelectorRequirement } from "./types.generated.ts";

const ANNOTATIONS_BYTES_MAX = 256 * 1024;

type Texts = Readonly<Record<string, string>>;

/** Keys must be qualified names, values label values. */
export function labelErrors(field: string, labels: Texts | undefined): readonly FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...labelNameErrors(field, key),
    ...fromProblem(field, value, labelValueProblem(value)),
  ]);
}

/** Keys must be qualified names, in any case; all of it together has a limit. */
export function annotationErrors(
  field: string,
  annotations: Texts | undefined,
): readonly FieldError[] {
  const entries = Object.entries(annotations ?? {});
  const keyErrors = entries.flatMap(([key]) =>
    fromProblem(field, key, qualifiedNameProblem(key.toLowerCase())),
  );
  const bytes = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
  return bytes > ANNOTATIONS_BYTES_MAX
    ? [...keyErrors, tooLong(field, ANNOTATIONS_BYTES_MAX)]
    : keyErrors;
}

/** A label key: an optional prefix and a name. */
export function labelNameErrors(field: string, name: string): readonly FieldError[] {
  return fromProblem(field, name, qualifiedNameProblem(name));
}

/** A selector as it stands in objects; an absent one is fine. */
export function labelSelectorErrors(
  field: string,
  selector: LabelSelector | undefined,
): readonly FieldError[] {
  if (selector === undefined) return [];
  return [
    ...labelErrors(`${field}.matchLabels`, selector.matchLabels),
    ...(selector.matchExpressions ?? []).flatMap((requirement, index) =>
      requirementErrors(`${field}.matchExpressions[${index}]`, requirement),
    ),
  ];
}

/** Whether a selector asks for nothing, and thus selects everything. */
export function isEmptySelector(selector: LabelSelector): boolean {
  const labels = Object.keys(selector.matchLabels ?? {}).length;
  return labels + (selector.matchExpressions ?? []).length === 0;
}

function requirementErrors(
  field: string,
  requirement: LabelSelectorRequirement,
): readonly FieldError[] {
  const values = requirement.values ?? [];
  return [
    ...operatorErrors(field, requirement.operator, values),
    ...labelNameErrors(`${field}.key`, requirement.key),
    ...values.flatMap((value, index) =>
      fromProblem(`${field}.values[${index}]`, value, labelValueProblem(value)),
    ),
  ];
}

function operatorErrors(
  field: string,
  operator: string,
  values: readonly string[],
): readonly FieldError[] {
  switch (operator) {
    case "In":
    case "NotIn": {
      const detail = "must be specified when `operator` is 'In' or 'NotIn'";
      return values.length === 0 ? [required(`${field}.values`, detail)] : [];
    }
    case "Exists":
    case "DoesNotExist": {
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      return values.length > 0 ? [forbidden(`${field}.values`, detail)] : [];
    }
    default:
      return [invalid(`${field}.operator`, operator, "not a valid selector operator")];
  }
}

const encoder = new TextEncoder();

/** UTF-8 bytes of a text. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}
