/** What a ReplicaSet asks about one pod. Times are wall-clock milliseconds. */
import type { Pod } from "../../client/builtin.ts";
import { parseApiTime } from "../../machinery/api-time.ts";
import { findCondition, isConditionTrue } from "../../machinery/conditions.ts";
import { isTerminating } from "../../machinery/object.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";

/** Whether the pod counts as a replica: it has not ended and is not on its way out. */
export function isActive(pod: Pod): boolean {
  return !hasEnded(pod) && !isTerminating(pod);
}

/** Whether the pod's Ready condition is true. */
export function isReady(pod: Pod): boolean {
  return isConditionTrue(pod.status.conditions, "Ready");
}

/** Since when the pod is ready; undefined if it is not, or does not say since when. */
export function readySinceMs(pod: Pod): number | undefined {
  const ready = findCondition(pod.status.conditions, "Ready");
  if (ready?.status !== "True" || ready.lastTransitionTime === undefined) return undefined;
  const sinceMs = parseApiTime(ready.lastTransitionTime);
  return Number.isNaN(sinceMs) ? undefined : sinceMs;
}

/**
 * When the pod has been, or will have been, ready for `minReadySeconds`: it is available from then
 * on. Undefined if it is not ready, or if a wait is asked for and nobody knows since when it is.
 */
export function availableFromMs(pod: Pod, minReadySeconds: number): number | undefined {
  if (!isReady(pod)) return undefined;
  if (minReadySeconds === 0) return Number.NEGATIVE_INFINITY;
  const sinceMs = readySinceMs(pod);
  return sinceMs === undefined ? undefined : sinceMs + minReadySeconds * 1000;
}

/** Whether the pod is available at `nowMs`. */
export function isAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  const fromMs = availableFromMs(pod, minReadySeconds);
  return fromMs !== undefined && fromMs <= nowMs;
}
