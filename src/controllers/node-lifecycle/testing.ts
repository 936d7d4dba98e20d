/** Nodes and pods that mention only what matters to a case. */
import type { Lease, Node, Pod } from "../../client/builtin.ts";
import type { ObjectMeta } from "../../machinery/object.ts";
import { NODE_LEASE_NAMESPACE, type NodeCondition, type Taint } from "./node-views.ts";

/** A node that says `ready`; undefined: it has not said anything yet. */
export function aNode(
  name: string,
  options: {
    readonly ready?: string | undefined;
    readonly taints?: readonly Taint[];
    readonly conditions?: readonly NodeCondition[];
    readonly isUnschedulable?: boolean;
    readonly heartbeat?: string;
  } = {},
): Node {
  const { ready, taints, conditions = [], isUnschedulable = false, heartbeat } = options;
  const readyCondition: NodeCondition = {
    type: "Ready",
    status: ready ?? "",
    ...(heartbeat === undefined ? {} : { lastHeartbeatTime: heartbeat }),
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: {
      ...(taints === undefined ? {} : { taints }),
      ...(isUnschedulable ? { unschedulable: true } : {}),
    },
    status: { conditions: ready === undefined ? conditions : [readyCondition, ...conditions] },
  };
}

export function aPod(
  name: string,
  options: {
    readonly node?: string;
    readonly phase?: string;
    readonly ready?: string;
    readonly tolerations?: Pod["spec"]["tolerations"];
    readonly metadata?: ObjectMeta;
  } = {},
): Pod {
  const { node, phase = "Running", ready, tolerations, metadata = {} } = options;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", ...metadata },
    spec: {
      containers: [],
      ...(node === undefined ? {} : { nodeName: node }),
      ...(tolerations === undefined ? {} : { tolerations }),
    },
    status: {
      phase,
      ...(ready === undefined ? {} : { conditions: [{ type: "Ready", status: ready }] }),
    },
  };
}

/** A sign of life; each number is another one. */
export function aLease(nodeName: string, beat: number): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: nodeName, namespace: NODE_LEASE_NAMESPACE },
    spec: { renewTime: `beat ${beat}` },
  };
}

/** `key:effect` of each, in order. */
export function taintTexts(taints: readonly Taint[] | undefined): readonly string[] {
  return (taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
}
