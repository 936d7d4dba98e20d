/** Makes, resizes and removes the ReplicaSets of a Deployment, and tells people of it. */
import type { Context } from "../../base/context.ts";
import { errorText } from "../../base/error-text.ts";
import { Deployment, ReplicaSet } from "../../client/builtin.ts";
import type { ControllerDeps } from "../../controller-runtime/controller/controller-spec.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { keyOf } from "../../machinery/key.ts";
import { isControlledBy } from "../../machinery/owners.ts";
import { isStatus } from "../../machinery/status.ts";
import { asNewest, newReplicaSet } from "./new-replica-set.ts";
import { planNewSize, type Scaling } from "./plan.ts";
import { sizeOf, totalSize } from "./replica-sets.ts";
import { maxRevision, REVISION_ANNOTATION, scaleAnnotations } from "./revisions.ts";
import { isSameTemplate } from "./template-hash.ts";

/** What came of making the new ReplicaSet. */
export type Creation =
  | { readonly kind: "created"; readonly replicaSet: ReplicaSet }
  /** It was there, made by an earlier try whose reply or event was not seen yet. */
  | { readonly kind: "exists"; readonly replicaSet: ReplicaSet }
  /** Another ReplicaSet has the name: the next try must use another. */
  | { readonly kind: "collision" }
  | { readonly kind: "failed"; readonly name: string; readonly error: unknown };

/** Makes the ReplicaSet of the Deployment's template, as large as the budget allows at once. */
export async function createNewest(
  deps: ControllerDeps,
  deployment: Deployment,
  old: readonly ReplicaSet[],
  context: Context,
): Promise<Creation> {
  const replicas = planNewSize(deployment, 0, totalSize(old));
  const wish = newReplicaSet(deployment, replicas, maxRevision(old) + 1);
  const name = wish.metadata.name ?? "";
  try {
    const replicaSet = await deps.client.create(ReplicaSet, wish, context);
    if (replicas > 0) tellScaling(deps, deployment, name, 0, replicas);
    return { kind: "created", replicaSet };
  } catch (error) {
    if (!isStatus(error, "AlreadyExists")) {
      const message = `Failed to create new replica set "${name}": ${errorText(error)}`;
      deps.recorder.warning(deployment, Deployment, "ReplicaSetCreateError", message);
      return { kind: "failed", name, error };
    }
  }
  // The lister may be late, so the server is asked whose it is.
  const replicaSet = await deps.client.get(ReplicaSet, keyOf(wish), context);
  const isOurs =
    isControlledBy(replicaSet, deployment) &&
    isSameTemplate(replicaSet.spec.template, deployment.spec.template);
  if (!isOurs) return { kind: "collision" };
  deps.informers.for(ReplicaSet).ownWrites.wrote(replicaSet);
  return { kind: "exists", replicaSet };
}

/** Brings what an existing ReplicaSet says of itself up to date, as the one to have the pods. */
export async function promoteNewest(
  deps: ControllerDeps,
  deployment: Deployment,
  replicaSet: ReplicaSet,
  old: readonly ReplicaSet[],
  context: Context,
): Promise<ReplicaSet> {
  const wish = asNewest(deployment, replicaSet, maxRevision(old) + 1);
  if (equalValues(wish, replicaSet)) return replicaSet;
  return deps.client.update(ReplicaSet, wish, context);
}

/** Notes on the Deployment which revision it is at. */
export async function recordRevision(
  deps: ControllerDeps,
  deployment: Deployment,
  newest: ReplicaSet,
  context: Context,
): Promise<Deployment> {
  const revision = newest.metadata.annotations?.[REVISION_ANNOTATION];
  const isNoted = deployment.metadata.annotations?.[REVISION_ANNOTATION] === revision;
  if (revision === undefined || isNoted) return deployment;
  const { uid } = deployment.metadata;
  const patch = { metadata: { uid, annotations: { [REVISION_ANNOTATION]: revision } } };
  const key = keyOf(deployment);
  // By way of the status, where a change of annotations is no new generation.
  const way = { subresource: "status" } as const;
  const noted = await deps.client.patch(Deployment, key, { kind: "merge", patch }, context, way);
  // Only the note is taken over: what was decided must be reported for the spec it was decided for.
  const { annotations, resourceVersion } = noted.metadata;
  const isOnlyNote = noted.metadata.generation === deployment.metadata.generation;
  return {
    ...deployment,
    metadata: {
      ...deployment.metadata,
      ...(annotations === undefined ? {} : { annotations }),
      ...(isOnlyNote && resourceVersion !== undefined ? { resourceVersion } : {}),
    },
  };
}

/** Gives a ReplicaSet its new size, if it is still as it was when that was decided. */
export async function scale(
  deps: ControllerDeps,
  deployment: Deployment,
  { replicaSet, replicas }: Scaling,
  context: Context,
): Promise<void> {
  const { metadata, spec } = replicaSet;
  const annotations = { ...metadata.annotations, ...scaleAnnotations(deployment) };
  const wish: ReplicaSet = {
    ...replicaSet,
    metadata: { ...metadata, annotations },
    spec: { ...spec, replicas },
  };
  const size = sizeOf(replicaSet);
  await deps.client.update(ReplicaSet, wish, context);
  if (size !== replicas) tellScaling(deps, deployment, metadata.name ?? "", size, replicas);
}

/** Deletes old ReplicaSets; those that are gone already count. */
export async function removeSets(
  deps: ControllerDeps,
  sets: readonly ReplicaSet[],
  context: Context,
): Promise<void> {
  for (const set of sets) {
    const { uid, resourceVersion } = set.metadata;
    const preconditions = {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    };
    try {
      await deps.client.delete(ReplicaSet, keyOf(set), context, { preconditions });
    } catch (error) {
      // Changed meanwhile: the watch brings it, and then it is judged anew.
      if (!isStatus(error, "NotFound") && !isStatus(error, "Conflict")) throw error;
    }
  }
}

function tellScaling(
  { recorder }: ControllerDeps,
  deployment: Deployment,
  name: string,
  from: number,
  to: number,
): void {
  const direction = to > from ? "up" : "down";
  const message = `Scaled ${direction} replica set ${name} from ${from} to ${to}`;
  recorder.normal(deployment, Deployment, "ScalingReplicaSet", message);
}
