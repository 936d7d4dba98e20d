// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  flag,
  int32,
  listOf,
  mapListOf,
  object,
  patched,
  setOf,
  text,
  time,
} from "../../schema-terms.ts";

export const exemptPriorityLevelConfigurationSchema: StructuralSchema = object({
  lendablePercent: int32,
  nominalConcurrencyShares: int32,
}, { typeName: "ExemptPriorityLevelConfiguration", keptWhenZero: ["lendablePercent","nominalConcurrencyShares"] });

export const flowDistinguisherMethodSchema: StructuralSchema = object({
  type: text,
}, { typeName: "FlowDistinguisherMethod", required: ["type"] });

export const flowSchemaSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => flowSchemaSpecSchema,
  status: () => flowSchemaStatusSchema,
}, { typeName: "FlowSchema", writtenWhenEmpty: ["metadata","spec","status"] });

export const flowSchemaConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: text,
}, { typeName: "FlowSchemaCondition", writtenWhenEmpty: ["lastTransitionTime"] });

export const flowSchemaSpecSchema: StructuralSchema = object({
  distinguisherMethod: () => flowDistinguisherMethodSchema,
  matchingPrecedence: int32,
  priorityLevelConfiguration: () => priorityLevelConfigurationReferenceSchema,
  rules: listOf(() => policyRulesWithSubjectsSchema),
}, { typeName: "FlowSchemaSpec", required: ["priorityLevelConfiguration"], writtenWhenEmpty: ["matchingPrecedence"] });

export const flowSchemaStatusSchema: StructuralSchema = object({
  conditions: patched(mapListOf(() => flowSchemaConditionSchema, ["type"]), "merge", "type"),
}, { typeName: "FlowSchemaStatus" });

export const groupSubjectSchema: StructuralSchema = object({
  name: text,
}, { typeName: "GroupSubject", required: ["name"] });

export const limitResponseSchema: StructuralSchema = object({
  queuing: () => queuingConfigurationSchema,
  type: text,
}, { typeName: "LimitResponse", required: ["type"] });

export const limitedPriorityLevelConfigurationSchema: StructuralSchema = object({
  borrowingLimitPercent: int32,
  lendablePercent: int32,
  limitResponse: () => limitResponseSchema,
  nominalConcurrencyShares: int32,
}, { typeName: "LimitedPriorityLevelConfiguration", writtenWhenEmpty: ["limitResponse"], keptWhenZero: ["borrowingLimitPercent","lendablePercent","nominalConcurrencyShares"] });

export const nonResourcePolicyRuleSchema: StructuralSchema = object({
  nonResourceURLs: setOf(text),
  verbs: setOf(text),
}, { typeName: "NonResourcePolicyRule", required: ["verbs","nonResourceURLs"] });

export const policyRulesWithSubjectsSchema: StructuralSchema = object({
  nonResourceRules: listOf(() => nonResourcePolicyRuleSchema),
  resourceRules: listOf(() => resourcePolicyRuleSchema),
  subjects: listOf(() => subjectSchema),
}, { typeName: "PolicyRulesWithSubjects", required: ["subjects"] });

export const priorityLevelConfigurationSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => priorityLevelConfigurationSpecSchema,
  status: () => priorityLevelConfigurationStatusSchema,
}, { typeName: "PriorityLevelConfiguration", writtenWhenEmpty: ["metadata","spec","status"] });

export const priorityLevelConfigurationConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: text,
}, { typeName: "PriorityLevelConfigurationCondition", writtenWhenEmpty: ["lastTransitionTime"] });

export const priorityLevelConfigurationReferenceSchema: StructuralSchema = object({
  name: text,
}, { typeName: "PriorityLevelConfigurationReference", required: ["name"] });

export const priorityLevelConfigurationSpecSchema: StructuralSchema = object({
  exempt: () => exemptPriorityLevelConfigurationSchema,
  limited: () => limitedPriorityLevelConfigurationSchema,
  type: text,
}, { typeName: "PriorityLevelConfigurationSpec", required: ["type"] });

export const priorityLevelConfigurationStatusSchema: StructuralSchema = object({
  conditions: patched(mapListOf(() => priorityLevelConfigurationConditionSchema, ["type"]), "merge", "type"),
}, { typeName: "PriorityLevelConfigurationStatus" });

export const queuingConfigurationSchema: StructuralSchema = object({
  handSize: int32,
  queueLengthLimit: int32,
  queues: int32,
}, { typeName: "QueuingConfiguration", writtenWhenEmpty: ["queues","handSize","queueLengthLimit"] });

export const resourcePolicyRuleSchema: StructuralSchema = object({
  apiGroups: setOf(text),
  clusterScope: flag,
  namespaces: setOf(text),
  resources: setOf(text),
  verbs: setOf(text),
}, { typeName: "ResourcePolicyRule", required: ["verbs","apiGroups","resources"], writtenWhenEmpty: ["namespaces"] });

export const serviceAccountSubjectSchema: StructuralSchema = object({
  name: text,
  namespace: text,
}, { typeName: "ServiceAccountSubject", required: ["namespace","name"] });

export const subjectSchema: StructuralSchema = object({
  group: () => groupSubjectSchema,
  kind: text,
  serviceAccount: () => serviceAccountSubjectSchema,
  user: () => userSubjectSchema,
}, { typeName: "Subject", required: ["kind"] });

export const userSubjectSchema: StructuralSchema = object({
  name: text,
}, { typeName: "UserSubject", required: ["name"] });
