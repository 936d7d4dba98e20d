// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as coreV1 from "../../core/v1/schema.generated.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  flag,
  int32,
  int64,
  intOrString,
  mapListOf,
  object,
  patched,
  text,
  time,
} from "../../schema-terms.ts";

export const deploymentSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => deploymentSpecSchema,
  status: () => deploymentStatusSchema,
}, { typeName: "Deployment" });

export const deploymentConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  lastUpdateTime: time,
  message: text,
  reason: text,
  status: text,
  type: text,
}, { typeName: "DeploymentCondition", required: ["type","status"] });

export const deploymentSpecSchema: StructuralSchema = object({
  minReadySeconds: int32,
  paused: flag,
  progressDeadlineSeconds: int32,
  replicas: int32,
  revisionHistoryLimit: int32,
  selector: () => metaV1.labelSelectorSchema,
  strategy: patched(() => deploymentStrategySchema, "retainKeys"),
  template: () => coreV1.podTemplateSpecSchema,
}, { typeName: "DeploymentSpec", required: ["selector","template"] });

export const deploymentStatusSchema: StructuralSchema = object({
  availableReplicas: int32,
  collisionCount: int32,
  conditions: patched(mapListOf(() => deploymentConditionSchema, ["type"]), "merge", "type"),
  observedGeneration: int64,
  readyReplicas: int32,
  replicas: int32,
  terminatingReplicas: int32,
  unavailableReplicas: int32,
  updatedReplicas: int32,
}, { typeName: "DeploymentStatus" });

export const deploymentStrategySchema: StructuralSchema = object({
  rollingUpdate: () => rollingUpdateDeploymentSchema,
  type: text,
}, { typeName: "DeploymentStrategy" });

export const replicaSetSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => replicaSetSpecSchema,
  status: () => replicaSetStatusSchema,
}, { typeName: "ReplicaSet" });

export const replicaSetConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: text,
}, { typeName: "ReplicaSetCondition", required: ["type","status"] });

export const replicaSetSpecSchema: StructuralSchema = object({
  minReadySeconds: int32,
  replicas: int32,
  selector: () => metaV1.labelSelectorSchema,
  template: () => coreV1.podTemplateSpecSchema,
}, { typeName: "ReplicaSetSpec", required: ["selector"] });

export const replicaSetStatusSchema: StructuralSchema = object({
  availableReplicas: int32,
  conditions: patched(mapListOf(() => replicaSetConditionSchema, ["type"]), "merge", "type"),
  fullyLabeledReplicas: int32,
  observedGeneration: int64,
  readyReplicas: int32,
  replicas: int32,
  terminatingReplicas: int32,
}, { typeName: "ReplicaSetStatus", required: ["replicas"] });

export const rollingUpdateDeploymentSchema: StructuralSchema = object({
  maxSurge: intOrString,
  maxUnavailable: intOrString,
}, { typeName: "RollingUpdateDeployment" });
