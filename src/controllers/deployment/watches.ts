/** What wakes a Deployment: itself, its ReplicaSets, such it might adopt, and the end of a pod. */
import { Deployment, Pod, ReplicaSet } from "../../client/builtin.ts";
import type { Source } from "../../controller-runtime/sources/source.ts";
import { ownedSource, ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import type { Informers } from "../../informer/informers.ts";
import type { Lister } from "../../informer/lister.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import { controllerOf } from "../../machinery/owners.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";
import { isRollingUpdate } from "./rollout-budget.ts";
import { possibleAdopters, SET_INDEXES } from "./set-indexes.ts";

export function deploymentSources(informers: Informers): readonly Source[] {
  const deployments = informers.for(Deployment);
  const sets = informers.for(ReplicaSet, SET_INDEXES);
  const listers = { deployments: deployments.lister, sets: sets.lister };
  return [
    ownSource(deployments),
    ownedSource(sets, Deployment),
    watchSource(sets, (set) => possibleAdopters(deployments.lister, set), { name: "orphans" }),
    // The last old pod has to go before a Recreate goes on; no ReplicaSet tells of its end.
    watchSource(informers.for(Pod), (pod) => recreatesOf(listers, pod), {
      name: "pods that ended",
      predicate: (event) => event.kind === "delete" || hasEnded(event.object),
    }),
  ];
}

function recreatesOf(
  listers: { readonly deployments: Lister<Deployment>; readonly sets: Lister<ReplicaSet> },
  pod: Pod,
): readonly ObjectKey[] {
  const { namespace = "" } = pod.metadata;
  const setName = controllerOf(pod)?.name;
  const set = setName === undefined ? undefined : listers.sets.get({ namespace, name: setName });
  const owner = set === undefined ? undefined : controllerOf(set);
  if (owner === undefined) return [];
  const deployment = listers.deployments.get({ namespace, name: owner.name });
  const isWaiting = deployment?.metadata.uid === owner.uid && !isRollingUpdate(deployment);
  return isWaiting ? [keyOf(deployment)] : [];
}
