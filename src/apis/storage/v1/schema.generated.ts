// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as coreV1 from "../../core/v1/schema.generated.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  flag,
  int32,
  int64,
  listOf,
  mapListOf,
  mapOf,
  object,
  patched,
  quantity,
  setOf,
  text,
  time,
  withDefault,
} from "../../schema-terms.ts";

export const csiDriverSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => csiDriverSpecSchema,
}, { typeName: "CSIDriver", required: ["spec"], writtenWhenEmpty: ["metadata","spec"] });

export const csiDriverSpecSchema: StructuralSchema = object({
  attachRequired: flag,
  fsGroupPolicy: text,
  nodeAllocatableUpdatePeriodSeconds: int64,
  podInfoOnMount: flag,
  preventPodSchedulingIfMissing: flag,
  requiresRepublish: flag,
  seLinuxMount: flag,
  serviceAccountTokenInSecrets: flag,
  storageCapacity: flag,
  tokenRequests: listOf(() => tokenRequestSchema),
  volumeLifecycleModes: setOf(text),
}, { typeName: "CSIDriverSpec", keptWhenZero: ["attachRequired","fsGroupPolicy","nodeAllocatableUpdatePeriodSeconds","podInfoOnMount","preventPodSchedulingIfMissing","requiresRepublish","seLinuxMount","serviceAccountTokenInSecrets","storageCapacity"] });

export const csiNodeSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => csiNodeSpecSchema,
}, { typeName: "CSINode", required: ["spec"], writtenWhenEmpty: ["metadata","spec"] });

export const csiNodeDriverSchema: StructuralSchema = object({
  allocatable: () => volumeNodeResourcesSchema,
  name: withDefault(text, ""),
  nodeID: text,
  topologyKeys: listOf(text),
}, { typeName: "CSINodeDriver", required: ["name","nodeID"], writtenWhenEmpty: ["topologyKeys"] });

export const csiNodeSpecSchema: StructuralSchema = object({
  drivers: patched(mapListOf(() => csiNodeDriverSchema, ["name"]), "merge", "name"),
}, { typeName: "CSINodeSpec", required: ["drivers"] });

export const csiStorageCapacitySchema: StructuralSchema = object({
  apiVersion: text,
  capacity: quantity,
  kind: text,
  maximumVolumeSize: quantity,
  metadata: () => metaV1.objectMetaSchema,
  nodeTopology: () => metaV1.labelSelectorSchema,
  storageClassName: text,
}, { typeName: "CSIStorageCapacity", required: ["storageClassName"], writtenWhenEmpty: ["metadata"] });

export const storageClassSchema: StructuralSchema = object({
  allowVolumeExpansion: flag,
  allowedTopologies: listOf(() => coreV1.topologySelectorTermSchema),
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  mountOptions: listOf(text),
  parameters: mapOf(text),
  provisioner: text,
  reclaimPolicy: text,
  volumeBindingMode: text,
}, { typeName: "StorageClass", required: ["provisioner"], writtenWhenEmpty: ["metadata"], keptWhenZero: ["allowVolumeExpansion","reclaimPolicy","volumeBindingMode"] });

export const tokenRequestSchema: StructuralSchema = object({
  audience: text,
  expirationSeconds: int64,
}, { typeName: "TokenRequest", required: ["audience"], keptWhenZero: ["expirationSeconds"] });

export const volumeAttachmentSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => volumeAttachmentSpecSchema,
  status: () => volumeAttachmentStatusSchema,
}, { typeName: "VolumeAttachment", required: ["spec"], writtenWhenEmpty: ["metadata","spec","status"] });

export const volumeAttachmentSourceSchema: StructuralSchema = object({
  inlineVolumeSpec: () => coreV1.persistentVolumeSpecSchema,
  persistentVolumeName: text,
}, { typeName: "VolumeAttachmentSource", keptWhenZero: ["persistentVolumeName"] });

export const volumeAttachmentSpecSchema: StructuralSchema = object({
  attacher: text,
  nodeName: text,
  source: () => volumeAttachmentSourceSchema,
}, { typeName: "VolumeAttachmentSpec", required: ["attacher","source","nodeName"] });

export const volumeAttachmentStatusSchema: StructuralSchema = object({
  attachError: () => volumeErrorSchema,
  attached: flag,
  attachmentMetadata: mapOf(text),
  detachError: () => volumeErrorSchema,
}, { typeName: "VolumeAttachmentStatus", required: ["attached"] });

export const volumeAttributesClassSchema: StructuralSchema = object({
  apiVersion: text,
  driverName: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  parameters: mapOf(text),
}, { typeName: "VolumeAttributesClass", required: ["driverName"], writtenWhenEmpty: ["metadata"] });

export const volumeErrorSchema: StructuralSchema = object({
  errorCode: int32,
  message: text,
  time: time,
}, { typeName: "VolumeError", writtenWhenEmpty: ["time"], keptWhenZero: ["errorCode"] });

export const volumeNodeResourcesSchema: StructuralSchema = object({
  count: int32,
}, { typeName: "VolumeNodeResources", keptWhenZero: ["count"] });
