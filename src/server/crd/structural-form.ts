/** The schema of a version as patches and apply read it, made when first looked into. */
import { objectMetaSchema } from "../../apis/meta/v1/schema.generated.ts";
import type { CustomResourceSchema } from "../../schema/custom-resource-schema.ts";
import { structuralSchemaOf } from "../../schema/structural-form.ts";
import type { StructuralSchema } from "../../schema/structural-schema.ts";

/**
 * The root of the form; its parts are own fields that are made on first reading, so that a kind
 * nobody uses costs nothing.
 */
export function structuralFormOf(compiled: () => CustomResourceSchema): StructuralSchema {
  const made = (): StructuralSchema => structuralSchemaOf(compiled(), () => objectMetaSchema);
  const lazy: StructuralSchema = { type: "object" };
  for (const key of PARTS) {
    Object.defineProperty(lazy, key, { enumerable: true, get: () => made()[key] });
  }
  return lazy;
}

const PARTS = [
  "properties",
  "additionalProperties",
  "required",
  "mapType",
  "keepsUnknown",
] as const;
