// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  bytes,
  flag,
  int32,
  mapListOf,
  object,
  patched,
  text,
  time,
  withDefault,
} from "../../schema-terms.ts";

export const apiServiceSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => apiServiceSpecSchema,
  status: () => apiServiceStatusSchema,
}, { typeName: "APIService", writtenWhenEmpty: ["metadata","spec","status"] });

export const apiServiceConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "APIServiceCondition", required: ["type","status"] });

export const apiServiceSpecSchema: StructuralSchema = object({
  caBundle: bytes,
  group: text,
  groupPriorityMinimum: int32,
  insecureSkipTLSVerify: flag,
  service: () => serviceReferenceSchema,
  version: text,
  versionPriority: int32,
}, { typeName: "APIServiceSpec", required: ["groupPriorityMinimum","versionPriority"] });

export const apiServiceStatusSchema: StructuralSchema = object({
  conditions: patched(mapListOf(() => apiServiceConditionSchema, ["type"]), "merge", "type"),
}, { typeName: "APIServiceStatus" });

export const serviceReferenceSchema: StructuralSchema = object({
  name: text,
  namespace: text,
  port: int32,
}, { typeName: "ServiceReference", keptWhenZero: ["port"] });
