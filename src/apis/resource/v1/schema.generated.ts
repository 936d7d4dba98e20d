// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as coreV1 from "../../core/v1/schema.generated.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  flag,
  int64,
  listOf,
  mapListOf,
  mapOf,
  object,
  patched,
  quantity,
  text,
  time,
  wholeObject,
  withDefault,
} from "../../schema-terms.ts";

export const allocatedDeviceStatusSchema: StructuralSchema = object({
  conditions: mapListOf(() => metaV1.conditionSchema, ["type"]),
  data: wholeObject,
  device: withDefault(text, ""),
  driver: withDefault(text, ""),
  networkData: () => networkDeviceDataSchema,
  pool: withDefault(text, ""),
  shareID: text,
}, { typeName: "AllocatedDeviceStatus", required: ["driver","pool","device"], writtenWhenEmpty: ["conditions"], keptWhenZero: ["shareID"] });

export const allocationResultSchema: StructuralSchema = object({
  allocationTimestamp: time,
  devices: () => deviceAllocationResultSchema,
  nodeSelector: () => coreV1.nodeSelectorSchema,
}, { typeName: "AllocationResult", writtenWhenEmpty: ["devices"] });

export const celDeviceSelectorSchema: StructuralSchema = object({
  expression: text,
}, { typeName: "CELDeviceSelector", required: ["expression"] });

export const capacityRequestPolicySchema: StructuralSchema = object({
  default: quantity,
  validRange: () => capacityRequestPolicyRangeSchema,
  validValues: listOf(quantity),
}, { typeName: "CapacityRequestPolicy" });

export const capacityRequestPolicyRangeSchema: StructuralSchema = object({
  max: quantity,
  min: quantity,
  step: quantity,
}, { typeName: "CapacityRequestPolicyRange", required: ["min"] });

export const capacityRequirementsSchema: StructuralSchema = object({
  requests: mapOf(quantity),
}, { typeName: "CapacityRequirements" });

export const counterSchema: StructuralSchema = object({
  value: quantity,
}, { typeName: "Counter", required: ["value"] });

export const counterSetSchema: StructuralSchema = object({
  counters: mapOf(() => counterSchema),
  name: text,
}, { typeName: "CounterSet", required: ["name","counters"] });

export const deviceSchema: StructuralSchema = object({
  allNodes: flag,
  allowMultipleAllocations: flag,
  attributes: mapOf(() => deviceAttributeSchema),
  bindingConditions: listOf(text),
  bindingFailureConditions: listOf(text),
  bindsToNode: flag,
  capacity: mapOf(() => deviceCapacitySchema),
  consumesCounters: listOf(() => deviceCounterConsumptionSchema),
  name: text,
  nodeAllocatableResourceMappings: mapOf(() => nodeAllocatableResourceMappingSchema),
  nodeName: text,
  nodeSelector: () => coreV1.nodeSelectorSchema,
  taints: listOf(() => deviceTaintSchema),
}, { typeName: "Device", required: ["name"], keptWhenZero: ["allNodes","allowMultipleAllocations","bindsToNode","nodeName"] });

export const deviceAllocationConfigurationSchema: StructuralSchema = object({
  opaque: () => opaqueDeviceConfigurationSchema,
  requests: listOf(text),
  source: text,
}, { typeName: "DeviceAllocationConfiguration", required: ["source"] });

export const deviceAllocationResultSchema: StructuralSchema = object({
  config: listOf(() => deviceAllocationConfigurationSchema),
  results: listOf(() => deviceRequestAllocationResultSchema),
}, { typeName: "DeviceAllocationResult" });

export const deviceAttributeSchema: StructuralSchema = object({
  bool: flag,
  bools: listOf(flag),
  int: int64,
  ints: listOf(int64),
  string: text,
  strings: listOf(text),
  version: text,
  versions: listOf(text),
}, { typeName: "DeviceAttribute", keptWhenZero: ["bool","int","string","version"] });

export const deviceCapacitySchema: StructuralSchema = object({
  requestPolicy: () => capacityRequestPolicySchema,
  value: quantity,
}, { typeName: "DeviceCapacity", required: ["value"] });

export const deviceClaimSchema: StructuralSchema = object({
  config: listOf(() => deviceClaimConfigurationSchema),
  constraints: listOf(() => deviceConstraintSchema),
  requests: listOf(() => deviceRequestSchema),
}, { typeName: "DeviceClaim", writtenWhenEmpty: ["requests"] });

export const deviceClaimConfigurationSchema: StructuralSchema = object({
  opaque: () => opaqueDeviceConfigurationSchema,
  requests: listOf(text),
}, { typeName: "DeviceClaimConfiguration" });

export const deviceClassSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => deviceClassSpecSchema,
}, { typeName: "DeviceClass", required: ["spec"], writtenWhenEmpty: ["metadata","spec"] });

export const deviceClassConfigurationSchema: StructuralSchema = object({
  opaque: () => opaqueDeviceConfigurationSchema,
}, { typeName: "DeviceClassConfiguration" });

export const deviceClassSpecSchema: StructuralSchema = object({
  config: listOf(() => deviceClassConfigurationSchema),
  extendedResourceName: text,
  selectors: listOf(() => deviceSelectorSchema),
}, { typeName: "DeviceClassSpec", keptWhenZero: ["extendedResourceName"] });

export const deviceConstraintSchema: StructuralSchema = object({
  distinctAttribute: text,
  matchAttribute: text,
  requests: listOf(text),
}, { typeName: "DeviceConstraint", keptWhenZero: ["distinctAttribute","matchAttribute"] });

export const deviceCounterConsumptionSchema: StructuralSchema = object({
  counterSet: text,
  counters: mapOf(() => counterSchema),
}, { typeName: "DeviceCounterConsumption", required: ["counterSet","counters"] });

export const deviceRequestSchema: StructuralSchema = object({
  exactly: () => exactDeviceRequestSchema,
  firstAvailable: listOf(() => deviceSubRequestSchema),
  name: text,
}, { typeName: "DeviceRequest", required: ["name"] });

export const deviceRequestAllocationResultSchema: StructuralSchema = object({
  adminAccess: flag,
  bindingConditions: listOf(text),
  bindingFailureConditions: listOf(text),
  consumedCapacity: mapOf(quantity),
  device: text,
  driver: text,
  pool: text,
  request: text,
  shareID: text,
  tolerations: listOf(() => deviceTolerationSchema),
}, { typeName: "DeviceRequestAllocationResult", required: ["request","driver","pool","device"], keptWhenZero: ["adminAccess","shareID"] });

export const deviceSelectorSchema: StructuralSchema = object({
  cel: () => celDeviceSelectorSchema,
}, { typeName: "DeviceSelector" });

export const deviceSubRequestSchema: StructuralSchema = object({
  allocationMode: text,
  capacity: () => capacityRequirementsSchema,
  count: int64,
  deviceClassName: text,
  name: text,
  selectors: listOf(() => deviceSelectorSchema),
  tolerations: listOf(() => deviceTolerationSchema),
}, { typeName: "DeviceSubRequest", required: ["name","deviceClassName"] });

export const deviceTaintSchema: StructuralSchema = object({
  effect: text,
  key: text,
  timeAdded: time,
  value: text,
}, { typeName: "DeviceTaint", required: ["key","effect"] });

export const deviceTolerationSchema: StructuralSchema = object({
  effect: text,
  key: text,
  operator: text,
  tolerationSeconds: int64,
  value: text,
}, { typeName: "DeviceToleration", keptWhenZero: ["tolerationSeconds"] });

export const exactDeviceRequestSchema: StructuralSchema = object({
  adminAccess: flag,
  allocationMode: text,
  capacity: () => capacityRequirementsSchema,
  count: int64,
  deviceClassName: text,
  selectors: listOf(() => deviceSelectorSchema),
  tolerations: listOf(() => deviceTolerationSchema),
}, { typeName: "ExactDeviceRequest", required: ["deviceClassName"], keptWhenZero: ["adminAccess"] });

export const networkDeviceDataSchema: StructuralSchema = object({
  hardwareAddress: text,
  interfaceName: text,
  ips: listOf(text),
}, { typeName: "NetworkDeviceData" });

export const nodeAllocatableResourceMappingSchema: StructuralSchema = object({
  allocationMultiplier: quantity,
  capacityKey: text,
}, { typeName: "NodeAllocatableResourceMapping", keptWhenZero: ["capacityKey"] });

export const opaqueDeviceConfigurationSchema: StructuralSchema = object({
  driver: text,
  parameters: wholeObject,
}, { typeName: "OpaqueDeviceConfiguration", required: ["driver","parameters"] });

export const resourceClaimSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => resourceClaimSpecSchema,
  status: () => resourceClaimStatusSchema,
}, { typeName: "ResourceClaim", required: ["spec"], writtenWhenEmpty: ["metadata","spec","status"] });

export const resourceClaimConsumerReferenceSchema: StructuralSchema = object({
  apiGroup: text,
  name: text,
  resource: text,
  uid: withDefault(text, ""),
}, { typeName: "ResourceClaimConsumerReference", required: ["resource","name","uid"] });

export const resourceClaimSpecSchema: StructuralSchema = object({
  devices: () => deviceClaimSchema,
}, { typeName: "ResourceClaimSpec", writtenWhenEmpty: ["devices"] });

export const resourceClaimStatusSchema: StructuralSchema = object({
  allocation: () => allocationResultSchema,
  devices: mapListOf(() => allocatedDeviceStatusSchema, ["driver","device","pool","shareID"]),
  reservedFor: patched(mapListOf(() => resourceClaimConsumerReferenceSchema, ["uid"]), "merge", "uid"),
}, { typeName: "ResourceClaimStatus" });

export const resourceClaimTemplateSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => resourceClaimTemplateSpecSchema,
}, { typeName: "ResourceClaimTemplate", required: ["spec"], writtenWhenEmpty: ["metadata","spec"] });

export const resourceClaimTemplateSpecSchema: StructuralSchema = object({
  metadata: () => metaV1.objectMetaSchema,
  spec: () => resourceClaimSpecSchema,
}, { typeName: "ResourceClaimTemplateSpec", required: ["spec"], writtenWhenEmpty: ["metadata"] });

export const resourcePoolSchema: StructuralSchema = object({
  generation: int64,
  name: text,
  resourceSliceCount: int64,
}, { typeName: "ResourcePool", required: ["name","generation","resourceSliceCount"] });

export const resourceSliceSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => resourceSliceSpecSchema,
}, { typeName: "ResourceSlice", required: ["spec"], writtenWhenEmpty: ["metadata","spec"] });

export const resourceSliceSpecSchema: StructuralSchema = object({
  allNodes: flag,
  devices: listOf(() => deviceSchema),
  driver: text,
  nodeName: text,
  nodeSelector: () => coreV1.nodeSelectorSchema,
  perDeviceNodeSelection: flag,
  pool: () => resourcePoolSchema,
  sharedCounters: listOf(() => counterSetSchema),
}, { typeName: "ResourceSliceSpec", required: ["driver","pool"], keptWhenZero: ["allNodes","nodeName","perDeviceNodeSelection"] });
