/**
 * Drives pods off nodes whose taints (effect NoExecute) they do not tolerate, or no longer: deletes
 * them with their grace. A taint that goes in time cancels it. The time a pod is granted runs from
 * when this process first saw the taints with the pod, so a restart grants it anew.
 *
 * On a node whose agent is gone nobody finishes the deletion: the pod stays Terminating until the
 * agent returns or the Node is deleted. Its owner counts it as gone and puts another elsewhere.
 */
import type { Context } from "../../base/context.ts";
import { Node, Pod } from "../../client/builtin.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import {
  DONE,
  requeueAfter,
  type Reconciler,
} from "../../controller-runtime/controller/outcome.ts";
import type { Source } from "../../controller-runtime/sources/source.ts";
import { ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import type { Informers } from "../../informer/informers.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { keyOf, keyText } from "../../machinery/key.ts";
import { isStatus } from "../../machinery/status.ts";
import { disruptedStatus } from "./disruption.ts";
import { drivingTaints, planEviction } from "./eviction-plan.ts";
import { isBound, NODE_NAME_INDEX, POD_INDEXES } from "./node-views.ts";

/** Pods worked on at the same time. */
const CONCURRENCY = 8;

const EVENT_REASON = "TaintManagerEviction";

const DISRUPTION = {
  reason: "DeletionByTaintManager",
  message: "The node has a taint that the pod does not tolerate, or no longer",
} as const;

export function taintEvictionController(deps: ControllerDeps): ControllerSpec {
  return {
    name: "taint-eviction-controller",
    reconcile: evictionReconciler(deps),
    sources: evictionSources(deps.informers),
    concurrency: CONCURRENCY,
  };
}

function evictionSources(informers: Informers): readonly Source[] {
  const pods = informers.for(Pod, POD_INDEXES);
  return [
    ownSource(pods),
    watchSource(
      informers.for(Node),
      (node) => pods.lister.byIndex(NODE_NAME_INDEX, node.metadata.name ?? "").map(keyOf),
      {
        name: "taints of nodes",
        predicate: (event) =>
          event.kind !== "update" ||
          !equalValues(drivingTaints(event.old), drivingTaints(event.object)),
      },
    ),
  ];
}

/** Since when (monotonic) a pod, by uid, has met taints that will drive it off. */
type Countdown = { readonly uid: string; readonly startMs: number };

function evictionReconciler(deps: ControllerDeps): Reconciler {
  const { informers, recorder, env } = deps;
  const pods = informers.for(Pod, POD_INDEXES).lister;
  const nodes = informers.for(Node).lister;
  const countdowns = new Map<string, Countdown>();

  return async (key, context) => {
    const text = keyText(key);
    const pod = pods.get(key);
    const { uid = "" } = pod?.metadata ?? {};
    const known = countdowns.get(text);
    const begun = known?.uid === uid ? known : undefined;
    if (pod === undefined || !isBound(pod.spec.nodeName)) {
      countdowns.delete(text);
      return DONE;
    }
    const plan = planEviction(pod, nodes.get({ namespace: "", name: pod.spec.nodeName }));
    if (plan.kind === "stay") {
      countdowns.delete(text);
      const isCancelled = begun !== undefined && pod.metadata.deletionTimestamp === undefined;
      if (isCancelled) {
        recorder.normal(pod, Pod, EVENT_REASON, `Cancelling deletion of Pod ${text}`);
      }
      return DONE;
    }
    const nowMs = env.clock.monotonic();
    const countdown = begun ?? { uid, startMs: nowMs };
    countdowns.set(text, countdown);
    const leftMs = countdown.startMs + plan.toleratedMs - nowMs;
    if (leftMs > 0) return requeueAfter(leftMs);
    recorder.normal(pod, Pod, EVENT_REASON, `Marking for deletion Pod ${text}`);
    await evict(deps, pod, context);
    return DONE;
  };
}

async function evict({ client, env }: ControllerDeps, pod: Pod, context: Context): Promise<void> {
  const { uid = "" } = pod.metadata;
  context.log.info("drives a pod off its node", { node: pod.spec.nodeName });
  try {
    const status = disruptedStatus(pod, DISRUPTION, apiTime(env.clock.now()));
    await client.updateStatus(Pod, { ...pod, status }, context);
    await client.delete(Pod, keyOf(pod), context, { preconditions: { uid } });
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error;
  }
}
