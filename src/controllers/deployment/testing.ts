/** Fixtures that mention only what matters to a case. */
import type { DeploymentStatus } from "../../apis/apps/v1/types.generated.ts";
import type { PodTemplateSpec } from "../../apis/core/v1/types.generated.ts";
import { VIRTUAL_EPOCH_MS } from "../../base/virtual/virtual-env.ts";
import { Deployment, type ReplicaSet } from "../../client/builtin.ts";
import { apiTime } from "../../machinery/api-time.ts";
import type { ObjectMeta } from "../../machinery/object.ts";
import { controllerReference } from "../../machinery/owners.ts";
import {
  DESIRED_REPLICAS_ANNOTATION,
  MAX_REPLICAS_ANNOTATION,
  REVISION_ANNOTATION,
} from "./revisions.ts";

const LABELS = { app: "web" };

/** A template of one container; another `image` makes it another template. */
export function aTemplate(image = "v1", labels: ObjectMeta["labels"] = {}): PodTemplateSpec {
  return {
    metadata: { labels: { ...LABELS, ...labels } },
    spec: { containers: [{ name: "main", image }] },
  };
}

export function aDeployment(
  wish: Partial<Deployment["spec"]> = {},
  meta: ObjectMeta = {},
  status: DeploymentStatus = {},
): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default", uid: "deployment-uid", generation: 1, ...meta },
    spec: { selector: { matchLabels: LABELS }, template: aTemplate(), ...wish },
    status,
  };
}

export type SetWish = {
  readonly name?: string;
  readonly image?: string;
  readonly size?: number;
  /** As reported (default: the size). */
  readonly replicas?: number;
  /** As reported (default: the size). */
  readonly available?: number;
  /** What the annotations tell of the Deployment (default: nothing). */
  readonly desired?: number;
  readonly max?: number;
  readonly revision?: number;
  /** Seconds after the virtual epoch (default 0). */
  readonly createdSeconds?: number;
  readonly meta?: ObjectMeta;
  readonly status?: Partial<ReplicaSet["status"]>;
};

/** A ReplicaSet of `aDeployment()`, all as it should be. */
export function aSet(wish: SetWish = {}): ReplicaSet {
  const { name = `web-${wish.image ?? "v1"}`, size = 0 } = wish;
  const replicas = wish.replicas ?? size;
  const told = {
    [DESIRED_REPLICAS_ANNOTATION]: wish.desired,
    [MAX_REPLICAS_ANNOTATION]: wish.max,
    [REVISION_ANNOTATION]: wish.revision,
  };
  const annotations = Object.fromEntries(
    Object.entries(told).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  );
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      namespace: "default",
      uid: name,
      generation: 1,
      labels: LABELS,
      annotations,
      creationTimestamp: apiTime(VIRTUAL_EPOCH_MS + (wish.createdSeconds ?? 0) * 1000),
      ownerReferences: [controllerReference(aDeployment(), Deployment)],
      ...wish.meta,
    },
    spec: {
      replicas: size,
      selector: { matchLabels: LABELS },
      template: aTemplate(wish.image),
    },
    status: {
      replicas,
      readyReplicas: wish.available ?? size,
      availableReplicas: wish.available ?? size,
      observedGeneration: 1,
      ...wish.status,
    },
  };
}
