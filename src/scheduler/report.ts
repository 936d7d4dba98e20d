/** Tells people, on the pod and as an event, why a pod has no node. */
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { Pod } from "../client/builtin.ts";
import type { Client } from "../client/client.ts";
import type { EventRecorder } from "../client/event-recorder-types.ts";
import { apiTime } from "../machinery/api-time.ts";
import { findCondition } from "../machinery/conditions.ts";
import { keyOf } from "../machinery/key.ts";

/**
 * Best effort: that a pod waits is known from its having no node. A failure is logged, and the next
 * try reports again.
 */
export async function reportUnschedulable(
  deps: {
    readonly client: Client;
    readonly recorder: EventRecorder;
    readonly env: Pick<Env, "clock">;
  },
  pod: Pod,
  message: string,
  context: Context,
): Promise<void> {
  deps.recorder.warning(pod, Pod, "FailedScheduling", message);
  const old = findCondition(pod.status.conditions, "PodScheduled");
  const news = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
  if (old?.status === news.status && old.reason === news.reason && old.message === message) return;
  const now = apiTime(deps.env.clock.now());
  const since = old?.status === news.status ? (old.lastTransitionTime ?? now) : now;
  const condition = { ...news, lastTransitionTime: since };
  const patch = {
    metadata: { uid: pod.metadata.uid },
    status: { conditions: [condition] },
  };
  try {
    const key = keyOf(pod);
    await deps.client.patch(Pod, key, { kind: "strategic", patch }, context, {
      subresource: "status",
    });
  } catch (error) {
    if (!context.signal.aborted) context.log.warn("a waiting pod was not told why", { error });
  }
}
