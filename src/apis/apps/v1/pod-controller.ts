/** What controllers share that keep pods of a template up. */
import { equalValues } from "../../../machinery/json-value.ts";
import { selects } from "../../../machinery/labels.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { podTemplateErrors } from "../../core/v1/pod-spec-validation.ts";
import { containerCells } from "../../core/v1/pod-template.ts";
import type { PodTemplateSpec } from "../../core/v1/types.generated.ts";
import {
  forbidden,
  IMMUTABLE,
  invalid,
  notNegative,
  required,
  unsupported,
} from "../../field-errors.ts";
import { printedSelector } from "../../go-struct.ts";
import { isEmptySelector, labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import type { LabelSelector } from "../../meta/v1/types.generated.ts";
import type { TableCell } from "../../strategy.ts";
import { selectorText } from "../../table-columns.ts";

/** What is wrong with a selector that must select something. */
export function selectorErrors(
  field: string,
  selector: LabelSelector | undefined,
): readonly FieldError[] {
  if (selector === undefined) return [required(field)];
  // Upstream says deployment of replica sets, too.
  return [...labelSelectorErrors(field, selector), ...emptyErrors(field, selector, "deployment")];
}

/** Refuses a selector of everything. */
export function emptyErrors(
  field: string,
  selector: LabelSelector | undefined,
  kind: string,
): readonly FieldError[] {
  if (selector === undefined || !isEmptySelector(selector)) return [];
  return [invalid(field, selector, `empty selector is invalid for ${kind}`)];
}

/** What is wrong with a template whose pods are kept up: they must be ones that are selected. */
export function selectedTemplateErrors(
  field: string,
  template: PodTemplateSpec,
  selector: LabelSelector | undefined,
): readonly FieldError[] {
  if (!isUsableSelector(selector)) {
    return [invalid("spec.selector", printedSelector(selector), "invalid label selector")];
  }
  return [
    ...mismatchErrors(field, template, selector),
    ...podTemplateErrors(field, template),
    ...keptUpErrors(`${field}.spec`, template, "ReplicaSet"),
  ];
}

/** Whether anything can be compared with the selector; an absent one selects nothing. */
export function isUsableSelector(selector: LabelSelector | undefined): boolean {
  return labelSelectorErrors("", selector).length === 0;
}

/** Pods of the template must be ones that the selector selects. */
export function mismatchErrors(
  field: string,
  template: PodTemplateSpec,
  selector: LabelSelector | undefined,
): readonly FieldError[] {
  if (selects(selector, template.metadata)) return [];
  const detail = "`selector` does not match template `labels`";
  return [invalid(`${field}.metadata.labels`, template.metadata.labels ?? null, detail)];
}

/** Pods that are kept up restart, and have no end. */
export function keptUpErrors(
  field: string,
  template: PodTemplateSpec,
  kind: string,
): readonly FieldError[] {
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  const detail = `activeDeadlineSeconds in ${kind} is not Supported`;
  return [
    ...(restartPolicy === "Always"
      ? []
      : [unsupported(`${field}.restartPolicy`, restartPolicy ?? "", ["Always"])]),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [forbidden(`${field}.activeDeadlineSeconds`, detail)]),
  ];
}

/** A count of hash collisions only grows. */
export function collisionErrors(
  next: number | undefined,
  old: number | undefined,
): readonly FieldError[] {
  const field = "status.collisionCount";
  return [
    ...notNegative(field, next),
    ...(old !== undefined && (next === undefined || next < old)
      ? [invalid(field, next ?? 0, "cannot be decremented")]
      : []),
  ];
}

/** What is wrong with a change: the pods that are counted as its own stay the same. */
export function selectorUpdateErrors(next: Selecting, old: Selecting): readonly FieldError[] {
  if (equalValues(next.spec.selector, old.spec.selector)) return [];
  return [invalid("spec.selector", printedSelector(next.spec.selector), IMMUTABLE)];
}

type Selecting = { readonly spec: { readonly selector?: LabelSelector } };

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
  return [...containerCells(template), selectorText(selector)];
}
