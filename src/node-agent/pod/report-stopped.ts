/**
 * Says of every pod of a node that was switched off that it is not ready. Without it the API would
 * go on showing what was true before, and whoever starts the node again would believe it.
 */
import { withSignal, type Context } from "../../base/context.ts";
import { Pod } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import type { Env } from "../../base/env.ts";
import type { Lister } from "../../informer/lister.ts";
import { setCondition } from "../../machinery/conditions.ts";
import { keyOf } from "../../machinery/key.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";

/** The control plane may be stopping too: after this long nobody is told any more. */
export const REPORT_STOPPED_MS = 2_000;

const NOT_READY = {
  status: "False",
  reason: "NodeStopped",
  message: "the agent of the node was told to stop its pods",
} as const;

/** Best effort, within `REPORT_STOPPED_MS`; runs although the agent's own signal has aborted. */
export async function reportStopped(
  deps: { readonly client: Client; readonly env: Env; readonly pods: Lister<Pod> },
  given: Context,
): Promise<void> {
  const limit = new AbortController();
  const timer = deps.env.timers.after(REPORT_STOPPED_MS, () => limit.abort());
  const context = withSignal(given, limit.signal);
  const pods = deps.pods.list().filter((pod) => !hasEnded(pod));
  await Promise.all(pods.map((pod) => reportPod(pod, deps, context)));
  timer.cancel();
}

async function reportPod(
  pod: Pod,
  deps: { readonly client: Client; readonly env: Env },
  context: Context,
): Promise<void> {
  const now = apiTime(deps.env.clock.now());
  const { conditions = [], containerStatuses = [] } = pod.status;
  const ready = setCondition(conditions, { type: "Ready", ...NOT_READY }, now);
  const status = {
    conditions: setCondition(ready, { type: "ContainersReady", ...NOT_READY }, now),
    containerStatuses: containerStatuses.map((one) => ({ ...one, ready: false, started: false })),
  };
  const patch = { metadata: { uid: pod.metadata.uid }, status };
  try {
    const how = { subresource: "status" } as const;
    await deps.client.patch(Pod, keyOf(pod), { kind: "strategic", patch }, context, how);
  } catch (error) {
    context.log.debug("a stopped pod could not be reported", { pod: pod.metadata.name, error });
  }
}
