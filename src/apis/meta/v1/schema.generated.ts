// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import {
  anyObject,
  flag,
  int64,
  listOf,
  mapListOf,
  mapOf,
  object,
  patched,
  setOf,
  text,
  time,
  withDefault,
} from "../../schema-terms.ts";

export const conditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  message: text,
  observedGeneration: int64,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "Condition", required: ["type","status","lastTransitionTime","reason","message"] });

export const deleteOptionsSchema: StructuralSchema = object({
  apiVersion: text,
  dryRun: listOf(text),
  gracePeriodSeconds: int64,
  ignoreStoreReadErrorWithClusterBreakingPotential: flag,
  kind: text,
  orphanDependents: flag,
  preconditions: () => preconditionsSchema,
  propagationPolicy: text,
}, { typeName: "DeleteOptions", keptWhenZero: ["gracePeriodSeconds","ignoreStoreReadErrorWithClusterBreakingPotential","orphanDependents","propagationPolicy"] });

export const fieldSelectorRequirementSchema: StructuralSchema = object({
  key: text,
  operator: text,
  values: listOf(text),
}, { typeName: "FieldSelectorRequirement", required: ["key","operator"] });

export const labelSelectorSchema: StructuralSchema = object({
  matchExpressions: listOf(() => labelSelectorRequirementSchema),
  matchLabels: mapOf(text),
}, { typeName: "LabelSelector", mapType: "atomic" });

export const labelSelectorRequirementSchema: StructuralSchema = object({
  key: text,
  operator: text,
  values: listOf(text),
}, { typeName: "LabelSelectorRequirement", required: ["key","operator"] });

export const managedFieldsEntrySchema: StructuralSchema = object({
  apiVersion: text,
  fieldsType: text,
  fieldsV1: anyObject,
  manager: text,
  operation: text,
  subresource: text,
  time: time,
}, { typeName: "ManagedFieldsEntry" });

export const objectMetaSchema: StructuralSchema = object({
  annotations: mapOf(text),
  creationTimestamp: time,
  deletionGracePeriodSeconds: int64,
  deletionTimestamp: time,
  finalizers: patched(setOf(text), "merge"),
  generateName: text,
  generation: int64,
  labels: mapOf(text),
  managedFields: listOf(() => managedFieldsEntrySchema),
  name: text,
  namespace: text,
  ownerReferences: patched(mapListOf(() => ownerReferenceSchema, ["uid"]), "merge", "uid"),
  resourceVersion: text,
  selfLink: text,
  uid: text,
}, { typeName: "ObjectMeta", keptWhenZero: ["deletionGracePeriodSeconds"] });

export const ownerReferenceSchema: StructuralSchema = object({
  apiVersion: text,
  blockOwnerDeletion: flag,
  controller: flag,
  kind: text,
  name: text,
  uid: withDefault(text, ""),
}, { typeName: "OwnerReference", required: ["apiVersion","kind","name","uid"], keptWhenZero: ["blockOwnerDeletion","controller"], mapType: "atomic" });

export const preconditionsSchema: StructuralSchema = object({
  resourceVersion: text,
  uid: text,
}, { typeName: "Preconditions", keptWhenZero: ["resourceVersion","uid"] });
