/**
 * What a Deployment reports: counts, and the three conditions that clients wait for. Available:
 * enough pods serve. Progressing: the rollout moves, has come to its end, or has stood still for
 * too long. ReplicaFailure: pods could not be made or removed. Pure.
 */
import type {
  DeploymentCondition,
  DeploymentStatus,
  ReplicaSetCondition,
} from "../../apis/apps/v1/types.generated.ts";
import type { Deployment, ReplicaSet } from "../../client/builtin.ts";
import { apiTime, parseApiTime } from "../../machinery/api-time.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { totalReported, totalSize } from "./replica-sets.ts";
import { rolloutBudget, wantedReplicas } from "./rollout-budget.ts";

/** `progressDeadlineSeconds` of a Deployment that may take for ever. */
const DEADLINE_NONE = 2 ** 31 - 1;
const DEADLINE_SECONDS_DEFAULT = 600;

/** A condition as it is told; the times are added. */
export type ConditionNews = Pick<DeploymentCondition, "type" | "status"> & {
  readonly reason: string;
  readonly message: string;
};

/** `conditions` with `news`, if they are news: the same status and reason again change nothing. */
export function withNews(
  conditions: readonly DeploymentCondition[],
  news: ConditionNews,
  nowMs: number,
): readonly DeploymentCondition[] {
  const old = findCondition(conditions, news.type);
  if (old?.status === news.status && old.reason === news.reason) return conditions;
  return put(conditions, dated(news, old, nowMs));
}

/** The counts and Available; other conditions as they were. */
export function statusOfDeployment(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  newest: ReplicaSet | undefined,
  nowMs: number,
): DeploymentStatus {
  const available = sets.reduce((sum, set) => sum + (set.status.availableReplicas ?? 0), 0);
  const counts = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: totalReported(sets),
    updatedReplicas: newest?.status.replicas ?? 0,
    readyReplicas: sets.reduce((sum, set) => sum + (set.status.readyReplicas ?? 0), 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, totalSize(sets) - available),
  };
  const terminating = sets.map((set) => set.status.terminatingReplicas);
  const isTold = terminating.every((count) => count !== undefined);
  const { collisionCount, conditions = [] } = deployment.status;
  const minAvailable = wantedReplicas(deployment) - rolloutBudget(deployment).maxUnavailable;
  const news = available >= minAvailable ? ENOUGH : TOO_FEW;
  return {
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    ...(isTold ? { terminatingReplicas: terminating.reduce((sum, count) => sum + count, 0) } : {}),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    conditions: withNews(conditions, news, nowMs),
  };
}

/** As `statusOfDeployment`, and how the rollout goes. */
export function statusOfRollout(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  newest: ReplicaSet | undefined,
  nowMs: number,
): DeploymentStatus {
  const counted = statusOfDeployment(deployment, sets, newest, nowMs);
  const progressed = withProgress(deployment, counted, newest, nowMs);
  const conditions = withFailure(progressed, sets, newest);
  return { ...counted, conditions };
}

/** Whether all pods are new, there and available. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** How long a rollout may stand still; undefined: for ever. */
export function progressDeadlineMs(deployment: Deployment): number | undefined {
  const seconds = deployment.spec.progressDeadlineSeconds ?? DEADLINE_SECONDS_DEFAULT;
  return seconds === DEADLINE_NONE ? undefined : seconds * 1000;
}

/** When standing still would become a failure; undefined if nothing waits for that. */
export function deadlineMs(deployment: Deployment, status: DeploymentStatus): number | undefined {
  const limitMs = progressDeadlineMs(deployment);
  const progress = findCondition(status.conditions, "Progressing");
  if (limitMs === undefined || progress?.lastUpdateTime === undefined) return undefined;
  if (progress.reason === DONE_REASON || progress.reason === LATE_REASON) return undefined;
  if (isComplete(deployment, status)) return undefined;
  return parseApiTime(progress.lastUpdateTime) + limitMs;
}

/** What pausing or resuming changes in Progressing; undefined if nothing. */
export function newsOfPause(deployment: Deployment): ConditionNews | undefined {
  const reason = findCondition(deployment.status.conditions, "Progressing")?.reason;
  if (progressDeadlineMs(deployment) === undefined || reason === LATE_REASON) return undefined;
  const isPaused = deployment.spec.paused === true;
  if (isPaused === (reason === PAUSED_REASON)) return undefined;
  return isPaused
    ? progressing("Unknown", PAUSED_REASON, "Deployment is paused")
    : progressing("Unknown", "DeploymentResumed", "Deployment is resumed");
}

/** What the first sight of the new ReplicaSet changes in Progressing. */
export function newsOfNewest(
  kind: "created" | "found" | "create-failed",
  name: string,
  error = "",
): ConditionNews {
  switch (kind) {
    case "created":
      return progressing("True", "NewReplicaSetCreated", `Created new replica set "${name}"`);
    case "found":
      return progressing("True", "FoundNewReplicaSet", `Found new replica set "${name}"`);
    case "create-failed": {
      const message = `Failed to create new replica set "${name}": ${error}`;
      return progressing("False", "ReplicaSetCreateError", message);
    }
  }
}

const DONE_REASON = "NewReplicaSetAvailable";
const LATE_REASON = "ProgressDeadlineExceeded";
const PAUSED_REASON = "DeploymentPaused";

const ENOUGH: ConditionNews = {
  type: "Available",
  status: "True",
  reason: "MinimumReplicasAvailable",
  message: "Deployment has minimum availability.",
};

const TOO_FEW: ConditionNews = {
  type: "Available",
  status: "False",
  reason: "MinimumReplicasUnavailable",
  message: "Deployment does not have minimum availability.",
};

function progressing(status: string, reason: string, message: string): ConditionNews {
  return { type: "Progressing", status, reason, message };
}

function withProgress(
  deployment: Deployment,
  counted: DeploymentStatus,
  newest: ReplicaSet | undefined,
  nowMs: number,
): readonly DeploymentCondition[] {
  const conditions = counted.conditions ?? [];
  if (progressDeadlineMs(deployment) === undefined) return without(conditions, "Progressing");
  const old = findCondition(conditions, "Progressing");
  // A finished rollout stays finished while pods come and go: only a new one is measured.
  if (old?.reason === DONE_REASON && isOneRevision(counted)) return conditions;

  const subject =
    newest === undefined
      ? `Deployment "${deployment.metadata.name ?? ""}"`
      : `ReplicaSet "${newest.metadata.name ?? ""}"`;
  if (isComplete(deployment, counted)) {
    const message = `${subject} has successfully progressed.`;
    return withNews(conditions, progressing("True", DONE_REASON, message), nowMs);
  }
  if (hasProgressed(deployment.status, counted)) {
    const news = progressing("True", "ReplicaSetUpdated", `${subject} is progressing.`);
    return put(conditions, dated(news, old, nowMs)); // each step sets the deadline anew
  }
  const limitMs = deadlineMs(deployment, counted);
  if (limitMs !== undefined && limitMs <= nowMs) {
    const message = `${subject} has timed out progressing.`;
    return withNews(conditions, progressing("False", LATE_REASON, message), nowMs);
  }
  return conditions;
}

/** Whether there are no pods but new ones. */
function isOneRevision(status: DeploymentStatus): boolean {
  return (status.replicas ?? 0) === (status.updatedReplicas ?? 0);
}

/** Whether there are more new pods, fewer old ones, or more ready or available ones than before. */
function hasProgressed(old: DeploymentStatus, next: DeploymentStatus): boolean {
  const outdated = (status: DeploymentStatus): number =>
    (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (next.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) ||
    outdated(next) < outdated(old) ||
    (next.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (old.availableReplicas ?? 0)
  );
}

/** With the failure of the new ReplicaSet, or else of any other. */
function withFailure(
  conditions: readonly DeploymentCondition[],
  sets: readonly ReplicaSet[],
  newest: ReplicaSet | undefined,
): readonly DeploymentCondition[] {
  const inOrder = newest === undefined ? sets : [newest, ...sets];
  const failure = inOrder
    .map((set) => findCondition(set.status.conditions, "ReplicaFailure"))
    .find((condition) => condition?.status === "True");
  if (failure === undefined) return without(conditions, "ReplicaFailure");
  const old = findCondition(conditions, "ReplicaFailure");
  const isKnown = old?.status === failure.status && old.reason === failure.reason;
  return isKnown ? conditions : put(conditions, asOwn(failure));
}

function asOwn(failure: ReplicaSetCondition): DeploymentCondition {
  const { lastTransitionTime } = failure;
  if (lastTransitionTime === undefined) return failure;
  return { ...failure, lastUpdateTime: lastTransitionTime };
}

function dated(
  news: ConditionNews,
  old: DeploymentCondition | undefined,
  nowMs: number,
): DeploymentCondition {
  const now = apiTime(nowMs);
  const isTurned = old === undefined || old.status !== news.status;
  const since = isTurned ? now : (old.lastTransitionTime ?? now);
  return { ...news, lastUpdateTime: now, lastTransitionTime: since };
}

/** With `next` in the place of the one of its type, or at the end. */
function put(
  conditions: readonly DeploymentCondition[],
  next: DeploymentCondition,
): readonly DeploymentCondition[] {
  if (findCondition(conditions, next.type) === undefined) return [...conditions, next];
  return conditions.map((condition) => (condition.type === next.type ? next : condition));
}

function without(
  conditions: readonly DeploymentCondition[],
  type: string,
): readonly DeploymentCondition[] {
  return conditions.filter((condition) => condition.type !== type);
}
