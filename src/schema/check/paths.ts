/** Paths in a definition: of columns, of the scale subresource, and of selectable fields. */
import type { FieldError } from "../../machinery/status.ts";
import { compileNode } from "../compile.ts";
import { invalid, required } from "../field-errors.ts";
import { at, child } from "../field-path.ts";
import { resolveFieldPath } from "../json-path/field-path-text.ts";
import { schemaAt } from "../schema-props.ts";

/** Selectable fields of one version. */
export const SELECTABLE_FIELDS_MAX = 8;

/** What upstream demands of paths of columns and scale before it reads them. */
export function checkSimpleJsonPath(path: string, field: string): readonly FieldError[] {
  if (path === "") return [invalid(field, path, "must not be empty")];
  if (path.startsWith(".")) return [];
  return [invalid(field, path, "must be a simple json path starting with .")];
}

/**
 * What is wrong with the selectable fields of a version whose `openAPIV3Schema` is given. Too many
 * are kept where they were before: pass `mayBeMany`.
 */
export function checkSelectableFields(
  jsonPaths: readonly string[],
  openApiSchema: unknown,
  field: string,
  mayBeMany: "few" | "many" = "few",
): readonly FieldError[] {
  const root = compileNode(schemaAt({ schema: openApiSchema }, "schema") ?? {});
  const known = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, jsonPath] of jsonPaths.entries()) {
    const place = child(at(field, index), "jsonPath");
    if (jsonPath === "") {
      errors.push(required(place, ""));
      continue;
    }
    const resolved = resolveFieldPath(jsonPath, root, "dots-only");
    if (resolved.kind === "invalid") {
      errors.push(invalid(place, jsonPath, `is an invalid path: ${resolved.problem}`));
      continue;
    }
    if (resolved.steps[0] === "metadata") {
      errors.push(invalid(place, jsonPath, "must not point to fields in metadata"));
    }
    if (!SELECTABLE_TYPES.includes(resolved.node?.type ?? "")) {
      errors.push(invalid(place, jsonPath, NOT_SELECTABLE));
    }
    if (known.has(resolved.path)) {
      errors.push({ field: place, type: "FieldValueDuplicate", value: jsonPath, detail: "" });
    }
    known.add(resolved.path);
  }
  if (known.size <= SELECTABLE_FIELDS_MAX || mayBeMany === "many") return errors;
  const detail = `must have at most ${SELECTABLE_FIELDS_MAX} items`;
  return [...errors, { field, type: "FieldValueTooMany", value: known.size, detail }];
}

const SELECTABLE_TYPES: readonly string[] = ["string", "boolean", "integer"];

const NOT_SELECTABLE =
  "must point to a field of type string, boolean or integer. " +
  "Enum string fields and strings with formats are allowed.";
