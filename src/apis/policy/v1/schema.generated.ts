// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  int32,
  int64,
  intOrString,
  mapListOf,
  mapOf,
  object,
  patched,
  text,
  time,
} from "../../schema-terms.ts";

export const evictionSchema: StructuralSchema = object({
  apiVersion: text,
  deleteOptions: () => metaV1.deleteOptionsSchema,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
}, { typeName: "Eviction", writtenWhenEmpty: ["metadata"] });

export const podDisruptionBudgetSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => podDisruptionBudgetSpecSchema,
  status: () => podDisruptionBudgetStatusSchema,
}, { typeName: "PodDisruptionBudget", writtenWhenEmpty: ["metadata","spec","status"] });

export const podDisruptionBudgetSpecSchema: StructuralSchema = object({
  maxUnavailable: intOrString,
  minAvailable: intOrString,
  selector: patched(() => metaV1.labelSelectorSchema, "replace"),
  unhealthyPodEvictionPolicy: text,
}, { typeName: "PodDisruptionBudgetSpec", keptWhenZero: ["unhealthyPodEvictionPolicy"] });

export const podDisruptionBudgetStatusSchema: StructuralSchema = object({
  conditions: patched(mapListOf(() => metaV1.conditionSchema, ["type"]), "merge", "type"),
  currentHealthy: int32,
  desiredHealthy: int32,
  disruptedPods: mapOf(time),
  disruptionsAllowed: int32,
  expectedPods: int32,
  observedGeneration: int64,
}, { typeName: "PodDisruptionBudgetStatus", writtenWhenEmpty: ["disruptionsAllowed","currentHealthy","desiredHealthy","expectedPods"] });
