// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as coreV1 from "../../core/v1/schema.generated.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import { int32, microTime, object, text, time } from "../../schema-terms.ts";

export const eventSchema: StructuralSchema = object({
  action: text,
  apiVersion: text,
  deprecatedCount: int32,
  deprecatedFirstTimestamp: time,
  deprecatedLastTimestamp: time,
  deprecatedSource: () => coreV1.eventSourceSchema,
  eventTime: microTime,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  note: text,
  reason: text,
  regarding: () => coreV1.objectReferenceSchema,
  related: () => coreV1.objectReferenceSchema,
  reportingController: text,
  reportingInstance: text,
  series: () => eventSeriesSchema,
  type: text,
}, { typeName: "Event", required: ["eventTime"], writtenWhenEmpty: ["metadata","regarding","deprecatedSource","deprecatedFirstTimestamp","deprecatedLastTimestamp"] });

export const eventSeriesSchema: StructuralSchema = object({
  count: int32,
  lastObservedTime: microTime,
}, { typeName: "EventSeries", required: ["count","lastObservedTime"] });
