// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  anyValue,
  bytes,
  double,
  flag,
  int32,
  int64,
  listOf,
  mapListOf,
  mapOf,
  object,
  patched,
  text,
  time,
  withDefault,
} from "../../schema-terms.ts";

export const customResourceColumnDefinitionSchema: StructuralSchema = object({
  description: text,
  format: text,
  jsonPath: text,
  name: text,
  priority: int32,
  type: text,
}, { typeName: "CustomResourceColumnDefinition", required: ["name","type","jsonPath"] });

export const customResourceConversionSchema: StructuralSchema = object({
  strategy: text,
  webhook: () => webhookConversionSchema,
}, { typeName: "CustomResourceConversion", required: ["strategy"] });

export const customResourceDefinitionSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => customResourceDefinitionSpecSchema,
  status: () => customResourceDefinitionStatusSchema,
}, { typeName: "CustomResourceDefinition", required: ["spec"], writtenWhenEmpty: ["metadata","spec","status"] });

export const customResourceDefinitionConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  message: text,
  observedGeneration: int64,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "CustomResourceDefinitionCondition", required: ["type","status"] });

export const customResourceDefinitionNamesSchema: StructuralSchema = object({
  categories: listOf(text),
  kind: text,
  listKind: text,
  plural: text,
  shortNames: listOf(text),
  singular: text,
}, { typeName: "CustomResourceDefinitionNames", required: ["plural","kind"] });

export const customResourceDefinitionSpecSchema: StructuralSchema = object({
  conversion: () => customResourceConversionSchema,
  group: text,
  names: () => customResourceDefinitionNamesSchema,
  preserveUnknownFields: flag,
  scope: text,
  versions: listOf(() => customResourceDefinitionVersionSchema),
}, { typeName: "CustomResourceDefinitionSpec", required: ["group","names","scope","versions"] });

export const customResourceDefinitionStatusSchema: StructuralSchema = object({
  acceptedNames: () => customResourceDefinitionNamesSchema,
  conditions: mapListOf(() => customResourceDefinitionConditionSchema, ["type"]),
  observedGeneration: int64,
  storedVersions: listOf(text),
}, { typeName: "CustomResourceDefinitionStatus" });

export const customResourceDefinitionVersionSchema: StructuralSchema = object({
  additionalPrinterColumns: listOf(() => customResourceColumnDefinitionSchema),
  deprecated: flag,
  deprecationWarning: text,
  name: text,
  schema: () => customResourceValidationSchema,
  selectableFields: listOf(() => selectableFieldSchema),
  served: flag,
  storage: flag,
  subresources: () => customResourceSubresourcesSchema,
}, { typeName: "CustomResourceDefinitionVersion", required: ["name","served","storage"], keptWhenZero: ["deprecationWarning"] });

export const customResourceSubresourceScaleSchema: StructuralSchema = object({
  labelSelectorPath: text,
  specReplicasPath: text,
  statusReplicasPath: text,
}, { typeName: "CustomResourceSubresourceScale", required: ["specReplicasPath","statusReplicasPath"], keptWhenZero: ["labelSelectorPath"] });

export const customResourceSubresourceStatusSchema: StructuralSchema = object({}, { typeName: "CustomResourceSubresourceStatus" });

export const customResourceSubresourcesSchema: StructuralSchema = object({
  scale: () => customResourceSubresourceScaleSchema,
  status: () => customResourceSubresourceStatusSchema,
}, { typeName: "CustomResourceSubresources" });

export const customResourceValidationSchema: StructuralSchema = object({
  openAPIV3Schema: () => jsonSchemaPropsSchema,
}, { typeName: "CustomResourceValidation" });

export const externalDocumentationSchema: StructuralSchema = object({
  description: text,
  url: text,
}, { typeName: "ExternalDocumentation" });

export const jsonSchemaPropsSchema: StructuralSchema = object({
  "$ref": text,
  "$schema": text,
  additionalItems: anyValue,
  additionalProperties: anyValue,
  allOf: listOf(() => jsonSchemaPropsSchema),
  anyOf: listOf(() => jsonSchemaPropsSchema),
  default: anyValue,
  definitions: mapOf(() => jsonSchemaPropsSchema),
  dependencies: mapOf(anyValue),
  description: text,
  enum: listOf(anyValue),
  example: anyValue,
  exclusiveMaximum: flag,
  exclusiveMinimum: flag,
  externalDocs: () => externalDocumentationSchema,
  format: text,
  id: text,
  items: anyValue,
  maxItems: int64,
  maxLength: int64,
  maxProperties: int64,
  maximum: double,
  minItems: int64,
  minLength: int64,
  minProperties: int64,
  minimum: double,
  multipleOf: double,
  not: () => jsonSchemaPropsSchema,
  nullable: flag,
  oneOf: listOf(() => jsonSchemaPropsSchema),
  pattern: text,
  patternProperties: mapOf(() => jsonSchemaPropsSchema),
  properties: mapOf(() => jsonSchemaPropsSchema),
  required: listOf(text),
  title: text,
  type: text,
  uniqueItems: flag,
  "x-kubernetes-embedded-resource": flag,
  "x-kubernetes-int-or-string": flag,
  "x-kubernetes-list-map-keys": listOf(text),
  "x-kubernetes-list-type": text,
  "x-kubernetes-map-type": text,
  "x-kubernetes-preserve-unknown-fields": flag,
  "x-kubernetes-validations": patched(mapListOf(() => validationRuleSchema, ["rule"]), "merge", "rule"),
}, { typeName: "JSONSchemaProps", keptWhenZero: ["$ref","maxItems","maxLength","maxProperties","maximum","minItems","minLength","minProperties","minimum","multipleOf","x-kubernetes-list-type","x-kubernetes-map-type","x-kubernetes-preserve-unknown-fields"] });

export const selectableFieldSchema: StructuralSchema = object({
  jsonPath: text,
}, { typeName: "SelectableField", required: ["jsonPath"] });

export const serviceReferenceSchema: StructuralSchema = object({
  name: text,
  namespace: text,
  path: text,
  port: int32,
}, { typeName: "ServiceReference", required: ["namespace","name"], keptWhenZero: ["path","port"] });

export const validationRuleSchema: StructuralSchema = object({
  fieldPath: text,
  message: text,
  messageExpression: text,
  optionalOldSelf: flag,
  reason: text,
  rule: withDefault(text, ""),
}, { typeName: "ValidationRule", required: ["rule"], keptWhenZero: ["optionalOldSelf","reason"] });

export const webhookClientConfigSchema: StructuralSchema = object({
  caBundle: bytes,
  service: () => serviceReferenceSchema,
  url: text,
}, { typeName: "WebhookClientConfig", keptWhenZero: ["url"] });

export const webhookConversionSchema: StructuralSchema = object({
  clientConfig: () => webhookClientConfigSchema,
  conversionReviewVersions: listOf(text),
}, { typeName: "WebhookConversion", required: ["conversionReviewVersions"] });
