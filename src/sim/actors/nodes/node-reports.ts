/** What a kubelet says of its node. */
import type { Fields } from "../../../machinery/object.ts";

/** All nodes of a run. */
export const NODE_NAMES: readonly string[] = ["node-1", "node-2", "node-3"];
/** Where the leases of nodes are. */
export const LEASE_NAMESPACE = "kube-node-lease";

/** A patch of its status: it is there and well. `now`: of the API. */
export function readyStatus(now: string): { readonly status: Fields } {
  const ready = {
    type: "Ready",
    status: "True",
    reason: "KubeletReady",
    message: "kubelet is posting ready status",
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  return { status: { conditions: [ready] } };
}
