/** Follows one object until it is what is waited for: list, then watch, again and again. */
import type { ResourceType } from "../client/resource-type.ts";
import { childSignal, type ChildSignal } from "../base/signals.ts";
import { withSignal, type Context } from "../base/context.ts";
import type { ObjectKey } from "../machinery/key.ts";
import type { ApiObject } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import type { Session } from "./session.ts";
import { UserError } from "./user-error.ts";

/** Wait this long before asking again after a watch has ended, in milliseconds. */
const PAUSE_MS = 200;

/**
 * Calls `look` with the object (undefined: absent) now and at every change until it answers
 * true. Throws a `UserError` after `timeoutMs`.
 */
export async function follow<T extends ApiObject>(
  session: Session,
  type: ResourceType<T>,
  key: ObjectKey,
  look: (object: T | undefined) => boolean,
  timeoutMs: number,
): Promise<void> {
  const child = childSignal(session.context.signal);
  const expired = new UserError(`timed out waiting for ${type.resource}/${key.name}`);
  const timer = session.env.timers.after(timeoutMs, () => child.abort(expired));
  try {
    await followUntil(session, type, key, look, withSignal(session.context, child.signal));
  } catch (error) {
    throw child.signal.aborted ? child.signal.reason : error;
  } finally {
    timer.cancel();
    release(child);
  }
}

async function followUntil<T extends ApiObject>(
  session: Session,
  type: ResourceType<T>,
  key: ObjectKey,
  look: (object: T | undefined) => boolean,
  context: Context,
): Promise<void> {
  const where = { namespace: key.namespace, fieldSelector: `metadata.name=${key.name}` };
  for (;;) {
    const list = await session.client.list(type, where, context);
    if (look(list.items[0])) return;
    const resourceVersion = list.metadata.resourceVersion ?? "";
    try {
      const from = { ...where, resourceVersion, allowWatchBookmarks: true };
      for await (const batch of await session.client.watch(type, from, context)) {
        for (const event of batch) {
          if (event.kind === "BOOKMARK" || event.kind === "ERROR") continue;
          if (look(event.kind === "DELETED" ? undefined : event.object.value)) return;
        }
      }
    } catch (error) {
      if (!isStatus(error, "Expired")) throw error;
    }
    context.signal.throwIfAborted();
    await session.env.timers.sleep(PAUSE_MS, context.signal);
  }
}

function release(child: ChildSignal): void {
  child.abort();
  child.release();
}
