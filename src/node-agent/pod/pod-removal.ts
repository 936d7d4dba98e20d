/** The last traces of a pod: called when nothing of it runs any more. */
import { Backoff } from "../../base/backoff.ts";
import type { Context } from "../../base/context.ts";
import { Pod } from "../../client/builtin.ts";
import { TransportError } from "../../client/transport.ts";
import { keyOf } from "../../machinery/key.ts";
import { isStatus } from "../../machinery/status.ts";
import { causedBy } from "./call-cause.ts";
import type { PodDeps } from "./pod-deps.ts";

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 10_000;

/**
 * Volumes go first, then the API object is told that the pod is over and deleted for good, then the
 * runtime's records: an agent that dies in between is followed by one that finds the rest.
 */
export async function removePod(
  subject: { readonly pod: Pod; readonly isGone: () => boolean },
  deps: PodDeps,
  context: Context,
): Promise<void> {
  const { pod } = subject;
  const uid = pod.metadata.uid ?? "";
  await deps.volumes.remove(uid);
  if (!subject.isGone()) {
    await deps.status.settled(uid, context.signal);
    await deleteObject(subject, deps, causedBy(pod, deps.env, context));
  }
  deps.status.forget(uid);
  for (const sandbox of await deps.runtime.listSandboxes({ podUid: uid }, context)) {
    await deps.runtime.removeSandbox(sandbox.id, context);
    await deps.logs.removeDirectory(sandbox.logDirectory);
  }
}

/** Until the API confirms, or the object is seen to be gone. */
async function deleteObject(
  subject: { readonly pod: Pod; readonly isGone: () => boolean },
  deps: PodDeps,
  context: Context,
): Promise<void> {
  const { pod } = subject;
  const { uid = "" } = pod.metadata;
  const options = { initialMs: RETRY_MS_MIN, maxMs: RETRY_MS_MAX, factor: 2, jitter: 0.1 };
  const backoff = new Backoff({ ...options, resetMs: Infinity }, deps.env);
  while (!subject.isGone()) {
    try {
      const preconditions = { uid };
      await deps.client.delete(Pod, keyOf(pod), context, { gracePeriodSeconds: 0, preconditions });
      return;
    } catch (error) {
      context.signal.throwIfAborted();
      if (isStatus(error, "NotFound") || isStatus(error, "Conflict")) return; // another pod by now
      if (!isStatus(error) && !(error instanceof TransportError)) throw error;
      const delayMs = backoff.next();
      context.log.warn("a pod that has ended could not be deleted yet", { error, delayMs });
      await deps.env.timers.sleep(delayMs, context.signal);
    }
  }
}
