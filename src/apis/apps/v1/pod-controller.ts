/** What deployments and replica sets share: they make pods from a template. */
import { equalValues } from "../../../machinery/json-value.ts";
import { selects } from "../../../machinery/labels.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { podTemplateErrors } from "../../core/v1/pod-spec-validation.ts";
import type { PodTemplateSpec } from "../../core/v1/types.generated.ts";
import { forbidden, IMMUTABLE, invalid, required, unsupported } from "../../field-errors.ts";
import { isEmptySelector, labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import type { LabelSelector } from "../../meta/v1/types.generated.ts";
import type { TableCell } from "../../strategy.ts";
import { labelsText, NONE } from "../../table-columns.ts";

/** What is wrong with a selector that must select something. */
export function selectorErrors(
  field: string,
  selector: LabelSelector | undefined,
): readonly FieldError[] {
  if (selector === undefined) return [required(field)];
  const errors = labelSelectorErrors(field, selector);
  if (!isEmptySelector(selector)) return errors;
  return [...errors, invalid(field, selector, "empty selector is invalid for deployment")];
}

/** What is wrong with a template whose pods are kept up: they must be ones that are selected. */
export function selectedTemplateErrors(
  field: string,
  template: PodTemplateSpec,
  selector: LabelSelector | undefined,
): readonly FieldError[] {
  const mismatch = "`selector` does not match template `labels`";
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  return [
    ...(selects(selector, template.metadata)
      ? []
      : [invalid(`${field}.metadata.labels`, template.metadata.labels ?? null, mismatch)]),
    ...podTemplateErrors(field, template),
    ...(restartPolicy === "Always"
      ? []
      : [unsupported(`${field}.spec.restartPolicy`, restartPolicy, ["Always"])]),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [
          forbidden(
            `${field}.spec.activeDeadlineSeconds`,
            "activeDeadlineSeconds in ReplicaSet is not Supported",
          ),
        ]),
  ];
}

/** What is wrong with a change: the pods that are counted as its own stay the same. */
export function selectorUpdateErrors(next: Selecting, old: Selecting): readonly FieldError[] {
  if (equalValues(next.spec.selector, old.spec.selector)) return [];
  return [invalid("spec.selector", next.spec.selector, IMMUTABLE)];
}

type Selecting = { readonly spec: { readonly selector: LabelSelector } };

/** Counts of pods that a controller reports. */
type PodCounts = {
  readonly replicas?: number;
  readonly fullyLabeledReplicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
};

/** Parts that are reported greater than their whole; `parts` are those of all pods. */
export function podCountErrors(
  status: PodCounts,
  parts: readonly (keyof PodCounts)[],
): readonly FieldError[] {
  const { replicas = 0, readyReplicas: ready = 0, availableReplicas: available = 0 } = status;
  return [
    ...parts
      .filter((name) => (status[name] ?? 0) > replicas)
      .map((name) =>
        invalid(`status.${name}`, status[name], "cannot be greater than status.replicas"),
      ),
    ...(available > ready
      ? [invalid("status.availableReplicas", available, "cannot be greater than readyReplicas")]
      : []),
  ];
}

/** Containers, images and selector, as `-o wide` shows them. */
export function templateCells(
  template: PodTemplateSpec,
  selector: LabelSelector | undefined,
): readonly TableCell[] {
  const { containers } = template.spec;
  return [
    containers.map((container) => container.name).join(","),
    containers.map((container) => container.image ?? "").join(","),
    selectorText(selector ?? {}),
  ];
}

/** The selector in query form, as people read it. */
function selectorText(selector: LabelSelector): string {
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    switch (operator) {
      case "In":
        return `${key} in (${values.join(",")})`;
      case "NotIn":
        return `${key} notin (${values.join(",")})`;
      case "DoesNotExist":
        return `!${key}`;
      default:
        return key;
    }
  });
  const labels = labelsText(selector.matchLabels);
  const all = [...(labels === NONE ? [] : [labels]), ...expressions];
  return all.length === 0 ? NONE : all.join(",");
}
