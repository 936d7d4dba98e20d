/** What a ReplicaSet would do about its pods. Pure: tests and the simulator call this alone. */
import type { Pod, ReplicaSet } from "../../client/builtin.ts";
import { inDeletionOrder } from "./deletion-order.ts";
import { isActive } from "./pod-state.ts";

/** Writes in one pass, so that one object cannot starve the rest. */
export const BURST_MAX = 500;

/** Replicas of a ReplicaSet that does not say how many it wants. */
export const REPLICAS_DEFAULT = 1;

/** At most one of the two is not empty. */
export type ReplicaSetPlan = {
  /** How many pods to create. */
  readonly create: number;
  /** Pods to delete. */
  readonly remove: readonly Pod[];
};

/**
 * What would bring `owned`, the pods the ReplicaSet controls, to the number it declares. `siblings`
 * are the pods of all ReplicaSets under the same owner, its own included.
 */
export function planReplicaSet(
  replicaSet: ReplicaSet,
  owned: readonly Pod[],
  siblings: readonly Pod[],
  nowMs: number,
): ReplicaSetPlan {
  const active = owned.filter(isActive);
  const surplus = active.length - (replicaSet.spec.replicas ?? REPLICAS_DEFAULT);
  const count = Math.min(Math.abs(surplus), BURST_MAX);
  if (surplus <= 0) return { create: count, remove: [] };
  return { create: 0, remove: inDeletionOrder(active, siblings, nowMs).slice(0, count) };
}
