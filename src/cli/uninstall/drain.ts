/**
 * Deletes all objects of some kinds and waits until the program has let go of each: finalizers are
 * its word that nothing of the object is left outside of the cluster.
 */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { keyOf } from "../../machinery/key.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";

/** Objects of one list request. */
const PAGE = 500;
/** How often to look what is left, in milliseconds. */
const LOOK_MS = 500;

/** An object that is still there. */
export type Left = { readonly type: ResourceType; readonly object: ApiObject };

export type DrainDeps = {
  readonly client: Client;
  readonly env: Env;
  readonly context: Context;
};

/** Everything there is of these kinds. A kind that is not served has nothing. */
export async function instancesOf(
  types: readonly ResourceType[],
  { client, context }: DrainDeps,
): Promise<readonly Left[]> {
  const found: Left[] = [];
  for (const type of types) {
    let next: string | undefined;
    do {
      const from = next === undefined ? {} : { continue: next };
      try {
        const { items, metadata } = await client.list(type, { limit: PAGE, ...from }, context);
        found.push(...items.map((object) => ({ type, object })));
        next = metadata.continue === "" ? undefined : metadata.continue;
      } catch (error) {
        if (!isStatus(error, "NotFound")) throw error;
        next = undefined;
      }
    } while (next !== undefined);
  }
  return found;
}

/**
 * What is left when all are gone or the time is over. Objects that others make meanwhile are
 * deleted too. `tell` hears how many are left, whenever that changes.
 */
export async function drain(
  types: readonly ResourceType[],
  timeoutMs: number,
  deps: DrainDeps,
  tell: (left: readonly Left[]) => void,
): Promise<readonly Left[]> {
  const { client, env, context } = deps;
  const endMs = env.clock.monotonic() + timeoutMs;
  let count = -1;
  for (;;) {
    const left = await instancesOf(types, deps);
    if (left.length !== count) tell(left);
    count = left.length;
    for (const { type, object } of left) {
      if (isTerminating(object)) continue;
      await ignoringGone(client.delete(type, keyOf(object), context));
    }
    if (left.length === 0 || env.clock.monotonic() >= endMs) return left;
    await env.timers.sleep(Math.min(LOOK_MS, endMs - env.clock.monotonic()), context.signal);
  }
}

/** Takes all finalizers away; what they were for is nobody's business any more. */
export async function stripFinalizers(
  left: readonly Left[],
  { client, context }: DrainDeps,
): Promise<void> {
  for (const { type, object } of left) {
    if ((object.metadata.finalizers ?? []).length === 0) continue;
    const patch = { metadata: { finalizers: null, uid: object.metadata.uid } };
    await ignoringGone(client.patch(type, keyOf(object), { kind: "merge", patch }, context));
  }
}

/** Whether a deletion or a patch found anything. */
export async function ignoringGone(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isStatus(error, "NotFound")) return false;
    throw error;
  }
}
