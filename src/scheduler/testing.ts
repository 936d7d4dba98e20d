/** Fixtures that mention only what matters to a case. */
import type { Container, NodeSpec, PodSpec, PodStatus } from "../apis/core/v1/types.generated.ts";
import type { Node, Pod } from "../client/builtin.ts";
import type { ObjectMeta, OwnerReference } from "../machinery/object.ts";
import { ClusterState, type Snapshot } from "./cluster-state.ts";

type Quantities = Readonly<Record<string, string>>;

export type NodeWish = {
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: NodeSpec;
  /** Added to plenty of everything. */
  readonly allocatable?: Quantities;
};

export function aNode(name = "node-1", wish: NodeWish = {}): Node {
  const allocatable = { cpu: "4", memory: "8Gi", pods: "110", ...wish.allocatable };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, uid: name, labels: { "kubernetes.io/hostname": name, ...wish.labels } },
    spec: wish.spec ?? {},
    status: { allocatable },
  };
}

export type PodWish = {
  readonly labels?: Readonly<Record<string, string>>;
  readonly requests?: Quantities;
  /** Uid of its controller. */
  readonly owner?: string;
  readonly meta?: ObjectMeta;
  readonly spec?: Partial<PodSpec>;
  readonly status?: PodStatus;
};

/** A pod of one container that asks for nothing. */
export function aPod(name = "pod", wish: PodWish = {}): Pod {
  const owner = wish.owner === undefined ? {} : { ownerReferences: [anOwner(wish.owner)] };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      uid: name,
      labels: wish.labels ?? {},
      ...owner,
      ...wish.meta,
    },
    spec: { containers: [aContainer(wish.requests)], ...wish.spec },
    status: wish.status ?? { phase: "Pending" },
  };
}

export function aContainer(requests?: Quantities): Container {
  return { name: "main", ...(requests === undefined ? {} : { resources: { requests } }) };
}

/** The nodes, with the pods that name them. */
export function aSnapshot(nodes: readonly Node[], pods: readonly Pod[] = []): Snapshot {
  const state = new ClusterState();
  for (const node of nodes) state.putNode(node);
  for (const pod of pods) state.putPod(pod);
  return state.snapshot();
}

function anOwner(uid: string): OwnerReference {
  return { apiVersion: "apps/v1", kind: "ReplicaSet", name: uid, uid, controller: true };
}
