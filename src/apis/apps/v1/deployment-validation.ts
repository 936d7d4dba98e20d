/** Deployments, checked in the order in which their problems are reported. */
import type { FieldError } from "../../../machinery/status.ts";
import { forbidden, invalid, notNegative, required, unsupported } from "../../field-errors.ts";
import {
  numberOrPercent,
  over100PercentErrors,
  podCountOrPercentErrors,
} from "../../int-or-percent.ts";
import {
  collisionErrors,
  podCountErrors,
  selectedTemplateErrors,
  selectorErrors,
} from "./pod-controller.ts";
import type { Deployment, DeploymentStrategy, RollingUpdateDeployment } from "./types.generated.ts";

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
  const counted = ["updatedReplicas", "readyReplicas", "availableReplicas"] as const;
  const others = ["unavailableReplicas", "terminatingReplicas"] as const;
  const numbers = ["observedGeneration", "replicas", ...counted, ...others] as const;
  return [
    ...numbers.flatMap((name) => notNegative(`status.${name}`, status[name])),
    ...podCountErrors(status, counted),
    ...collisionErrors(status.collisionCount, old.status.collisionCount),
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
    ...podCountOrPercentErrors(path, maxUnavailable),
    ...podCountOrPercentErrors(`${field}.maxSurge`, maxSurge),
    ...(numberOrPercent(maxUnavailable) === 0 && numberOrPercent(maxSurge) === 0
      ? [invalid(path, maxUnavailable, "may not be 0 when `maxSurge` is 0")]
      : []),
    ...over100PercentErrors(path, maxUnavailable),
  ];
}
