/** Daemon sets, checked in the order in which their problems are reported. */
import type { FieldError } from "../../../machinery/status.ts";
import { podTemplateErrors } from "../../core/v1/pod-spec-validation.ts";
import { invalid, notNegative, required, unsupported } from "../../field-errors.ts";
import {
  numberOrPercent,
  over100PercentErrors,
  podCountOrPercentErrors,
} from "../../int-or-percent.ts";
import { labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import {
  collisionErrors,
  emptyErrors,
  isUsableSelector,
  keptUpErrors,
  mismatchErrors,
  selectorUpdateErrors,
} from "./pod-controller.ts";
import type {
  DaemonSet,
  DaemonSetUpdateStrategy,
  RollingUpdateDaemonSet,
} from "./types.generated.ts";

const COUNTS = [
  "currentNumberScheduled",
  "numberMisscheduled",
  "desiredNumberScheduled",
  "numberReady",
  "observedGeneration",
  "updatedNumberScheduled",
  "numberAvailable",
  "numberUnavailable",
] as const;

/** What is wrong with a daemon set that has its defaults. */
export function daemonSetErrors(set: DaemonSet, old?: DaemonSet): readonly FieldError[] {
  const { selector, template, updateStrategy = {} } = set.spec;
  return [
    ...(old === undefined ? [] : selectorUpdateErrors(set, old)),
    ...labelSelectorErrors("spec.selector", selector),
    ...(isUsableSelector(selector) ? mismatchErrors("spec.template", template, selector) : []),
    ...emptyErrors("spec.selector", selector, "daemonset"),
    ...podTemplateErrors("spec.template", template),
    ...keptUpErrors("spec.template.spec", template, "DaemonSet"),
    ...notNegative("spec.minReadySeconds", set.spec.minReadySeconds),
    ...strategyErrors("spec.updateStrategy", updateStrategy),
    ...notNegative("spec.revisionHistoryLimit", set.spec.revisionHistoryLimit),
  ];
}

/** What is wrong with the numbers a controller reports. */
export function daemonSetStatusErrors(next: DaemonSet, old: DaemonSet): readonly FieldError[] {
  return [
    ...COUNTS.flatMap((name) => notNegative(`status.${name}`, next.status[name])),
    ...collisionErrors(next.status.collisionCount, old.status.collisionCount),
  ];
}

function strategyErrors(field: string, strategy: DaemonSetUpdateStrategy): readonly FieldError[] {
  const { type, rollingUpdate } = strategy;
  if (type === "OnDelete") return [];
  if (type !== "RollingUpdate") {
    // Printed as the struct it is upstream, whose fields have capital letters.
    const printed = { Type: type ?? "", RollingUpdate: printedRolling(rollingUpdate) };
    return [unsupported(field, printed, ["RollingUpdate", "OnDelete"])];
  }
  if (rollingUpdate === undefined) return [required(`${field}.rollingUpdate`)];
  return rollingErrors(`${field}.rollingUpdate`, rollingUpdate);
}

function printedRolling(rolling: RollingUpdateDaemonSet | undefined): unknown {
  if (rolling === undefined) return null;
  return { MaxUnavailable: rolling.maxUnavailable ?? 0, MaxSurge: rolling.maxSurge ?? 0 };
}

function rollingErrors(field: string, rolling: RollingUpdateDaemonSet): readonly FieldError[] {
  const { maxUnavailable = 0, maxSurge = 0 } = rolling;
  const unavailable = `${field}.maxUnavailable`;
  const surge = `${field}.maxSurge`;
  return [
    ...podCountOrPercentErrors(unavailable, maxUnavailable),
    ...podCountOrPercentErrors(surge, maxSurge),
    ...over100PercentErrors(unavailable, maxUnavailable),
    ...over100PercentErrors(surge, maxSurge),
    ...onlyOneErrors(field, maxUnavailable, maxSurge),
  ];
}

/** Old pods go first, or new ones come first: not both, and not neither. */
function onlyOneErrors(
  field: string,
  maxUnavailable: number | string,
  maxSurge: number | string,
): readonly FieldError[] {
  const isUnavailable = numberOrPercent(maxUnavailable) !== 0;
  const isSurge = numberOrPercent(maxSurge) !== 0;
  if (isUnavailable !== isSurge) return [];
  if (isSurge) {
    const detail = "may not be set when maxUnavailable is non-zero";
    return [invalid(`${field}.maxSurge`, maxSurge, detail)];
  }
  return [required(`${field}.maxUnavailable`, "cannot be 0 when maxSurge is 0")];
}
