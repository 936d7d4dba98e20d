// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as coreV1 from "../../core/v1/schema.generated.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import { listOf, mapOf, object, owned, quantity, text } from "../../schema-terms.ts";

export const overheadSchema: StructuralSchema = object({
  podFixed: mapOf(quantity),
}, { typeName: "Overhead" });

export const runtimeClassSchema: StructuralSchema = object({
  apiVersion: text,
  handler: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  overhead: () => overheadSchema,
  scheduling: () => schedulingSchema,
}, { typeName: "RuntimeClass", required: ["handler"], writtenWhenEmpty: ["metadata"] });

export const schedulingSchema: StructuralSchema = object({
  nodeSelector: owned(mapOf(text), "atomic"),
  tolerations: listOf(() => coreV1.tolerationSchema),
}, { typeName: "Scheduling" });
