// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import { flag, listOf, mapOf, object, text } from "../../schema-terms.ts";

export const fieldSelectorAttributesSchema: StructuralSchema = object({
  rawSelector: text,
  requirements: listOf(() => metaV1.fieldSelectorRequirementSchema),
}, { typeName: "FieldSelectorAttributes" });

export const labelSelectorAttributesSchema: StructuralSchema = object({
  rawSelector: text,
  requirements: listOf(() => metaV1.labelSelectorRequirementSchema),
}, { typeName: "LabelSelectorAttributes" });

export const localSubjectAccessReviewSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => subjectAccessReviewSpecSchema,
  status: () => subjectAccessReviewStatusSchema,
}, { typeName: "LocalSubjectAccessReview", required: ["spec"], writtenWhenEmpty: ["metadata","spec","status"] });

export const nonResourceAttributesSchema: StructuralSchema = object({
  path: text,
  verb: text,
}, { typeName: "NonResourceAttributes" });

export const nonResourceRuleSchema: StructuralSchema = object({
  nonResourceURLs: listOf(text),
  verbs: listOf(text),
}, { typeName: "NonResourceRule", required: ["verbs"] });

export const resourceAttributesSchema: StructuralSchema = object({
  fieldSelector: () => fieldSelectorAttributesSchema,
  group: text,
  labelSelector: () => labelSelectorAttributesSchema,
  name: text,
  namespace: text,
  resource: text,
  subresource: text,
  verb: text,
  version: text,
}, { typeName: "ResourceAttributes" });

export const resourceRuleSchema: StructuralSchema = object({
  apiGroups: listOf(text),
  resourceNames: listOf(text),
  resources: listOf(text),
  verbs: listOf(text),
}, { typeName: "ResourceRule", required: ["verbs"] });

export const selfSubjectAccessReviewSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => selfSubjectAccessReviewSpecSchema,
  status: () => subjectAccessReviewStatusSchema,
}, { typeName: "SelfSubjectAccessReview", required: ["spec"], writtenWhenEmpty: ["metadata","spec","status"] });

export const selfSubjectAccessReviewSpecSchema: StructuralSchema = object({
  nonResourceAttributes: () => nonResourceAttributesSchema,
  resourceAttributes: () => resourceAttributesSchema,
}, { typeName: "SelfSubjectAccessReviewSpec" });

export const selfSubjectRulesReviewSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => selfSubjectRulesReviewSpecSchema,
  status: () => subjectRulesReviewStatusSchema,
}, { typeName: "SelfSubjectRulesReview", required: ["spec"], writtenWhenEmpty: ["metadata","spec","status"] });

export const selfSubjectRulesReviewSpecSchema: StructuralSchema = object({
  namespace: text,
}, { typeName: "SelfSubjectRulesReviewSpec" });

export const subjectAccessReviewSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => subjectAccessReviewSpecSchema,
  status: () => subjectAccessReviewStatusSchema,
}, { typeName: "SubjectAccessReview", required: ["spec"], writtenWhenEmpty: ["metadata","spec","status"] });

export const subjectAccessReviewSpecSchema: StructuralSchema = object({
  extra: mapOf(listOf(text)),
  groups: listOf(text),
  nonResourceAttributes: () => nonResourceAttributesSchema,
  resourceAttributes: () => resourceAttributesSchema,
  uid: text,
  user: text,
}, { typeName: "SubjectAccessReviewSpec" });

export const subjectAccessReviewStatusSchema: StructuralSchema = object({
  allowed: flag,
  denied: flag,
  evaluationError: text,
  reason: text,
}, { typeName: "SubjectAccessReviewStatus", required: ["allowed"] });

export const subjectRulesReviewStatusSchema: StructuralSchema = object({
  evaluationError: text,
  incomplete: flag,
  nonResourceRules: listOf(() => nonResourceRuleSchema),
  resourceRules: listOf(() => resourceRuleSchema),
}, { typeName: "SubjectRulesReviewStatus", required: ["resourceRules","nonResourceRules","incomplete"] });
