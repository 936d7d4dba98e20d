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
  listOf,
  mapListOf,
  object,
  patched,
  text,
  time,
  wholeObject,
  withDefault,
} from "../../schema-terms.ts";

export const controllerRevisionSchema: StructuralSchema = object({
  apiVersion: text,
  data: wholeObject,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  revision: int64,
}, { typeName: "ControllerRevision", required: ["revision"], writtenWhenEmpty: ["metadata","data"] });

export const daemonSetSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => daemonSetSpecSchema,
  status: () => daemonSetStatusSchema,
}, { typeName: "DaemonSet", writtenWhenEmpty: ["metadata","spec","status"] });

export const daemonSetConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "DaemonSetCondition", required: ["type","status"], writtenWhenEmpty: ["lastTransitionTime"] });

export const daemonSetSpecSchema: StructuralSchema = object({
  minReadySeconds: int32,
  revisionHistoryLimit: int32,
  selector: () => metaV1.labelSelectorSchema,
  template: () => coreV1.podTemplateSpecSchema,
  updateStrategy: () => daemonSetUpdateStrategySchema,
}, { typeName: "DaemonSetSpec", required: ["selector","template"], writtenWhenEmpty: ["updateStrategy"], keptWhenZero: ["revisionHistoryLimit"] });

export const daemonSetStatusSchema: StructuralSchema = object({
  collisionCount: int32,
  conditions: patched(mapListOf(() => daemonSetConditionSchema, ["type"]), "merge", "type"),
  currentNumberScheduled: int32,
  desiredNumberScheduled: int32,
  numberAvailable: int32,
  numberMisscheduled: int32,
  numberReady: int32,
  numberUnavailable: int32,
  observedGeneration: int64,
  updatedNumberScheduled: int32,
}, { typeName: "DaemonSetStatus", required: ["currentNumberScheduled","numberMisscheduled","desiredNumberScheduled","numberReady"], keptWhenZero: ["collisionCount"] });

export const daemonSetUpdateStrategySchema: StructuralSchema = object({
  rollingUpdate: () => rollingUpdateDaemonSetSchema,
  type: text,
}, { typeName: "DaemonSetUpdateStrategy" });

export const deploymentSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => deploymentSpecSchema,
  status: () => deploymentStatusSchema,
}, { typeName: "Deployment", writtenWhenEmpty: ["metadata","spec","status"] });

export const deploymentConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  lastUpdateTime: time,
  message: text,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "DeploymentCondition", required: ["type","status"], writtenWhenEmpty: ["lastUpdateTime","lastTransitionTime"] });

export const deploymentSpecSchema: StructuralSchema = object({
  minReadySeconds: int32,
  paused: flag,
  progressDeadlineSeconds: int32,
  replicas: int32,
  revisionHistoryLimit: int32,
  selector: () => metaV1.labelSelectorSchema,
  strategy: patched(() => deploymentStrategySchema, "retainKeys"),
  template: () => coreV1.podTemplateSpecSchema,
}, { typeName: "DeploymentSpec", required: ["selector","template"], writtenWhenEmpty: ["strategy"], keptWhenZero: ["progressDeadlineSeconds","replicas","revisionHistoryLimit"] });

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
}, { typeName: "DeploymentStatus", keptWhenZero: ["collisionCount","terminatingReplicas"] });

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
}, { typeName: "ReplicaSet", writtenWhenEmpty: ["metadata","spec","status"] });

export const replicaSetConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "ReplicaSetCondition", required: ["type","status"], writtenWhenEmpty: ["lastTransitionTime"] });

export const replicaSetSpecSchema: StructuralSchema = object({
  minReadySeconds: int32,
  replicas: int32,
  selector: () => metaV1.labelSelectorSchema,
  template: () => coreV1.podTemplateSpecSchema,
}, { typeName: "ReplicaSetSpec", required: ["selector"], writtenWhenEmpty: ["template"], keptWhenZero: ["replicas"] });

export const replicaSetStatusSchema: StructuralSchema = object({
  availableReplicas: int32,
  conditions: patched(mapListOf(() => replicaSetConditionSchema, ["type"]), "merge", "type"),
  fullyLabeledReplicas: int32,
  observedGeneration: int64,
  readyReplicas: int32,
  replicas: int32,
  terminatingReplicas: int32,
}, { typeName: "ReplicaSetStatus", required: ["replicas"], keptWhenZero: ["terminatingReplicas"] });

export const rollingUpdateDaemonSetSchema: StructuralSchema = object({
  maxSurge: intOrString,
  maxUnavailable: intOrString,
}, { typeName: "RollingUpdateDaemonSet" });

export const rollingUpdateDeploymentSchema: StructuralSchema = object({
  maxSurge: intOrString,
  maxUnavailable: intOrString,
}, { typeName: "RollingUpdateDeployment" });

export const rollingUpdateStatefulSetStrategySchema: StructuralSchema = object({
  maxUnavailable: intOrString,
  partition: int32,
}, { typeName: "RollingUpdateStatefulSetStrategy", keptWhenZero: ["partition"] });

export const statefulSetSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => statefulSetSpecSchema,
  status: () => statefulSetStatusSchema,
}, { typeName: "StatefulSet", writtenWhenEmpty: ["metadata","spec","status"] });

export const statefulSetConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "StatefulSetCondition", required: ["type","status"], writtenWhenEmpty: ["lastTransitionTime"] });

export const statefulSetOrdinalsSchema: StructuralSchema = object({
  start: int32,
}, { typeName: "StatefulSetOrdinals", writtenWhenEmpty: ["start"] });

export const statefulSetPersistentVolumeClaimRetentionPolicySchema: StructuralSchema = object({
  whenDeleted: text,
  whenScaled: text,
}, { typeName: "StatefulSetPersistentVolumeClaimRetentionPolicy" });

export const statefulSetSpecSchema: StructuralSchema = object({
  minReadySeconds: int32,
  ordinals: () => statefulSetOrdinalsSchema,
  persistentVolumeClaimRetentionPolicy: () => statefulSetPersistentVolumeClaimRetentionPolicySchema,
  podManagementPolicy: text,
  replicas: int32,
  revisionHistoryLimit: int32,
  selector: () => metaV1.labelSelectorSchema,
  serviceName: text,
  template: () => coreV1.podTemplateSpecSchema,
  updateStrategy: () => statefulSetUpdateStrategySchema,
  volumeClaimTemplates: listOf(() => coreV1.persistentVolumeClaimSchema),
}, { typeName: "StatefulSetSpec", required: ["selector","template"], writtenWhenEmpty: ["serviceName","updateStrategy"], keptWhenZero: ["replicas","revisionHistoryLimit"] });

export const statefulSetStatusSchema: StructuralSchema = object({
  availableReplicas: int32,
  collisionCount: int32,
  conditions: patched(mapListOf(() => statefulSetConditionSchema, ["type"]), "merge", "type"),
  currentReplicas: int32,
  currentRevision: text,
  observedGeneration: int64,
  readyReplicas: int32,
  replicas: int32,
  updateRevision: text,
  updatedReplicas: int32,
}, { typeName: "StatefulSetStatus", required: ["replicas"], writtenWhenEmpty: ["availableReplicas"], keptWhenZero: ["collisionCount"] });

export const statefulSetUpdateStrategySchema: StructuralSchema = object({
  rollingUpdate: () => rollingUpdateStatefulSetStrategySchema,
  type: text,
}, { typeName: "StatefulSetUpdateStrategy" });
