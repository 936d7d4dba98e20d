/** Looks at one node: notes silence, and writes what follows from its conditions. */
import type { Context } from "../../base/context.ts";
import { Lease, Node, Pod } from "../../client/builtin.ts";
import type { ControllerDeps } from "../../controller-runtime/controller/controller-spec.ts";
import {
  DONE,
  requeueAfter,
  type Reconciler,
} from "../../controller-runtime/controller/outcome.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { isConditionTrue } from "../../machinery/conditions.ts";
import { keyOf } from "../../machinery/key.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";
import { isStatus } from "../../machinery/status.ts";
import { leaseKey, NODE_NAME_INDEX, POD_INDEXES, readyStatus, signOfLife } from "./node-views.ts";
import type { QualifiedNodeLifecycleOptions } from "./options.ts";
import { evictionPace, plannedTaints, silentConditions, type EvictionPace } from "./plan.ts";
import { Silence } from "./silence.ts";
import { TokenBucket } from "./token-bucket.ts";

export function nodeReconciler(
  deps: ControllerDeps,
  options: QualifiedNodeLifecycleOptions,
): Reconciler {
  const { informers, env } = deps;
  const nodes = informers.for(Node).lister;
  const leases = informers.for(Lease).lister;
  const silence = new Silence();
  const bucket = new TokenBucket();

  return async (key, context) => {
    const seen = nodes.get(key);
    if (seen === undefined) {
      silence.forget(key.name);
      return DONE;
    }
    const sign = signOfLife(seen, leases.get(leaseKey(key.name)));
    const silentMs = silence.observe(key.name, sign, env.clock.monotonic());
    const hasReported = readyStatus(seen) !== undefined;
    const graceMs = hasReported ? options.monitorGraceMs : options.startupGraceMs;
    const node = silentMs < graceMs ? seen : await noteSilence(deps, seen, context);
    const pace = (): EvictionPace => evictionPace(countNodes(nodes.list()), options);
    await taint(deps, node, { pace, bucket }, context);
    if (readyStatus(node) === "Unknown") await markPods(deps, node, context);
    const untilGraceMs = silentMs < graceMs ? graceMs - silentMs : options.monitorPeriodMs;
    return requeueAfter(Math.min(options.monitorPeriodMs, untilGraceMs));
  };
}

function countNodes(nodes: readonly Node[]): { readonly total: number; readonly troubled: number } {
  const troubled = nodes.filter((node) => readyStatus(node) !== "True");
  return { total: nodes.length, troubled: troubled.length };
}

async function noteSilence(deps: ControllerDeps, node: Node, context: Context): Promise<Node> {
  const { client, recorder, env } = deps;
  const conditions = silentConditions(node, apiTime(env.clock.now()));
  if (conditions === node.status.conditions) return node;
  context.log.warn("the node has fallen silent", { node: node.metadata.name });
  const silent = { ...node, status: { ...node.status, conditions } };
  const written = await client.updateStatus(Node, silent, context);
  const message = `Node ${node.metadata.name ?? ""} status is now: NodeNotReady`;
  recorder.normal(written, Node, "NodeNotReady", message);
  return written;
}

async function taint(
  { client, env }: ControllerDeps,
  node: Node,
  limits: { readonly pace: () => EvictionPace; readonly bucket: TokenBucket },
  context: Context,
): Promise<void> {
  // Of no interest while the node is ready; then counting all nodes is spared.
  const isInTrouble = readyStatus(node) === "False" || readyStatus(node) === "Unknown";
  const pace: EvictionPace = isInTrouble ? limits.pace() : { kind: "pace", perSecond: 0 };
  const taints = plannedTaints(node, {
    isDisrupted: pace.kind === "disrupted",
    mayEvict: () =>
      pace.kind === "pace" && limits.bucket.take(env.clock.monotonic(), pace.perSecond),
    now: apiTime(env.clock.now()),
  });
  if (taints === undefined) return;
  const { uid, resourceVersion } = node.metadata;
  const patch = { metadata: { uid, resourceVersion }, spec: { taints } };
  await client.patch(Node, keyOf(node), { kind: "merge", patch }, context);
}

/** Pods whose agent is silent may be dead: nobody should rely on them. */
async function markPods(deps: ControllerDeps, node: Node, context: Context): Promise<void> {
  const { client, informers, recorder, env } = deps;
  const { lister } = informers.for(Pod, POD_INDEXES);
  for (const pod of lister.byIndex(NODE_NAME_INDEX, node.metadata.name ?? "")) {
    if (hasEnded(pod) || !isConditionTrue(pod.status.conditions, "Ready")) continue;
    const lastTransitionTime = apiTime(env.clock.now());
    const conditions = (pod.status.conditions ?? []).map((condition) =>
      condition.type === "Ready"
        ? { ...condition, status: "False", lastTransitionTime }
        : condition,
    );
    try {
      const marked = { ...pod, status: { ...pod.status, conditions } };
      await client.updateStatus(Pod, marked, context);
      recorder.warning(pod, Pod, "NodeNotReady", "Node is not ready");
    } catch (error) {
      if (!isStatus(error, "NotFound")) throw error;
    }
  }
}
