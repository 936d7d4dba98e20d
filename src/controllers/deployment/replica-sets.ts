/** The ReplicaSets of a Deployment: which is the new one, their sizes, their order. Pure. */
import type { Deployment, ReplicaSet } from "../../client/builtin.ts";
import { compareText } from "../../machinery/key.ts";
import { isSameTemplate } from "./template-hash.ts";

/** Order: the older first, then by name. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  return (
    compareText(a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? "") ||
    compareText(a.metadata.name ?? "", b.metadata.name ?? "")
  );
}

/** The ReplicaSet that has the Deployment's template: the oldest, should there be several. */
export function findNew(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
): ReplicaSet | undefined {
  return replicaSets
    .toSorted(byAge)
    .find((set) => isSameTemplate(set.spec.template, deployment.spec.template));
}

/** All ReplicaSets but the new one, the older first. */
export function oldOnes(
  replicaSets: readonly ReplicaSet[],
  newest: ReplicaSet | undefined,
): readonly ReplicaSet[] {
  return replicaSets.filter((set) => set.metadata.uid !== newest?.metadata.uid).toSorted(byAge);
}

/** How many pods it is to have. */
export function sizeOf(replicaSet: ReplicaSet): number {
  return replicaSet.spec.replicas ?? 1;
}

/** How many of its pods are available and will stay when it has its size. */
export function availableOf(replicaSet: ReplicaSet): number {
  return Math.min(replicaSet.status.availableReplicas ?? 0, sizeOf(replicaSet));
}

/**
 * Whether its status was written for an earlier size. What it says of pods cannot be counted on
 * then: they may be on their way out, and those that replace them not there yet.
 */
export function isBehind({ metadata, status }: ReplicaSet): boolean {
  return (status.observedGeneration ?? 0) < (metadata.generation ?? 0);
}

/** Those that are to have pods. */
export function active(replicaSets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  return replicaSets.filter((set) => sizeOf(set) > 0);
}

/** How many pods they are to have together. */
export function totalSize(replicaSets: readonly ReplicaSet[]): number {
  return replicaSets.reduce((sum, set) => sum + sizeOf(set), 0);
}

/** How many pods they have together, as they last reported. */
export function totalReported(replicaSets: readonly ReplicaSet[]): number {
  return replicaSets.reduce((sum, set) => sum + (set.status.replicas ?? 0), 0);
}
