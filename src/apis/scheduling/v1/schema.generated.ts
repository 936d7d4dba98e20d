// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import { flag, int32, object, text } from "../../schema-terms.ts";

export const priorityClassSchema: StructuralSchema = object({
  apiVersion: text,
  description: text,
  globalDefault: flag,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  preemptionPolicy: text,
  value: int32,
}, { typeName: "PriorityClass", writtenWhenEmpty: ["metadata","value"], keptWhenZero: ["preemptionPolicy"] });
