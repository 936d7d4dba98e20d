/** Which ReplicaSets and pods a Deployment has to look at, read from listers by index. */
import type { Deployment, Pod, ReplicaSet } from "../../client/builtin.ts";
import { OWNER_UID_INDEX, type IndexFunctions, type Lister } from "../../informer/lister.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import { matchesLabels, queryOfSelector } from "../../machinery/labels.ts";
import { controllerOf, isControlledBy } from "../../machinery/owners.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";

const ORPHAN_INDEX = "orphan-namespace";

/** What the ReplicaSet informer must offer: those that nobody controls, by namespace. */
export const SET_INDEXES: IndexFunctions<ReplicaSet> = {
  [ORPHAN_INDEX]: (set) => (controllerOf(set) === undefined ? [set.metadata.namespace ?? ""] : []),
};

export type Listers = { readonly sets: Lister<ReplicaSet>; readonly pods: Lister<Pod> };

/** The ReplicaSets it controls. */
export function ownedSets(sets: Lister<ReplicaSet>, deployment: Deployment): readonly ReplicaSet[] {
  return sets
    .byIndex(OWNER_UID_INDEX, deployment.metadata.uid ?? "")
    .filter((set) => isControlledBy(set, deployment));
}

/** The ReplicaSets it controls, and those it might adopt. */
export function claimCandidates(
  sets: Lister<ReplicaSet>,
  deployment: Deployment,
): readonly ReplicaSet[] {
  const orphans = sets.byIndex(ORPHAN_INDEX, deployment.metadata.namespace ?? "");
  return [...ownedSets(sets, deployment), ...orphans];
}

/** Whether a pod of these ReplicaSets is still there: it may serve until it is gone. */
export function hasPods(pods: Lister<Pod>, sets: readonly ReplicaSet[]): boolean {
  return sets.some((set) =>
    pods
      .byIndex(OWNER_UID_INDEX, set.metadata.uid ?? "")
      .some((pod) => isControlledBy(pod, set) && !hasEnded(pod)),
  );
}

/** The Deployments that may want to adopt `set`. */
export function possibleAdopters(
  deployments: Lister<Deployment>,
  set: ReplicaSet,
): readonly ObjectKey[] {
  const { namespace = "", labels } = set.metadata;
  if (controllerOf(set) !== undefined) return [];
  return deployments
    .list({ namespace })
    .filter(({ spec }) => matchesLabels(queryOfSelector(spec.selector), labels))
    .map(keyOf);
}
