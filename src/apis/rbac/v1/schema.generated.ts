// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import { listOf, object, text } from "../../schema-terms.ts";

export const aggregationRuleSchema: StructuralSchema = object({
  clusterRoleSelectors: listOf(() => metaV1.labelSelectorSchema),
}, { typeName: "AggregationRule" });

export const clusterRoleSchema: StructuralSchema = object({
  aggregationRule: () => aggregationRuleSchema,
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  rules: listOf(() => policyRuleSchema),
}, { typeName: "ClusterRole", writtenWhenEmpty: ["metadata","rules"] });

export const clusterRoleBindingSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  roleRef: () => roleRefSchema,
  subjects: listOf(() => subjectSchema),
}, { typeName: "ClusterRoleBinding", required: ["roleRef"], writtenWhenEmpty: ["metadata"] });

export const policyRuleSchema: StructuralSchema = object({
  apiGroups: listOf(text),
  nonResourceURLs: listOf(text),
  resourceNames: listOf(text),
  resources: listOf(text),
  verbs: listOf(text),
}, { typeName: "PolicyRule", required: ["verbs"] });

export const roleSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  rules: listOf(() => policyRuleSchema),
}, { typeName: "Role", writtenWhenEmpty: ["metadata","rules"] });

export const roleBindingSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  roleRef: () => roleRefSchema,
  subjects: listOf(() => subjectSchema),
}, { typeName: "RoleBinding", required: ["roleRef"], writtenWhenEmpty: ["metadata"] });

export const roleRefSchema: StructuralSchema = object({
  apiGroup: text,
  kind: text,
  name: text,
}, { typeName: "RoleRef", required: ["kind","name"], writtenWhenEmpty: ["apiGroup"], mapType: "atomic" });

export const subjectSchema: StructuralSchema = object({
  apiGroup: text,
  kind: text,
  name: text,
  namespace: text,
}, { typeName: "Subject", required: ["kind","name"], mapType: "atomic" });
