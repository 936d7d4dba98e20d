/** What a controller reports of a job, which must make sense as a whole and go one way only. */
import { parseApiTime } from "../../../machinery/api-time.ts";
import { isConditionTrue } from "../../../machinery/conditions.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  IMMUTABLE,
  invalid,
  notNegative,
  required,
} from "../../field-errors.ts";
import { commonIndex, parseIndexes } from "./indexes.ts";
import { isIndexed } from "./job-validation.ts";
import type { Job } from "./types.generated.ts";

const CONDITIONS = "status.conditions";
const TERMINAL = ["Failed", "Complete", "FailureTarget"] as const;

/** What is wrong with a report, as far as it is new. */
export function jobStatusErrors(next: Job, old: Job): readonly FieldError[] {
  return [
    ...numberErrors(next),
    ...pairErrors(next, old),
    ...timeErrors(next, old),
    ...needErrors(next, old),
    ...finishedErrors(next, old),
    ...indexErrors(next, old),
    ...podErrors(next, old),
    ...criteriaErrors(next),
    ...wayErrors(next, old),
  ];
}

function is(job: Job, type: string): boolean {
  return isConditionTrue(job.status.conditions, type);
}

function isFinished(job: Job): boolean {
  return is(job, "Complete") || is(job, "Failed");
}

function numberErrors({ status }: Job): readonly FieldError[] {
  const counts = ["active", "succeeded", "failed", "ready", "terminating"] as const;
  const seen = new Set<string>();
  return [
    ...counts.flatMap((name) => notNegative(`status.${name}`, status[name])),
    ...(["succeeded", "failed"] as const).flatMap((name) =>
      (status.uncountedTerminatedPods?.[name] ?? []).flatMap((uid, index) => {
        const field = `status.uncountedTerminatedPods.${name}[${index}]`;
        const isTaken = seen.has(uid);
        seen.add(uid);
        if (uid === "") return [invalid(field, uid, "must not be empty")];
        return errorIf(isTaken, duplicate(field, uid));
      }),
    ),
  ];
}

function refuse(isWrong: boolean, detail: string): readonly FieldError[] {
  return errorIf(isWrong, invalid(CONDITIONS, undefined, detail));
}

/** Pairs of conditions that do not go together. */
function pairErrors(next: Job, old: Job): readonly FieldError[] {
  const turned = (type: string): boolean => is(next, type) !== is(old, type);
  const [complete, failed] = [is(next, "Complete"), is(next, "Failed")];
  const target = is(next, "FailureTarget");
  return [
    ...refuse(
      complete && failed && (turned("Complete") || turned("Failed")),
      "cannot set Complete=True and Failed=true conditions",
    ),
    ...refuse(
      complete && target && (turned("Complete") || turned("FailureTarget")),
      "cannot set Complete=True and FailureTarget=true conditions",
    ),
  ];
}

/** Conditions that need another first. */
function needErrors(next: Job, old: Job): readonly FieldError[] {
  const turned = (type: string): boolean => is(next, type) !== is(old, type);
  const [complete, failed] = [is(next, "Complete"), is(next, "Failed")];
  const [met, target] = [is(next, "SuccessCriteriaMet"), is(next, "FailureTarget")];
  const isListed = next.status.failedIndexes !== old.status.failedIndexes;
  return [
    ...refuse(
      failed && !target && (turned("Failed") || isListed),
      "cannot set Failed=True condition without the FailureTarget=true condition",
    ),
    ...refuse(
      complete && !met && (turned("Complete") || turned("SuccessCriteriaMet")),
      "cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
    ),
  ];
}

/** A job whose success is certain has not failed, and is not about to. */
function criteriaErrors(next: Job): readonly FieldError[] {
  const [met, target] = [is(next, "SuccessCriteriaMet"), is(next, "FailureTarget")];
  const hasPolicy = next.spec.successPolicy !== undefined;
  return [
    ...refuse(
      met && is(next, "Failed"),
      "cannot set SuccessCriteriaMet=True and Failed=true conditions",
    ),
    ...refuse(
      met && target,
      "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions",
    ),
    ...refuse(
      hasPolicy && !met && is(next, "Complete"),
      "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True",
    ),
  ];
}

function timeErrors(next: Job, old: Job): readonly FieldError[] {
  const { startTime, completionTime } = next.status;
  const isNew = completionTime !== old.status.completionTime;
  const isTurned = is(next, "Complete") !== is(old, "Complete");
  const field = "status.completionTime";
  const isEarly =
    startTime !== undefined &&
    completionTime !== undefined &&
    parseApiTime(completionTime) < parseApiTime(startTime);
  const without = "cannot set completionTime when there is no Complete=True condition";
  return [
    ...errorIf(
      (isNew || isTurned) && completionTime !== undefined && !is(next, "Complete"),
      invalid(field, completionTime, without),
    ),
    ...errorIf(
      (isNew || isTurned) && completionTime === undefined && is(next, "Complete"),
      required(field, "completionTime is required for Complete jobs"),
    ),
    ...errorIf(
      isEarly && (isNew || startTime !== old.status.startTime),
      invalid(field, completionTime, "must be equal to or after `startTime`"),
    ),
  ];
}

/** A job that is done has no pods left, and began at some time. */
function finishedErrors(next: Job, old: Job): readonly FieldError[] {
  if (!isFinished(next)) return [];
  const { active = 0, startTime, uncountedTerminatedPods: pods } = next.status;
  const isEmpty = next.spec.suspend === true && next.spec.completions === 0;
  const before = old.status;
  const isTurned = !isFinished(old);
  const uncounted = (pods?.failed ?? []).length + (pods?.succeeded ?? []).length;
  const uncountedField = "status.uncountedTerminatedPods";
  const printed = { Succeeded: pods?.succeeded ?? null, Failed: pods?.failed ?? null };
  return [
    ...errorIf(
      (isTurned || active !== (before.active ?? 0)) && active > 0,
      invalid("status.active", active, "active>0 is invalid for finished job"),
    ),
    ...errorIf(
      (isTurned || startTime !== before.startTime) && startTime === undefined && !isEmpty,
      required("status.startTime", "startTime is required for finished job"),
    ),
    ...errorIf(
      (isTurned || !equalValues(pods, before.uncountedTerminatedPods)) && uncounted > 0,
      invalid(uncountedField, printed, "must be empty for finished job"),
    ),
  ];
}

/** No pod ends after its job, and none is ready without being counted. */
function podErrors(next: Job, old: Job): readonly FieldError[] {
  const { active = 0, ready, terminating } = next.status;
  const isTurned = isFinished(next) !== isFinished(old);
  const isCounted = ready !== old.status.ready || active !== (old.status.active ?? 0);
  const done = "terminating>0 is invalid for finished job";
  return [
    ...errorIf(
      isFinished(next) &&
        (isTurned || terminating !== old.status.terminating) &&
        (terminating ?? 0) > 0,
      invalid("status.terminating", terminating, done),
    ),
    ...errorIf(
      isCounted && ready !== undefined && ready > active,
      invalid("status.ready", ready, "cannot set more ready pods than active"),
    ),
  ];
}

function indexErrors(next: Job, old: Job): readonly FieldError[] {
  const { completedIndexes: done = "", failedIndexes: failed } = next.status;
  const { completions, backoffLimitPerIndex } = next.spec;
  const isDoneNew = done !== (old.status.completedIndexes ?? "");
  const isFailedNew = failed !== old.status.failedIndexes;
  const [doneField, failedField] = ["status.completedIndexes", "status.failedIndexes"];
  const [listed, missed] = [done, failed ?? ""].map((t) => parseIndexes(t, completions ?? 0));
  const shared =
    listed?.kind === "list" && missed?.kind === "list"
      ? commonIndex(listed.ranges, missed.ranges)
      : undefined;
  const unindexed = "cannot set non-empty completedIndexes when non-indexed completion mode";
  const unlimited = "cannot set non-null failedIndexes when backoffLimitPerIndex is null";
  return [
    ...(isDoneNew && completions !== undefined && listed?.kind === "problem"
      ? [invalid(doneField, done, `error parsing completedIndexes: ${listed.text}`)]
      : []),
    ...(isFailedNew && completions !== undefined && backoffLimitPerIndex !== undefined
      ? missed?.kind === "problem"
        ? [invalid(failedField, failed, `error parsing failedIndexes: ${missed.text}`)]
        : []
      : []),
    ...errorIf(
      isDoneNew && done !== "" && !isIndexed(next.spec),
      invalid(doneField, done, unindexed),
    ),
    ...errorIf(
      isFailedNew && backoffLimitPerIndex === undefined && failed !== undefined,
      invalid(failedField, failed, unlimited),
    ),
    ...errorIf(
      (isFailedNew || isDoneNew) && shared !== undefined,
      invalid(
        failedField,
        failed,
        `failedIndexes and completedIndexes overlap at index: ${shared}`,
      ),
    ),
  ];
}

/** What was counted and decided stays so. */
function wayErrors(next: Job, old: Job): readonly FieldError[] {
  const [after, before] = [next.status, old.status];
  const isResized = isIndexed(next.spec) && next.spec.completions === next.spec.parallelism;
  const met = "SuccessCriteriaMet";
  const isHeld = after.conditions?.find(({ type }) => type === "Suspended")?.status !== "False";
  const isResumed = is(old, "Suspended") && !isHeld;
  const isDropped = before.startTime !== undefined && after.startTime !== before.startTime;
  return [
    ...TERMINAL.flatMap((type) =>
      refuse(
        is(old, type) && !is(next, type),
        `cannot disable the terminal ${type}=True condition`,
      ),
    ),
    ...errorIf(
      (after.failed ?? 0) < (before.failed ?? 0),
      invalid("status.failed", after.failed ?? 0, "cannot decrease the failed counter"),
    ),
    ...errorIf(
      !isResized && (after.succeeded ?? 0) < (before.succeeded ?? 0),
      invalid("status.succeeded", after.succeeded ?? 0, "cannot decrease the succeeded counter"),
    ),
    ...errorIf(
      after.completionTime !== undefined &&
        before.completionTime !== undefined &&
        after.completionTime !== before.completionTime,
      invalid("status.completionTime", after.completionTime, IMMUTABLE),
    ),
    ...errorIf(
      isDropped && next.spec.suspend !== true && !isResumed,
      invalid(
        "status.startTime",
        after.startTime ?? null,
        "field is immutable for unsuspended job once set",
      ),
    ),
    ...refuse(is(old, met) && !is(next, met), `cannot disable the ${met}=True condition`),
    ...refuse(
      is(old, "Complete") && !is(old, met) && is(next, met),
      `cannot set ${met}=True for Job already has Complete=true conditions`,
    ),
  ];
}
