// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type * as coreV1 from "../../core/v1/types.generated.ts";
import type * as metaV1 from "../../meta/v1/types.generated.ts";
import type { ObjectMeta } from "../../../machinery/object.ts";

export type Deployment = {
  readonly apiVersion: "apps/v1";
  readonly kind: "Deployment";
  readonly metadata: ObjectMeta;
  readonly spec: DeploymentSpec;
  readonly status: DeploymentStatus;
};

export type DeploymentCondition = {
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly status: string;
  readonly type: string;
};

export type DeploymentSpec = {
  readonly minReadySeconds?: number;
  readonly paused?: boolean;
  readonly progressDeadlineSeconds?: number;
  readonly replicas?: number;
  readonly revisionHistoryLimit?: number;
  readonly selector: metaV1.LabelSelector;
  readonly strategy?: DeploymentStrategy;
  readonly template: coreV1.PodTemplateSpec;
};

export type DeploymentStatus = {
  readonly availableReplicas?: number;
  readonly collisionCount?: number;
  readonly conditions?: readonly DeploymentCondition[];
  readonly observedGeneration?: number;
  readonly readyReplicas?: number;
  readonly replicas?: number;
  readonly terminatingReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly updatedReplicas?: number;
};

export type DeploymentStrategy = {
  readonly rollingUpdate?: RollingUpdateDeployment;
  readonly type?: string;
};

export type ReplicaSet = {
  readonly apiVersion: "apps/v1";
  readonly kind: "ReplicaSet";
  readonly metadata: ObjectMeta;
  readonly spec: ReplicaSetSpec;
  readonly status: ReplicaSetStatus;
};

export type ReplicaSetCondition = {
  readonly lastTransitionTime?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly status: string;
  readonly type: string;
};

export type ReplicaSetSpec = {
  readonly minReadySeconds?: number;
  readonly replicas?: number;
  readonly selector: metaV1.LabelSelector;
  readonly template: coreV1.PodTemplateSpec;
};

export type ReplicaSetStatus = {
  readonly availableReplicas?: number;
  readonly conditions?: readonly ReplicaSetCondition[];
  readonly fullyLabeledReplicas?: number;
  readonly observedGeneration?: number;
  readonly readyReplicas?: number;
  readonly replicas: number;
  readonly terminatingReplicas?: number;
};

export type RollingUpdateDeployment = {
  readonly maxSurge?: number | string;
  readonly maxUnavailable?: number | string;
};
