/**
 * Creates and deletes the pods of a ReplicaSet. Every write is expected before it is sent, and the
 * expectation taken back when the write is known to have failed; a write without an answer leaves
 * the owner in doubt instead.
 */
import type { Context } from "../../base/context.ts";
import { errorText } from "../../base/error-text.ts";
import { Pod, ReplicaSet } from "../../client/builtin.ts";
import { TransportError } from "../../client/transport.ts";
import type { ControllerDeps } from "../../controller-runtime/controller/controller-spec.ts";
import { slowStartBatch } from "../../controller-runtime/slow-start.ts";
import { keyOf } from "../../machinery/key.ts";
import { isStatus, StatusError } from "../../machinery/status.ts";
import type { Expectations } from "./expectations.ts";
import { podFromTemplate } from "./pod-from-template.ts";

export type PodWriteDeps = ControllerDeps & { readonly expectations: Expectations };

/** The first batch of creations; each next one is twice as large. */
const SLOW_START_INITIAL = 1;

/** A cause that the API server gives when it refuses creations in a namespace being deleted. */
const NAMESPACE_TERMINATING = "NamespaceTerminating";

/** Creates `count` pods, in batches that stop at the first failure, and throws that. */
export async function createPods(
  deps: PodWriteDeps,
  replicaSet: ReplicaSet,
  count: number,
  context: Context,
): Promise<void> {
  if (count === 0) return;
  const owner = replicaSet.metadata.uid ?? "";
  deps.expectations.expectCreations(owner, count);
  const { error, skipped } = await slowStartBatch(count, SLOW_START_INITIAL, () =>
    createPod(deps, replicaSet, context),
  );
  for (let left = skipped; left > 0; left -= 1) deps.expectations.creationObserved(owner);
  // All goes when a namespace does: nothing to report, and nothing to retry.
  if (error !== undefined && !isNamespaceTerminating(error)) throw error;
}

/** Deletes `pods`, all that can be, and throws the first failure. */
export async function deletePods(
  deps: PodWriteDeps,
  replicaSet: ReplicaSet,
  pods: readonly Pod[],
  context: Context,
): Promise<void> {
  if (pods.length === 0) return;
  const uids = pods.map((pod) => pod.metadata.uid ?? "");
  deps.expectations.expectDeletions(replicaSet.metadata.uid ?? "", uids);
  const results = await Promise.allSettled(
    pods.map((pod) => deletePod(deps, replicaSet, pod, context)),
  );
  const failure = results.find((result) => result.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}

async function createPod(
  deps: PodWriteDeps,
  replicaSet: ReplicaSet,
  context: Context,
): Promise<void> {
  const { client, expectations, recorder } = deps;
  const owner = replicaSet.metadata.uid ?? "";
  try {
    const pod = await client.create(Pod, podFromTemplate(replicaSet), context);
    const message = `Created pod: ${pod.metadata.name ?? ""}`;
    recorder.normal(replicaSet, ReplicaSet, "SuccessfulCreate", message);
  } catch (error) {
    if (isUnanswered(error)) expectations.unanswered(owner);
    else expectations.creationObserved(owner);
    if (!isNamespaceTerminating(error)) {
      const message = `Error creating: ${errorText(error)}`;
      recorder.warning(replicaSet, ReplicaSet, "FailedCreate", message);
    }
    throw error;
  }
}

async function deletePod(
  deps: PodWriteDeps,
  replicaSet: ReplicaSet,
  pod: Pod,
  context: Context,
): Promise<void> {
  const { client, expectations, recorder } = deps;
  const owner = replicaSet.metadata.uid ?? "";
  const { name = "", uid = "" } = pod.metadata;
  try {
    await client.delete(Pod, keyOf(pod), context, { preconditions: { uid } });
    recorder.normal(replicaSet, ReplicaSet, "SuccessfulDelete", `Deleted pod: ${name}`);
  } catch (error) {
    if (isUnanswered(error)) expectations.unanswered(owner);
    else expectations.deletionObserved(owner, uid);
    // Gone, or gone and another has its name: what was wanted.
    if (isStatus(error, "NotFound") || isStatus(error, "Conflict")) return;
    const message = `Error deleting: ${errorText(error)}`;
    recorder.warning(replicaSet, ReplicaSet, "FailedDelete", message);
    throw error;
  }
}

/** Whether the write may have had its effect although it failed. */
function isUnanswered(error: unknown): boolean {
  if (error instanceof StatusError) return error.code >= 500;
  return !(error instanceof TransportError && error.isRefused);
}

function isNamespaceTerminating(error: unknown): boolean {
  if (!isStatus(error)) return false;
  const causes = error.status.details?.causes ?? [];
  return causes.some((cause) => cause.reason === NAMESPACE_TERMINATING);
}
