// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import { int32, int64, object, text, time } from "../../schema-terms.ts";

export const crossVersionObjectReferenceSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  name: text,
}, { typeName: "CrossVersionObjectReference", required: ["kind","name"], mapType: "atomic" });

export const horizontalPodAutoscalerSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => horizontalPodAutoscalerSpecSchema,
  status: () => horizontalPodAutoscalerStatusSchema,
}, { typeName: "HorizontalPodAutoscaler", required: ["spec"], writtenWhenEmpty: ["metadata","spec","status"] });

export const horizontalPodAutoscalerSpecSchema: StructuralSchema = object({
  maxReplicas: int32,
  minReplicas: int32,
  scaleTargetRef: () => crossVersionObjectReferenceSchema,
  targetCPUUtilizationPercentage: int32,
}, { typeName: "HorizontalPodAutoscalerSpec", required: ["scaleTargetRef","maxReplicas"], keptWhenZero: ["minReplicas","targetCPUUtilizationPercentage"] });

export const horizontalPodAutoscalerStatusSchema: StructuralSchema = object({
  currentCPUUtilizationPercentage: int32,
  currentReplicas: int32,
  desiredReplicas: int32,
  lastScaleTime: time,
  observedGeneration: int64,
}, { typeName: "HorizontalPodAutoscalerStatus", required: ["currentReplicas","desiredReplicas"], keptWhenZero: ["currentCPUUtilizationPercentage","observedGeneration"] });

export const scaleSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => scaleSpecSchema,
  status: () => scaleStatusSchema,
}, { typeName: "Scale", writtenWhenEmpty: ["metadata","spec","status"] });

export const scaleSpecSchema: StructuralSchema = object({
  replicas: int32,
}, { typeName: "ScaleSpec" });

export const scaleStatusSchema: StructuralSchema = object({
  replicas: int32,
  selector: text,
}, { typeName: "ScaleStatus", required: ["replicas"] });
