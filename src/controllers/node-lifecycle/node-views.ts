/** Facts about nodes and the pods on them that several files here ask for. */
import type { Lease, Node, Pod } from "../../client/builtin.ts";
import type { IndexFunctions } from "../../informer/lister.ts";
import { findCondition } from "../../machinery/conditions.ts";
import type { ObjectKey } from "../../machinery/key.ts";

export const NODE_LEASE_NAMESPACE = "kube-node-lease";

/** Pods by the node they are bound to. */
export const NODE_NAME_INDEX = "node-name";

export const POD_INDEXES: IndexFunctions<Pod> = {
  [NODE_NAME_INDEX]: ({ spec }) => (isBound(spec.nodeName) ? [spec.nodeName] : []),
};

export type Taint = NonNullable<Node["spec"]["taints"]>[number];
export type NodeCondition = NonNullable<Node["status"]["conditions"]>[number];

/** Whether a scheduler has chosen a node. */
export function isBound(nodeName: string | undefined): nodeName is string {
  return nodeName !== undefined && nodeName !== "";
}

/** "True", "False" or "Unknown"; undefined while the node has never said. */
export function readyStatus(node: Node): string | undefined {
  return findCondition(node.status.conditions, "Ready")?.status;
}

/** Where the agent of a node leaves its sign of life. */
export function leaseKey(nodeName: string): ObjectKey {
  return { namespace: NODE_LEASE_NAMESPACE, name: nodeName };
}

/** What changes whenever the agent of a node gives a sign of life, and at no other time. */
export function signOfLife(node: Node, lease: Lease | undefined): string {
  const heartbeat = findCondition(node.status.conditions, "Ready")?.lastHeartbeatTime ?? "";
  return `${node.metadata.uid ?? ""} ${heartbeat} ${lease?.spec.renewTime ?? ""}`;
}
