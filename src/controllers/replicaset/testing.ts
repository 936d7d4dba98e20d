/** Fixtures that mention only what matters to a case. */
import type { PodSpec, PodStatus } from "../../apis/core/v1/types.generated.ts";
import type { Pod, ReplicaSet } from "../../client/builtin.ts";
import { apiTime } from "../../machinery/api-time.ts";
import type { ObjectMeta } from "../../machinery/object.ts";
import { VIRTUAL_EPOCH_MS } from "../../base/virtual/virtual-env.ts";

const LABELS = { app: "web" };
const CONTAINERS = [{ name: "main", image: "host" }];

/** The uid of `aReplicaSet()`. */
export const SET_UID = "set-uid";

export function aReplicaSet(
  wish: Partial<ReplicaSet["spec"]> = {},
  meta: ObjectMeta = {},
  status: Partial<ReplicaSet["status"]> = {},
): ReplicaSet {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "web", namespace: "default", uid: SET_UID, generation: 1, ...meta },
    spec: {
      selector: { matchLabels: LABELS },
      template: { metadata: { labels: LABELS }, spec: { containers: CONTAINERS } },
      ...wish,
    },
    status: { replicas: 0, ...status },
  };
}

export type PodWish = {
  readonly name?: string;
  readonly uid?: string;
  readonly meta?: ObjectMeta;
  readonly spec?: Partial<PodSpec>;
  readonly status?: Partial<PodStatus>;
  /** Ready for this long at the virtual epoch. */
  readonly readySeconds?: number;
  /** This old at the virtual epoch (default 0). */
  readonly ageSeconds?: number;
};

/** A running pod on `node-1`, controlled by `aReplicaSet()`. */
export function aPod(wish: PodWish = {}): Pod {
  const { name = "web-1", uid = name } = wish;
  const at = (agoSeconds: number): string => apiTime(VIRTUAL_EPOCH_MS - agoSeconds * 1000);
  const ready = {
    type: "Ready",
    status: "True",
    lastTransitionTime: at(wish.readySeconds ?? 0),
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      uid,
      namespace: "default",
      labels: LABELS,
      creationTimestamp: at(wish.ageSeconds ?? 0),
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: "web",
          uid: SET_UID,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      ...wish.meta,
    },
    spec: { containers: CONTAINERS, nodeName: "node-1", ...wish.spec },
    status: {
      phase: "Running",
      ...(wish.readySeconds === undefined ? {} : { conditions: [ready] }),
      ...wish.status,
    },
  };
}
