/**
 * Takes back what pods were told about their end when nothing came of it: a pod that was to be
 * evicted or preempted, and is not on its way out after a while, will stay.
 */
import type { Env } from "../../base/env.ts";
import { Pod } from "../../client/builtin.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import {
  DONE,
  requeueAfter,
  type Reconciler,
} from "../../controller-runtime/controller/outcome.ts";
import { watchSource } from "../../controller-runtime/sources/sources.ts";
import { apiTime, parseApiTime } from "../../machinery/api-time.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { keyOf } from "../../machinery/key.ts";
import { isTerminating } from "../../machinery/object.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";
import { isStatus } from "../../machinery/status.ts";

/** How long a pod may wait for the end it was told of. */
export const STALE_AFTER_MS: number = 2 * 60_000;

const CONDITION = "DisruptionTarget";

/** A kubelet that shuts down takes as long as it takes. */
const OF_KUBELET = "TerminationByKubelet";

export function staleTargetController(deps: ControllerDeps): ControllerSpec {
  const pods = deps.informers.for(Pod);
  return {
    name: "stale-disruption-controller",
    reconcile: reconciler(deps),
    sources: [
      watchSource(pods, (pod) => (staleAtMs(pod) === undefined ? [] : [keyOf(pod)]), {
        name: "pods told of their end",
        predicate: ({ kind }) => kind !== "delete",
      }),
    ],
  };
}

function reconciler({ client, informers, env }: ControllerDeps): Reconciler {
  const pods = informers.for(Pod).lister;
  return async (key, context) => {
    const pod = pods.get(key);
    const atMs = pod === undefined ? undefined : staleAtMs(pod);
    if (pod === undefined || atMs === undefined) return DONE;
    const waitMs = atMs - env.clock.now();
    if (waitMs > 0) return requeueAfter(Math.min(waitMs, STALE_AFTER_MS));
    try {
      await client.updateStatus(Pod, { ...pod, status: takenBack(pod, env) }, context);
    } catch (error) {
      if (!isStatus(error, "NotFound")) throw error;
    }
    return DONE;
  };
}

/** When what the pod was told is stale; undefined: it was told nothing, or it holds. */
function staleAtMs(pod: Pod): number | undefined {
  if (isTerminating(pod) || hasEnded(pod)) return undefined;
  const condition = findCondition(pod.status.conditions, CONDITION);
  if (condition?.status !== "True" || condition.reason === OF_KUBELET) return undefined;
  const sinceMs = parseApiTime(condition.lastTransitionTime ?? "");
  return Number.isNaN(sinceMs) ? 0 : sinceMs + STALE_AFTER_MS;
}

function takenBack({ status }: Pod, env: Pick<Env, "clock">): Pod["status"] {
  const lastTransitionTime = apiTime(env.clock.now());
  const conditions = (status.conditions ?? []).map((condition) =>
    condition.type === CONDITION
      ? { ...condition, status: "False", lastTransitionTime }
      : condition,
  );
  return { ...status, conditions };
}
