/** Deployments, checked in the order in which their problems are reported. */
import { isPercent } from "../../../machinery/int-or-string.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { forbidden, invalid, notNegative, required, unsupported } from "../../field-errors.ts";
import { podCountErrors, selectedTemplateErrors, selectorErrors } from "./pod-controller.ts";
import type { Deployment, DeploymentStrategy, RollingUpdateDeployment } from "./types.generated.ts";

const PERCENT_PROBLEM =
  "a valid percent string must be a numeric string followed by an ending '%' " +
  "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** What is wrong with a deployment that has its defaults. */
export function deploymentErrors(deployment: Deployment): readonly FieldError[] {
  const { spec } = deployment;
  const deadline = spec.progressDeadlineSeconds;
  const isTooSoon = deadline !== undefined && deadline <= (spec.minReadySeconds ?? 0);
  const deadlineField = "spec.progressDeadlineSeconds";
  return [
    ...notNegative("spec.replicas", spec.replicas),
    ...selectorErrors("spec.selector", spec.selector),
    ...selectedTemplateErrors("spec.template", spec.template, spec.selector),
    ...strategyErrors("spec.strategy", spec.strategy ?? {}),
    ...notNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...notNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit),
    ...notNegative(deadlineField, deadline),
    ...(isTooSoon
      ? [invalid(deadlineField, deadline, "must be greater than minReadySeconds")]
      : []),
  ];
}

/** What is wrong with the numbers a controller reports. */
export function deploymentStatusErrors(next: Deployment, old: Deployment): readonly FieldError[] {
  const { status } = next;
  const collisions = status.collisionCount;
  const before = old.status.collisionCount;
  const counted = ["updatedReplicas", "readyReplicas", "availableReplicas"] as const;
  const numbers = ["observedGeneration", "replicas", ...counted, "unavailableReplicas"] as const;
  return [
    ...numbers.flatMap((name) => notNegative(`status.${name}`, status[name])),
    ...notNegative("status.collisionCount", collisions),
    ...podCountErrors(status, counted),
    ...(before !== undefined && (collisions ?? -1) < before
      ? [invalid("status.collisionCount", collisions ?? null, "cannot be decremented")]
      : []),
  ];
}

function strategyErrors(field: string, strategy: DeploymentStrategy): readonly FieldError[] {
  const { type, rollingUpdate } = strategy;
  if (type === "Recreate") {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    return rollingUpdate === undefined ? [] : [forbidden(`${field}.rollingUpdate`, detail)];
  }
  if (type === "RollingUpdate") {
    if (rollingUpdate !== undefined) return rollingErrors(`${field}.rollingUpdate`, rollingUpdate);
    return [required(`${field}.rollingUpdate`, "this should be defaulted and never be nil")];
  }
  // Printed as the struct it is upstream, whose fields have capital letters.
  const printed = { Type: type ?? "", RollingUpdate: printedRolling(rollingUpdate) };
  return [unsupported(field, printed, ["Recreate", "RollingUpdate"])];
}

function printedRolling(rolling: RollingUpdateDeployment | undefined): unknown {
  if (rolling === undefined) return null;
  return { MaxUnavailable: rolling.maxUnavailable ?? 0, MaxSurge: rolling.maxSurge ?? 0 };
}

function rollingErrors(field: string, rolling: RollingUpdateDeployment): readonly FieldError[] {
  const { maxUnavailable = 0, maxSurge = 0 } = rolling;
  const path = `${field}.maxUnavailable`;
  return [
    ...countErrors(path, maxUnavailable),
    ...countErrors(`${field}.maxSurge`, maxSurge),
    ...(numberOf(maxUnavailable) === 0 && numberOf(maxSurge) === 0
      ? [invalid(path, maxUnavailable, "may not be 0 when `maxSurge` is 0")]
      : []),
    ...(typeof maxUnavailable === "string" && numberOf(maxUnavailable) > 100
      ? [invalid(path, maxUnavailable, "must not be greater than 100%")]
      : []),
  ];
}

/** A number of pods, or a part of all of them. */
function countErrors(field: string, count: number | string): readonly FieldError[] {
  if (typeof count === "number") return notNegative(field, count);
  return isPercent(count) ? [] : [invalid(field, count, PERCENT_PROBLEM)];
}

/** The number, or the percentage; NaN for a text that is none. */
function numberOf(count: number | string): number {
  if (typeof count === "number") return count;
  return isPercent(count) ? Number(count.slice(0, -1)) : Number.NaN;
}
