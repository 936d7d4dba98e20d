// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as coreV1 from "../../core/v1/schema.generated.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import { flag, int32, listOf, mapOf, object, setOf, text } from "../../schema-terms.ts";

export const endpointSchema: StructuralSchema = object({
  addresses: setOf(text),
  conditions: () => endpointConditionsSchema,
  deprecatedTopology: mapOf(text),
  hints: () => endpointHintsSchema,
  hostname: text,
  nodeName: text,
  targetRef: () => coreV1.objectReferenceSchema,
  zone: text,
}, { typeName: "Endpoint", required: ["addresses"], writtenWhenEmpty: ["conditions"], keptWhenZero: ["hostname","nodeName","zone"] });

export const endpointConditionsSchema: StructuralSchema = object({
  ready: flag,
  serving: flag,
  terminating: flag,
}, { typeName: "EndpointConditions", keptWhenZero: ["ready","serving","terminating"] });

export const endpointHintsSchema: StructuralSchema = object({
  forNodes: listOf(() => forNodeSchema),
  forZones: listOf(() => forZoneSchema),
}, { typeName: "EndpointHints" });

export const endpointPortSchema: StructuralSchema = object({
  appProtocol: text,
  name: text,
  port: int32,
  protocol: text,
}, { typeName: "EndpointPort", keptWhenZero: ["appProtocol","name","port","protocol"], mapType: "atomic" });

export const endpointSliceSchema: StructuralSchema = object({
  addressType: text,
  apiVersion: text,
  endpoints: listOf(() => endpointSchema),
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  ports: listOf(() => endpointPortSchema),
}, { typeName: "EndpointSlice", required: ["addressType"], writtenWhenEmpty: ["metadata","endpoints","ports"] });

export const forNodeSchema: StructuralSchema = object({
  name: text,
}, { typeName: "ForNode", required: ["name"] });

export const forZoneSchema: StructuralSchema = object({
  name: text,
}, { typeName: "ForZone", required: ["name"] });
