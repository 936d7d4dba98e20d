// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  bytes,
  int32,
  listOf,
  mapListOf,
  mapOf,
  object,
  text,
  time,
  withDefault,
} from "../../schema-terms.ts";

export const certificateSigningRequestSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => certificateSigningRequestSpecSchema,
  status: () => certificateSigningRequestStatusSchema,
}, { typeName: "CertificateSigningRequest", required: ["spec"], writtenWhenEmpty: ["metadata","spec","status"] });

export const certificateSigningRequestConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  lastUpdateTime: time,
  message: text,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "CertificateSigningRequestCondition", required: ["type","status"], writtenWhenEmpty: ["lastUpdateTime","lastTransitionTime"] });

export const certificateSigningRequestSpecSchema: StructuralSchema = object({
  expirationSeconds: int32,
  extra: mapOf(listOf(text)),
  groups: listOf(text),
  request: bytes,
  signerName: text,
  uid: text,
  usages: listOf(text),
  username: text,
}, { typeName: "CertificateSigningRequestSpec", required: ["request","signerName"], keptWhenZero: ["expirationSeconds"] });

export const certificateSigningRequestStatusSchema: StructuralSchema = object({
  certificate: bytes,
  conditions: mapListOf(() => certificateSigningRequestConditionSchema, ["type"]),
}, { typeName: "CertificateSigningRequestStatus" });
