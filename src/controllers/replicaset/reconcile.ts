/**
 * Brings the pods of a ReplicaSet to the number it declares, and reports about them.
 *
 * Promises: however far the informers lag, there are never more pods than declared because of this
 * controller. Its own writes are visible to it at once (the overlay of its client), writes under
 * way are counted (expectations), and after a write without an answer the server itself is asked.
 */
import type { Context } from "../../base/context.ts";
import { errorText } from "../../base/error-text.ts";
import { Pod, ReplicaSet } from "../../client/builtin.ts";
import { claimObjects } from "../../controller-runtime/claim.ts";
import { DONE, requeueAfter } from "../../controller-runtime/controller/outcome.ts";
import type { Outcome, Reconciler } from "../../controller-runtime/controller/outcome.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { keyOf } from "../../machinery/key.ts";
import { labelQueryText, queryOfSelector } from "../../machinery/labels.ts";
import { isTerminating } from "../../machinery/object.ts";
import { isControlledBy } from "../../machinery/owners.ts";
import { isStatus } from "../../machinery/status.ts";
import { planReplicaSet } from "./plan.ts";
import { claimCandidates, ownedPods, POD_INDEXES, siblingPods, type Listers } from "./pod-views.ts";
import { createPods, deletePods, type PodWriteDeps } from "./pod-writes.ts";
import { nextAvailableMs, statusOfReplicaSet, type Progress } from "./status.ts";

/** The loop of all ReplicaSets. `watches.ts` keeps `deps.expectations` up to date. */
export function replicaSetReconciler(deps: PodWriteDeps): Reconciler {
  const { env, expectations, informers } = deps;
  const listers: Listers = {
    sets: informers.for(ReplicaSet).lister,
    pods: informers.for(Pod, POD_INDEXES).lister,
  };

  return async (key, context) => {
    const replicaSet = listers.sets.get(key);
    if (replicaSet === undefined) return DONE;
    const state = expectations.state(replicaSet.metadata.uid ?? "");
    if (state.kind === "doubtful") await readAfresh(deps, replicaSet, context);

    await claimPods(deps, replicaSet, listers, context);
    const isIdle = state.kind === "waiting" || isTerminating(replicaSet);
    const result: Managed = isIdle
      ? { progress: { kind: "waiting" } }
      : await manage(deps, replicaSet, listers, context);

    const owned = ownedPods(listers.pods, replicaSet);
    const nowMs = env.clock.now();
    const status = statusOfReplicaSet(replicaSet, owned, result.progress, nowMs);
    await report(deps, replicaSet, status, context);
    if (result.progress.kind === "failed") throw result.error;
    const availableMs = nextAvailableMs(replicaSet, owned, nowMs);
    return soonest([
      ...(state.kind === "waiting" ? [state.forMs] : []),
      ...(availableMs === undefined ? [] : [availableMs - nowMs]),
    ]);
  };
}

type Managed = { readonly progress: Progress; readonly error?: unknown };

async function manage(
  deps: PodWriteDeps,
  replicaSet: ReplicaSet,
  listers: Listers,
  context: Context,
): Promise<Managed> {
  const owned = ownedPods(listers.pods, replicaSet);
  const siblings = siblingPods(listers, replicaSet);
  const plan = planReplicaSet(replicaSet, owned, siblings, deps.env.clock.now());
  const isCreating = plan.create > 0;
  try {
    if (isCreating) await createPods(deps, replicaSet, plan.create, context);
    else await deletePods(deps, replicaSet, plan.remove, context);
    return { progress: { kind: "ok" } };
  } catch (error) {
    const reason = isCreating ? "FailedCreate" : "FailedDelete";
    return { progress: { kind: "failed", reason, message: errorText(error) }, error };
  }
}

async function claimPods(
  deps: PodWriteDeps,
  replicaSet: ReplicaSet,
  listers: Listers,
  context: Context,
): Promise<void> {
  const request = {
    owner: replicaSet,
    ownerType: ReplicaSet,
    type: Pod,
    selector: queryOfSelector(replicaSet.spec.selector),
    objects: claimCandidates(listers.pods, replicaSet),
  };
  await claimObjects(deps.client, request, context);
}

/** Puts what the server has now into the view, and ends all doubt. */
async function readAfresh(
  deps: PodWriteDeps,
  replicaSet: ReplicaSet,
  context: Context,
): Promise<void> {
  const { ownWrites } = deps.informers.for(Pod);
  const labelSelector = labelQueryText(queryOfSelector(replicaSet.spec.selector));
  const { namespace = "", uid = "" } = replicaSet.metadata;
  const live = await deps.client.list(Pod, { namespace, labelSelector }, context);
  for (const pod of live.items) {
    if (isControlledBy(pod, replicaSet)) ownWrites.wrote(pod);
  }
  deps.expectations.forget(uid);
}

async function report(
  deps: PodWriteDeps,
  replicaSet: ReplicaSet,
  status: ReplicaSet["status"],
  context: Context,
): Promise<void> {
  if (equalValues(replicaSet.status, status)) return;
  try {
    await deps.client.updateStatus(ReplicaSet, { ...replicaSet, status }, context);
  } catch (error) {
    if (isStatus(error, "NotFound")) return;
    if (!isStatus(error, "Conflict")) throw error;
    // Someone else wrote the object, most often the Deployment its scale. What was counted holds.
    const fresh = await deps.client.get(ReplicaSet, keyOf(replicaSet), context);
    if (fresh.metadata.uid !== replicaSet.metadata.uid) return;
    await deps.client.updateStatus(ReplicaSet, { ...fresh, status }, context);
  }
}

function soonest(delaysMs: readonly number[]): Outcome {
  return delaysMs.length === 0 ? DONE : requeueAfter(Math.max(0, Math.min(...delaysMs)));
}
