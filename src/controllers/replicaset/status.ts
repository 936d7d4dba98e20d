/** What a ReplicaSet reports about its pods. Pure. */
import type { ReplicaSetCondition, ReplicaSetStatus } from "../../apis/apps/v1/types.generated.ts";
import type { Pod, ReplicaSet } from "../../client/builtin.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { matchesLabels, queryOfLabels } from "../../machinery/labels.ts";
import { isTerminating } from "../../machinery/object.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";
import { availableFromMs, isActive, isAvailable, isReady } from "./pod-state.ts";

/** How the last try to bring the pods to the wanted number went. */
export type Progress =
  | { readonly kind: "ok" }
  /** Nothing was tried, as earlier writes are not visible yet. */
  | { readonly kind: "waiting" }
  | {
      readonly kind: "failed";
      readonly reason: "FailedCreate" | "FailedDelete";
      readonly message: string;
    };

/** The status of `replicaSet` with the pods it controls. Zero counts are left out, as Go does. */
export function statusOfReplicaSet(
  replicaSet: ReplicaSet,
  owned: readonly Pod[],
  progress: Progress,
  nowMs: number,
): ReplicaSetStatus {
  const active = owned.filter(isActive);
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  const templateLabels = queryOfLabels(replicaSet.spec.template.metadata.labels ?? {});
  const count = (holds: (pod: Pod) => boolean): number => active.filter(holds).length;
  const conditions = withProgress(replicaSet.status.conditions ?? [], progress, nowMs);
  const counts = {
    fullyLabeledReplicas: count((pod) => matchesLabels(templateLabels, pod.metadata.labels)),
    readyReplicas: count(isReady),
    availableReplicas: count((pod) => isAvailable(pod, minReadySeconds, nowMs)),
    observedGeneration: replicaSet.metadata.generation ?? 0,
  };
  return {
    replicas: active.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0)),
    terminatingReplicas: owned.filter((pod) => isTerminating(pod) && !hasEnded(pod)).length,
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

/** When the next ready pod becomes available; undefined if none is waiting for that. */
export function nextAvailableMs(
  replicaSet: ReplicaSet,
  owned: readonly Pod[],
  nowMs: number,
): number | undefined {
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  let nextMs: number | undefined;
  for (const pod of owned.filter(isActive)) {
    const fromMs = availableFromMs(pod, minReadySeconds);
    if (fromMs === undefined || fromMs <= nowMs) continue;
    nextMs = nextMs === undefined ? fromMs : Math.min(nextMs, fromMs);
  }
  return nextMs;
}

function withProgress(
  conditions: readonly ReplicaSetCondition[],
  progress: Progress,
  nowMs: number,
): readonly ReplicaSetCondition[] {
  if (progress.kind === "waiting") return conditions;
  if (progress.kind === "ok") {
    return conditions.filter((condition) => condition.type !== "ReplicaFailure");
  }
  // The first failure stands until it is over: retries with ever new texts are no news.
  if (findCondition(conditions, "ReplicaFailure") !== undefined) return conditions;
  return [
    ...conditions,
    {
      type: "ReplicaFailure",
      status: "True",
      reason: progress.reason,
      message: progress.message,
      lastTransitionTime: apiTime(nowMs),
    },
  ];
}
