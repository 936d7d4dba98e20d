/** Checks of the schemas of a definition, and of what refers into them. */
import type { Interruptible } from "../../../base/interruptible.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { openApiSchemaCheck } from "../../../schema/check/check-openapi-schema.ts";
import { compileCustomResourceSchema } from "../../../schema/compile.ts";
import { resolveFieldPath } from "../../../schema/json-path/field-path-text.ts";
import type { SchemaNode } from "../../../schema/schema-node.ts";
import { objectMetaSchema } from "../../meta/v1/schema.generated.ts";
import { duplicate, invalid, required, tooMany } from "../../field-errors.ts";
import type {
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceValidation,
  SelectableField,
} from "./types.generated.ts";
import type { PlacedPart } from "./version-parts.ts";

/** Fields by which objects of one version can be selected. */
export const SELECTABLE_FIELDS_MAX = 8;

/** Of the schema at one place; `old` is the definition before an update. */
export function* schemaErrors(
  spec: CustomResourceDefinitionSpec,
  old: CustomResourceDefinitionSpec | undefined,
  place: PlacedPart<CustomResourceValidation>,
): Interruptible<readonly FieldError[]> {
  const schema = place.value.openAPIV3Schema;
  if (schema === undefined) return [];
  const concerned = place.version === undefined ? spec.versions : [place.version];
  if (old !== undefined && concerned.every((version) => wasAccepted(version, old))) return [];
  return yield* openApiSchemaCheck(schema, {
    field: place.field,
    hasStatus: concerned.some((version) => version.subresources?.status !== undefined),
    metadata: { objectMeta: objectMetaSchema },
    ...(old === undefined
      ? {}
      : {
          oldSchemas: old.versions.map((version) => version.schema?.openAPIV3Schema),
          isUnchanged: concerned.every((version) => isUnchanged(version, old)),
        }),
  });
}

export function selectableFieldErrors(
  spec: CustomResourceDefinitionSpec,
  place: PlacedPart<readonly SelectableField[]>,
): readonly FieldError[] {
  const version = place.version ?? spec.versions[0];
  const schema = version?.schema?.openAPIV3Schema;
  if (schema === undefined) return []; // said elsewhere: schemas are required
  const { root } = compileCustomResourceSchema(schema);
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, { jsonPath }] of place.value.entries()) {
    const field = `${place.field}[${index}].jsonPath`;
    const found = selectableField(jsonPath, field, root);
    errors.push(...found.errors);
    if (found.path === undefined) continue;
    if (seen.has(found.path)) errors.push(duplicate(field, jsonPath));
    seen.add(found.path);
  }
  if (seen.size > SELECTABLE_FIELDS_MAX) {
    errors.push(tooMany(place.field, seen.size, SELECTABLE_FIELDS_MAX));
  }
  return errors;
}

const SELECTABLE_TYPES: readonly string[] = ["string", "boolean", "integer"];

function selectableField(
  jsonPath: string,
  field: string,
  root: SchemaNode,
): { readonly errors: readonly FieldError[]; readonly path?: string } {
  if (jsonPath === "") return { errors: [required(field)] };
  const resolved = resolveFieldPath(jsonPath, root, "dots-only");
  if (resolved.kind === "invalid") {
    return { errors: [invalid(field, jsonPath, `is an invalid path: ${resolved.problem}`)] };
  }
  const { path, steps, node } = resolved;
  const errors: FieldError[] = [];
  if (steps[0] === "metadata") {
    errors.push(invalid(field, jsonPath, "must not point to fields in metadata"));
  }
  if (!SELECTABLE_TYPES.includes(node?.type ?? "")) {
    const detail =
      "must point to a field of type string, boolean or integer. " +
      "Enum string fields and strings with formats are allowed.";
    errors.push(invalid(field, jsonPath, detail));
  }
  return { errors, path };
}

/** What passed before, and is the same in all that is checked, need not be checked again. */
function wasAccepted(
  version: CustomResourceDefinitionVersion,
  old: CustomResourceDefinitionSpec,
): boolean {
  const before = old.versions.find((each) => each.name === version.name);
  const hasStatus = version.subresources?.status !== undefined;
  const hadStatus = before?.subresources?.status !== undefined;
  return hasStatus === hadStatus && isUnchanged(version, old);
}

function isUnchanged(
  version: CustomResourceDefinitionVersion,
  old: CustomResourceDefinitionSpec,
): boolean {
  const before = old.versions.find((each) => each.name === version.name);
  return before !== undefined && equalValues(before.schema, version.schema);
}
