/**
 * Ends pods that nobody else will: of nodes that are gone, or that were deleted before they were
 * scheduled; and clears away ended pods when there are very many. A node counts as gone when it has
 * been missing for the quarantine and the server, asked at the end of it, does not know it either.
 */
import type { Context } from "../../base/context.ts";
import { Node, Pod } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { DONE, type Reconciler } from "../../controller-runtime/controller/outcome.ts";
import { periodicSource } from "../../controller-runtime/sources/sources.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";
import { isStatus } from "../../machinery/status.ts";
import { disruptedStatus } from "./disruption.ts";
import { POD_INDEXES } from "./node-views.ts";
import { missingNodes, planPodGc, type Removal } from "./pod-gc-plan.ts";

export type PodGcOptions = {
  /** How often all pods are looked at, in milliseconds (default 20 s). */
  readonly periodMs?: number;
  /** How long a node is missing before its pods are given up, in milliseconds (default 40 s). */
  readonly quarantineMs?: number;
  /** Ended pods kept (default 12,500). */
  readonly overPodsMax?: number;
};

const DISRUPTION = {
  reason: "DeletionByPodGC",
  message: "The node of the pod is gone",
} as const;

/** One look is at all pods, so there is one key. */
const ALL_PODS: ObjectKey = { namespace: "", name: "all-pods" };

export function podGcController(deps: ControllerDeps, options: PodGcOptions = {}): ControllerSpec {
  const { periodMs = 20_000, quarantineMs = 40_000, overPodsMax = 12_500 } = options;
  const keys = (): readonly ObjectKey[] => [ALL_PODS];
  return {
    name: "pod-garbage-collector",
    reconcile: podGcReconciler(deps, { quarantineMs, overPodsMax }),
    sources: [periodicSource({ name: "period", periodMs, keys, env: deps.env })],
  };
}

function podGcReconciler(
  deps: ControllerDeps,
  options: { readonly quarantineMs: number; readonly overPodsMax: number },
): Reconciler {
  const { client, informers, env } = deps;
  const pods = informers.for(Pod, POD_INDEXES).lister;
  const nodes = informers.for(Node).lister;
  const missingSinceMs = new Map<string, number>();

  return async (_, context) => {
    const nowMs = env.clock.monotonic();
    const missing = missingNodes(pods.list(), nodes.list());
    for (const name of missingSinceMs.keys()) if (!missing.has(name)) missingSinceMs.delete(name);
    const goneNodes = new Set<string>();
    for (const name of missing) {
      const sinceMs = missingSinceMs.get(name) ?? nowMs;
      missingSinceMs.set(name, sinceMs);
      const isLongEnough = nowMs - sinceMs >= options.quarantineMs;
      if (isLongEnough && !(await isKnown(client, name, context))) goneNodes.add(name);
    }
    const { overPodsMax } = options;
    const input = { pods: pods.list(), nodes: nodes.list(), goneNodes, overPodsMax };
    for (const removal of planPodGc(input)) await remove(deps, removal, context);
    return DONE;
  };
}

async function isKnown(client: Client, name: string, context: Context): Promise<boolean> {
  try {
    await client.get(Node, { namespace: "", name }, context);
    return true;
  } catch (error) {
    if (isStatus(error, "NotFound")) return false;
    throw error;
  }
}

async function remove(
  { client, env }: ControllerDeps,
  { pod, why }: Removal,
  context: Context,
): Promise<void> {
  const { uid = "" } = pod.metadata;
  context.log.info("ends a pod that nobody else will", { pod: keyText(keyOf(pod)), why });
  try {
    if (!hasEnded(pod) && why !== "never-scheduled") {
      const status = disruptedStatus(pod, DISRUPTION, apiTime(env.clock.now()));
      await client.updateStatus(Pod, { ...pod, status: { ...status, phase: "Failed" } }, context);
    }
    const options = { gracePeriodSeconds: 0, preconditions: { uid } };
    await client.delete(Pod, keyOf(pod), context, options);
  } catch (error) {
    // Gone, or replaced by another of its name, or changed just now: the next look will tell.
    if (!isStatus(error, "NotFound") && !isStatus(error, "Conflict")) throw error;
  }
}
