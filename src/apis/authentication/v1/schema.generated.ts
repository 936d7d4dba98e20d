// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import { flag, int64, listOf, mapOf, object, text, time } from "../../schema-terms.ts";

export const boundObjectReferenceSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  name: text,
  uid: text,
}, { typeName: "BoundObjectReference" });

export const selfSubjectReviewSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  status: () => selfSubjectReviewStatusSchema,
}, { typeName: "SelfSubjectReview", writtenWhenEmpty: ["metadata","status"] });

export const selfSubjectReviewStatusSchema: StructuralSchema = object({
  userInfo: () => userInfoSchema,
}, { typeName: "SelfSubjectReviewStatus", writtenWhenEmpty: ["userInfo"] });

export const tokenRequestSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => tokenRequestSpecSchema,
  status: () => tokenRequestStatusSchema,
}, { typeName: "TokenRequest", writtenWhenEmpty: ["metadata","spec","status"] });

export const tokenRequestSpecSchema: StructuralSchema = object({
  audiences: listOf(text),
  boundObjectRef: () => boundObjectReferenceSchema,
  expirationSeconds: int64,
}, { typeName: "TokenRequestSpec", writtenWhenEmpty: ["audiences"], keptWhenZero: ["expirationSeconds"] });

export const tokenRequestStatusSchema: StructuralSchema = object({
  expirationTimestamp: time,
  token: text,
}, { typeName: "TokenRequestStatus", writtenWhenEmpty: ["token","expirationTimestamp"] });

export const tokenReviewSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => tokenReviewSpecSchema,
  status: () => tokenReviewStatusSchema,
}, { typeName: "TokenReview", required: ["spec"], writtenWhenEmpty: ["metadata","spec","status"] });

export const tokenReviewSpecSchema: StructuralSchema = object({
  audiences: listOf(text),
  token: text,
}, { typeName: "TokenReviewSpec", required: ["token"] });

export const tokenReviewStatusSchema: StructuralSchema = object({
  audiences: listOf(text),
  authenticated: flag,
  error: text,
  user: () => userInfoSchema,
}, { typeName: "TokenReviewStatus", writtenWhenEmpty: ["user"] });

export const userInfoSchema: StructuralSchema = object({
  extra: mapOf(listOf(text)),
  groups: listOf(text),
  uid: text,
  username: text,
}, { typeName: "UserInfo" });
