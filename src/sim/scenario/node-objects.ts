/** Nodes as objects, as kubelets register them: ready, with room, each with a lease. */
import { VIRTUAL_EPOCH_MS } from "../../base/virtual/virtual-env.ts";
import { Lease, Node } from "../../client/builtin.ts";
import { apiMicroTime, apiTime } from "../../machinery/api-time.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { LEASE_NAMESPACE, NODE_NAMES, readyStatus } from "../actors/nodes/node-reports.ts";
import type { Operation } from "./operation.ts";

const ROOM = { cpu: "8", memory: "32Gi", pods: "110" };
const LEASE_SECONDS = 40;

/** Registers them. */
export const registerNodes: readonly Operation[] = NODE_NAMES.map((name) => ({
  name: `register ${name}`,
  run: async (client, context) => {
    const key = { namespace: "", name };
    const labels = { "kubernetes.io/hostname": name };
    const metadata = { name, labels };
    await client.create<ApiObject>(Node, { apiVersion: "v1", kind: "Node", metadata }, context);
    const { status } = readyStatus(apiTime(VIRTUAL_EPOCH_MS));
    const patch = { status: { ...status, capacity: ROOM, allocatable: ROOM } };
    const subresource = "status";
    await client.patch(Node, key, { kind: "strategic", patch }, context, { subresource });
    const spec = {
      holderIdentity: name,
      leaseDurationSeconds: LEASE_SECONDS,
      renewTime: apiMicroTime(VIRTUAL_EPOCH_MS),
    };
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name, namespace: LEASE_NAMESPACE },
      spec,
    };
    await client.create<ApiObject>(Lease, lease, context);
  },
}));
