// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  bytes,
  int32,
  int64,
  listOf,
  mapListOf,
  object,
  patched,
  setOf,
  text,
  withDefault,
} from "../../schema-terms.ts";

export const applyConfigurationSchema: StructuralSchema = object({
  expression: text,
}, { typeName: "ApplyConfiguration" });

export const auditAnnotationSchema: StructuralSchema = object({
  key: text,
  valueExpression: text,
}, { typeName: "AuditAnnotation", required: ["key","valueExpression"] });

export const expressionWarningSchema: StructuralSchema = object({
  fieldRef: text,
  warning: text,
}, { typeName: "ExpressionWarning", required: ["fieldRef","warning"] });

export const jsonPatchSchema: StructuralSchema = object({
  expression: text,
}, { typeName: "JSONPatch" });

export const matchConditionSchema: StructuralSchema = object({
  expression: text,
  name: withDefault(text, ""),
}, { typeName: "MatchCondition", required: ["name","expression"] });

export const matchResourcesSchema: StructuralSchema = object({
  excludeResourceRules: listOf(() => namedRuleWithOperationsSchema),
  matchPolicy: text,
  namespaceSelector: () => metaV1.labelSelectorSchema,
  objectSelector: () => metaV1.labelSelectorSchema,
  resourceRules: listOf(() => namedRuleWithOperationsSchema),
}, { typeName: "MatchResources", keptWhenZero: ["matchPolicy"], mapType: "atomic" });

export const mutatingAdmissionPolicySchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => mutatingAdmissionPolicySpecSchema,
}, { typeName: "MutatingAdmissionPolicy", writtenWhenEmpty: ["metadata","spec"] });

export const mutatingAdmissionPolicyBindingSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => mutatingAdmissionPolicyBindingSpecSchema,
}, { typeName: "MutatingAdmissionPolicyBinding", writtenWhenEmpty: ["metadata","spec"] });

export const mutatingAdmissionPolicyBindingSpecSchema: StructuralSchema = object({
  matchResources: () => matchResourcesSchema,
  paramRef: () => paramRefSchema,
  policyName: text,
}, { typeName: "MutatingAdmissionPolicyBindingSpec" });

export const mutatingAdmissionPolicySpecSchema: StructuralSchema = object({
  failurePolicy: text,
  matchConditions: patched(mapListOf(() => matchConditionSchema, ["name"]), "merge", "name"),
  matchConstraints: () => matchResourcesSchema,
  mutations: listOf(() => mutationSchema),
  paramKind: () => paramKindSchema,
  reinvocationPolicy: text,
  variables: listOf(() => variableSchema),
}, { typeName: "MutatingAdmissionPolicySpec", keptWhenZero: ["failurePolicy"] });

export const mutatingWebhookSchema: StructuralSchema = object({
  admissionReviewVersions: listOf(text),
  clientConfig: () => webhookClientConfigSchema,
  failurePolicy: text,
  matchConditions: patched(mapListOf(() => matchConditionSchema, ["name"]), "merge", "name"),
  matchPolicy: text,
  name: withDefault(text, ""),
  namespaceSelector: () => metaV1.labelSelectorSchema,
  objectSelector: () => metaV1.labelSelectorSchema,
  reinvocationPolicy: text,
  rules: listOf(() => ruleWithOperationsSchema),
  sideEffects: text,
  timeoutSeconds: int32,
}, { typeName: "MutatingWebhook", required: ["name","clientConfig","sideEffects","admissionReviewVersions"], keptWhenZero: ["failurePolicy","matchPolicy","reinvocationPolicy","timeoutSeconds"] });

export const mutatingWebhookConfigurationSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  webhooks: patched(mapListOf(() => mutatingWebhookSchema, ["name"]), "merge", "name"),
}, { typeName: "MutatingWebhookConfiguration", writtenWhenEmpty: ["metadata"] });

export const mutationSchema: StructuralSchema = object({
  applyConfiguration: () => applyConfigurationSchema,
  jsonPatch: () => jsonPatchSchema,
  patchType: text,
}, { typeName: "Mutation", required: ["patchType"] });

export const namedRuleWithOperationsSchema: StructuralSchema = object({
  apiGroups: listOf(text),
  apiVersions: listOf(text),
  operations: listOf(text),
  resourceNames: listOf(text),
  resources: listOf(text),
  scope: text,
}, { typeName: "NamedRuleWithOperations", keptWhenZero: ["scope"], mapType: "atomic" });

export const paramKindSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
}, { typeName: "ParamKind", mapType: "atomic" });

export const paramRefSchema: StructuralSchema = object({
  name: text,
  namespace: text,
  parameterNotFoundAction: text,
  selector: () => metaV1.labelSelectorSchema,
}, { typeName: "ParamRef", keptWhenZero: ["parameterNotFoundAction"], mapType: "atomic" });

export const ruleWithOperationsSchema: StructuralSchema = object({
  apiGroups: listOf(text),
  apiVersions: listOf(text),
  operations: listOf(text),
  resources: listOf(text),
  scope: text,
}, { typeName: "RuleWithOperations", keptWhenZero: ["scope"] });

export const serviceReferenceSchema: StructuralSchema = object({
  name: text,
  namespace: text,
  path: text,
  port: int32,
}, { typeName: "ServiceReference", required: ["namespace","name"], keptWhenZero: ["path","port"] });

export const typeCheckingSchema: StructuralSchema = object({
  expressionWarnings: listOf(() => expressionWarningSchema),
}, { typeName: "TypeChecking" });

export const validatingAdmissionPolicySchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => validatingAdmissionPolicySpecSchema,
  status: () => validatingAdmissionPolicyStatusSchema,
}, { typeName: "ValidatingAdmissionPolicy", writtenWhenEmpty: ["metadata","spec","status"] });

export const validatingAdmissionPolicyBindingSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => validatingAdmissionPolicyBindingSpecSchema,
}, { typeName: "ValidatingAdmissionPolicyBinding", required: ["spec"], writtenWhenEmpty: ["metadata","spec"] });

export const validatingAdmissionPolicyBindingSpecSchema: StructuralSchema = object({
  matchResources: () => matchResourcesSchema,
  paramRef: () => paramRefSchema,
  policyName: text,
  validationActions: setOf(text),
}, { typeName: "ValidatingAdmissionPolicyBindingSpec", required: ["policyName","validationActions"] });

export const validatingAdmissionPolicySpecSchema: StructuralSchema = object({
  auditAnnotations: listOf(() => auditAnnotationSchema),
  failurePolicy: text,
  matchConditions: patched(mapListOf(() => matchConditionSchema, ["name"]), "merge", "name"),
  matchConstraints: () => matchResourcesSchema,
  paramKind: () => paramKindSchema,
  validations: listOf(() => validationSchema),
  variables: patched(mapListOf(() => variableSchema, ["name"]), "merge", "name"),
}, { typeName: "ValidatingAdmissionPolicySpec", keptWhenZero: ["failurePolicy"] });

export const validatingAdmissionPolicyStatusSchema: StructuralSchema = object({
  conditions: mapListOf(() => metaV1.conditionSchema, ["type"]),
  observedGeneration: int64,
  typeChecking: () => typeCheckingSchema,
}, { typeName: "ValidatingAdmissionPolicyStatus" });

export const validatingWebhookSchema: StructuralSchema = object({
  admissionReviewVersions: listOf(text),
  clientConfig: () => webhookClientConfigSchema,
  failurePolicy: text,
  matchConditions: patched(mapListOf(() => matchConditionSchema, ["name"]), "merge", "name"),
  matchPolicy: text,
  name: withDefault(text, ""),
  namespaceSelector: () => metaV1.labelSelectorSchema,
  objectSelector: () => metaV1.labelSelectorSchema,
  rules: listOf(() => ruleWithOperationsSchema),
  sideEffects: text,
  timeoutSeconds: int32,
}, { typeName: "ValidatingWebhook", required: ["name","clientConfig","sideEffects","admissionReviewVersions"], keptWhenZero: ["failurePolicy","matchPolicy","timeoutSeconds"] });

export const validatingWebhookConfigurationSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  webhooks: patched(mapListOf(() => validatingWebhookSchema, ["name"]), "merge", "name"),
}, { typeName: "ValidatingWebhookConfiguration", writtenWhenEmpty: ["metadata"] });

export const validationSchema: StructuralSchema = object({
  expression: text,
  message: text,
  messageExpression: text,
  reason: text,
}, { typeName: "Validation", required: ["expression"], keptWhenZero: ["reason"] });

export const variableSchema: StructuralSchema = object({
  expression: text,
  name: withDefault(text, ""),
}, { typeName: "Variable", required: ["name","expression"], mapType: "atomic" });

export const webhookClientConfigSchema: StructuralSchema = object({
  caBundle: bytes,
  service: () => serviceReferenceSchema,
  url: text,
}, { typeName: "WebhookClientConfig", keptWhenZero: ["url"] });
