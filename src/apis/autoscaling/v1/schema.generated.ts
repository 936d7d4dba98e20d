// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import { int32, object, text } from "../../schema-terms.ts";

export const scaleSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => scaleSpecSchema,
  status: () => scaleStatusSchema,
}, { typeName: "Scale" });

export const scaleSpecSchema: StructuralSchema = object({
  replicas: int32,
}, { typeName: "ScaleSpec" });

export const scaleStatusSchema: StructuralSchema = object({
  replicas: int32,
  selector: text,
}, { typeName: "ScaleStatus", required: ["replicas"] });
