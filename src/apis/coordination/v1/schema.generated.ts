// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import { int32, microTime, object, text } from "../../schema-terms.ts";

export const leaseSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => leaseSpecSchema,
}, { typeName: "Lease", writtenWhenEmpty: ["metadata","spec"] });

export const leaseSpecSchema: StructuralSchema = object({
  acquireTime: microTime,
  holderIdentity: text,
  leaseDurationSeconds: int32,
  leaseTransitions: int32,
  preferredHolder: text,
  renewTime: microTime,
  strategy: text,
}, { typeName: "LeaseSpec", keptWhenZero: ["holderIdentity","leaseDurationSeconds","leaseTransitions","preferredHolder","strategy"] });
