// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  int32,
  int64,
  listOf,
  mapListOf,
  object,
  patched,
  quantity,
  text,
  time,
  withDefault,
} from "../../schema-terms.ts";

export const containerResourceMetricSourceSchema: StructuralSchema = object({
  container: text,
  name: text,
  target: () => metricTargetSchema,
}, { typeName: "ContainerResourceMetricSource", required: ["name","target","container"] });

export const containerResourceMetricStatusSchema: StructuralSchema = object({
  container: text,
  current: () => metricValueStatusSchema,
  name: text,
}, { typeName: "ContainerResourceMetricStatus", required: ["name","current","container"] });

export const crossVersionObjectReferenceSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  name: text,
}, { typeName: "CrossVersionObjectReference", required: ["kind","name"] });

export const externalMetricSourceSchema: StructuralSchema = object({
  metric: () => metricIdentifierSchema,
  target: () => metricTargetSchema,
}, { typeName: "ExternalMetricSource", required: ["metric","target"] });

export const externalMetricStatusSchema: StructuralSchema = object({
  current: () => metricValueStatusSchema,
  metric: () => metricIdentifierSchema,
}, { typeName: "ExternalMetricStatus", required: ["metric","current"] });

export const hpaScalingPolicySchema: StructuralSchema = object({
  periodSeconds: int32,
  type: text,
  value: int32,
}, { typeName: "HPAScalingPolicy", required: ["type","value","periodSeconds"] });

export const hpaScalingRulesSchema: StructuralSchema = object({
  policies: listOf(() => hpaScalingPolicySchema),
  selectPolicy: text,
  stabilizationWindowSeconds: int32,
  tolerance: quantity,
}, { typeName: "HPAScalingRules", keptWhenZero: ["selectPolicy","stabilizationWindowSeconds"] });

export const horizontalPodAutoscalerSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => horizontalPodAutoscalerSpecSchema,
  status: () => horizontalPodAutoscalerStatusSchema,
}, { typeName: "HorizontalPodAutoscaler", required: ["spec"], writtenWhenEmpty: ["metadata","spec","status"] });

export const horizontalPodAutoscalerBehaviorSchema: StructuralSchema = object({
  scaleDown: () => hpaScalingRulesSchema,
  scaleUp: () => hpaScalingRulesSchema,
}, { typeName: "HorizontalPodAutoscalerBehavior" });

export const horizontalPodAutoscalerConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "HorizontalPodAutoscalerCondition", required: ["type","status"], writtenWhenEmpty: ["lastTransitionTime"] });

export const horizontalPodAutoscalerSpecSchema: StructuralSchema = object({
  behavior: () => horizontalPodAutoscalerBehaviorSchema,
  maxReplicas: int32,
  metrics: listOf(() => metricSpecSchema),
  minReplicas: int32,
  scaleTargetRef: () => crossVersionObjectReferenceSchema,
}, { typeName: "HorizontalPodAutoscalerSpec", required: ["scaleTargetRef","maxReplicas"], keptWhenZero: ["minReplicas"] });

export const horizontalPodAutoscalerStatusSchema: StructuralSchema = object({
  conditions: patched(mapListOf(() => horizontalPodAutoscalerConditionSchema, ["type"]), "merge", "type"),
  currentMetrics: listOf(() => metricStatusSchema),
  currentReplicas: int32,
  desiredReplicas: int32,
  lastScaleTime: time,
  observedGeneration: int64,
}, { typeName: "HorizontalPodAutoscalerStatus", required: ["desiredReplicas"], writtenWhenEmpty: ["currentMetrics"], keptWhenZero: ["observedGeneration"] });

export const metricIdentifierSchema: StructuralSchema = object({
  name: text,
  selector: () => metaV1.labelSelectorSchema,
}, { typeName: "MetricIdentifier", required: ["name"] });

export const metricSpecSchema: StructuralSchema = object({
  containerResource: () => containerResourceMetricSourceSchema,
  external: () => externalMetricSourceSchema,
  object: () => objectMetricSourceSchema,
  pods: () => podsMetricSourceSchema,
  resource: () => resourceMetricSourceSchema,
  type: text,
}, { typeName: "MetricSpec", required: ["type"] });

export const metricStatusSchema: StructuralSchema = object({
  containerResource: () => containerResourceMetricStatusSchema,
  external: () => externalMetricStatusSchema,
  object: () => objectMetricStatusSchema,
  pods: () => podsMetricStatusSchema,
  resource: () => resourceMetricStatusSchema,
  type: text,
}, { typeName: "MetricStatus", required: ["type"] });

export const metricTargetSchema: StructuralSchema = object({
  averageUtilization: int32,
  averageValue: quantity,
  type: text,
  value: quantity,
}, { typeName: "MetricTarget", required: ["type"], keptWhenZero: ["averageUtilization"] });

export const metricValueStatusSchema: StructuralSchema = object({
  averageUtilization: int32,
  averageValue: quantity,
  value: quantity,
}, { typeName: "MetricValueStatus", keptWhenZero: ["averageUtilization"] });

export const objectMetricSourceSchema: StructuralSchema = object({
  describedObject: () => crossVersionObjectReferenceSchema,
  metric: () => metricIdentifierSchema,
  target: () => metricTargetSchema,
}, { typeName: "ObjectMetricSource", required: ["describedObject","target","metric"] });

export const objectMetricStatusSchema: StructuralSchema = object({
  current: () => metricValueStatusSchema,
  describedObject: () => crossVersionObjectReferenceSchema,
  metric: () => metricIdentifierSchema,
}, { typeName: "ObjectMetricStatus", required: ["metric","current","describedObject"] });

export const podsMetricSourceSchema: StructuralSchema = object({
  metric: () => metricIdentifierSchema,
  target: () => metricTargetSchema,
}, { typeName: "PodsMetricSource", required: ["metric","target"] });

export const podsMetricStatusSchema: StructuralSchema = object({
  current: () => metricValueStatusSchema,
  metric: () => metricIdentifierSchema,
}, { typeName: "PodsMetricStatus", required: ["metric","current"] });

export const resourceMetricSourceSchema: StructuralSchema = object({
  name: text,
  target: () => metricTargetSchema,
}, { typeName: "ResourceMetricSource", required: ["name","target"] });

export const resourceMetricStatusSchema: StructuralSchema = object({
  current: () => metricValueStatusSchema,
  name: text,
}, { typeName: "ResourceMetricStatus", required: ["name","current"] });
