/** Deletes all objects of a definition that is going, and waits until the last of them is gone. */
import {
  isConditionTrue,
  type ConditionState,
  type Definition,
} from "../../apis/apiextensions/v1/definition-conditions.ts";
import { withSignal, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { childSignal } from "../../base/signals.ts";
import { keyOf } from "../../machinery/key.ts";
import { isStatus } from "../../machinery/status.ts";
import type { Entry, Revision, Store } from "../../store/store.ts";
import { deleteObject } from "../registry/delete.ts";
import { objectOf, prepare } from "../registry/read.ts";
import type { Resource } from "../registry/resource.ts";
import type { WriteDeps } from "../registry/write.ts";
import { SERVER_USER } from "./write-definition.ts";

/** How long finalizers of objects are waited for before the state is told and work begins anew. */
export const CLEANUP_WAIT_MS = 60_000;
/** Deletions under way together. */
const DELETIONS_AT_ONCE = 32;

export type CleanupDeps = {
  readonly env: Env;
  readonly store: Store;
  readonly write: WriteDeps;
};

/** What the Terminating condition should say; status "False": nothing is left. */
export async function cleanUpInstances(
  definition: Definition,
  resource: Resource,
  deps: CleanupDeps,
  context: Context,
): Promise<ConditionState> {
  if (!isConditionTrue(definition, "Established")) {
    return terminating("False", "NeverEstablished", "resource was never established");
  }
  const failures = await deleteAll(resource, deps, context);
  if (failures.length > 0) {
    const texts = failures.length === 1 ? failures[0] : `[${failures.join(", ")}]`;
    const message = `could not issue all deletes: ${texts}`;
    return terminating("True", "InstanceDeletionFailed", message);
  }
  if (await isEmptyInTime(resource, deps, context)) {
    return terminating("False", "InstanceDeletionCompleted", "removed all instances");
  }
  const message =
    "could not confirm zero CustomResources remaining: timed out waiting for the condition";
  return terminating("True", "InstanceDeletionCheck", message);
}

/** Whether no object of the kind is left. */
export async function hasNoInstances(
  resource: Resource,
  deps: CleanupDeps,
  context: Context,
): Promise<boolean> {
  const { entries } = await deps.store.range({ prefix: resource.keyPrefix, limit: 1 }, context);
  return entries.length === 0;
}

function terminating(
  status: ConditionState["status"],
  reason: string,
  message: string,
): ConditionState {
  return { type: "Terminating", status, reason, message };
}

async function deleteAll(
  resource: Resource,
  deps: CleanupDeps,
  context: Context,
): Promise<readonly string[]> {
  const { entries } = await deps.store.range({ prefix: resource.keyPrefix }, context);
  const failures = new Set<string>();
  const remove = async (entry: Entry): Promise<void> => {
    try {
      await prepare([entry], resource, context);
      const key = keyOf(objectOf(entry, resource).value);
      await deleteObject(
        {
          ...key,
          resource,
          subresource: "",
          user: SERVER_USER,
          manager: "kube-apiserver",
          verb: "deletecollection",
          isDryRun: false,
        },
        {
          graceSeconds: undefined,
          propagation: undefined,
          preconditions: { uid: undefined, resourceVersion: undefined },
        },
        deps.write,
        context,
      );
    } catch (error) {
      if (isStatus(error, "NotFound")) return;
      if (!isStatus(error)) throw error;
      failures.add(error.message);
    }
  };
  for (let index = 0; index < entries.length; index += DELETIONS_AT_ONCE) {
    await Promise.all(entries.slice(index, index + DELETIONS_AT_ONCE).map(remove));
  }
  return [...failures];
}

async function isEmptyInTime(
  resource: Resource,
  deps: CleanupDeps,
  context: Context,
): Promise<boolean> {
  const prefix = resource.keyPrefix;
  const deadline = childSignal(context.signal);
  const timer = deps.env.timers.after(CLEANUP_WAIT_MS, () => deadline.abort());
  const scope = withSignal(context, deadline.signal);
  const look = async (): Promise<{ readonly isEmpty: boolean; readonly at: Revision }> => {
    const { entries, revision } = await deps.store.range({ prefix, limit: 1 }, scope);
    return { isEmpty: entries.length === 0, at: revision };
  };
  try {
    const first = await look();
    if (first.isEmpty) return true;
    for await (const batch of deps.store.watch({ prefix, after: first.at }, scope)) {
      const hasDeletion =
        batch.kind === "changes" && batch.changes.some((change) => change.kind === "delete");
      if (hasDeletion && (await look()).isEmpty) return true;
    }
    return false;
  } catch (error) {
    context.signal.throwIfAborted();
    if (deadline.signal.aborted) return false;
    throw error;
  } finally {
    timer.cancel();
    deadline.release();
  }
}
