/** The plugins of the scheduler, in the order in which they are asked. */
import type { Client } from "../../client/client.ts";
import type { Plugin } from "../framework.ts";
import { defaultBinder } from "./default-binder.ts";
import { interPodAffinity, type NamespaceLabels } from "./inter-pod-affinity.ts";
import { nodeAffinity } from "./node-affinity.ts";
import { nodeName } from "./node-name.ts";
import { nodePorts } from "./node-ports.ts";
import { nodeUnschedulable } from "./node-unschedulable.ts";
import { ownerSpread } from "./owner-spread.ts";
import { resourcesFit } from "./resources-fit.ts";
import { schedulingGates } from "./scheduling-gates.ts";
import { taintToleration } from "./taint-toleration.ts";
import { topologySpread } from "./topology-spread.ts";

/** Cheap refusals first: a node is dropped at the first. */
export function defaultPlugins(deps: {
  readonly client: Client;
  readonly namespaceLabels: NamespaceLabels;
}): readonly Plugin[] {
  return [
    schedulingGates,
    nodeUnschedulable,
    nodeName,
    taintToleration,
    nodeAffinity,
    nodePorts,
    resourcesFit,
    topologySpread,
    interPodAffinity(deps.namespaceLabels),
    ownerSpread,
    defaultBinder(deps.client),
  ];
}
