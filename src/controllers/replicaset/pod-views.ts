/** Which pods a ReplicaSet has to look at, read from listers by index. */
import type { Pod, ReplicaSet } from "../../client/builtin.ts";
import { OWNER_UID_INDEX, type IndexFunctions, type Lister } from "../../informer/lister.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import { queryOfSelector, matchesLabels } from "../../machinery/labels.ts";
import { controllerOf, isControlledBy } from "../../machinery/owners.ts";
import { isActive } from "./pod-state.ts";

const ORPHAN_INDEX = "orphan-namespace";

/** What the pod informer must offer: the pods that nobody controls, by namespace. */
export const POD_INDEXES: IndexFunctions<Pod> = {
  [ORPHAN_INDEX]: (pod) => (controllerOf(pod) === undefined ? [pod.metadata.namespace ?? ""] : []),
};

export type Listers = { readonly sets: Lister<ReplicaSet>; readonly pods: Lister<Pod> };

/** The pods it controls, whatever their state. */
export function ownedPods(pods: Lister<Pod>, replicaSet: ReplicaSet): readonly Pod[] {
  return pods
    .byIndex(OWNER_UID_INDEX, replicaSet.metadata.uid ?? "")
    .filter((pod) => isControlledBy(pod, replicaSet));
}

/** Pods it controls, and pods it might adopt. Those that ended stay whose they are. */
export function claimCandidates(pods: Lister<Pod>, replicaSet: ReplicaSet): readonly Pod[] {
  const orphans = pods.byIndex(ORPHAN_INDEX, replicaSet.metadata.namespace ?? "");
  return [...ownedPods(pods, replicaSet), ...orphans].filter(isActive);
}

/** The pods of all ReplicaSets under the same owner, its own included. */
export function siblingPods({ sets, pods }: Listers, replicaSet: ReplicaSet): readonly Pod[] {
  const owner = controllerOf(replicaSet);
  if (owner === undefined) return ownedPods(pods, replicaSet);
  return sets
    .byIndex(OWNER_UID_INDEX, owner.uid)
    .filter((sibling) => controllerOf(sibling)?.uid === owner.uid)
    .flatMap((sibling) => ownedPods(pods, sibling));
}

/** The ReplicaSets that may want to adopt `pod`. */
export function possibleAdopters(sets: Lister<ReplicaSet>, pod: Pod): readonly ObjectKey[] {
  const { namespace = "", labels } = pod.metadata;
  if (controllerOf(pod) !== undefined || !isActive(pod)) return [];
  return sets
    .list({ namespace })
    .filter((set) => matchesLabels(queryOfSelector(set.spec.selector), labels))
    .map(keyOf);
}
