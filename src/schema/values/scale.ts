/** The fields that the scale subresource reads and writes, and what may be wrong with them. */
import { isFields, type Fields } from "../../machinery/object.ts";
import type { FieldError } from "../../machinery/status.ts";
import type { ScalePaths } from "../custom-resource-schema.ts";
import { goTypeName, goValueText } from "../go-text.ts";

const INT32_MAX = 2 ** 31 - 1;

/** A field on a dotted path: there, absent, or not of its type. */
export type ScaleField<T> =
  | { readonly kind: "found"; readonly value: T }
  | { readonly kind: "absent" }
  /** `.spec.replicas accessor error: x is of the type string, expected int64` */
  | { readonly kind: "mistyped"; readonly problem: string };

/** The whole number at `path` (`.spec.replicas`). */
export function scaleNumber(value: Fields, path: string): ScaleField<number> {
  const field = fieldAt(value, path);
  if (field.kind !== "found") return field;
  const number = field.value;
  if (typeof number === "number" && Number.isInteger(number))
    return { kind: "found", value: number };
  return mistyped(path, number, "int64");
}

/** The text at `path`. */
export function scaleText(value: Fields, path: string): ScaleField<string> {
  const field = fieldAt(value, path);
  if (field.kind !== "found") return field;
  if (typeof field.value === "string") return { kind: "found", value: field.value };
  return mistyped(path, field.value, "string");
}

/** Errors of the fields of the scale subresource. */
export function checkScale(value: Fields, paths: ScalePaths): readonly FieldError[] {
  return [...replicasErrors(value, paths.specReplicasPath), ...checkScaleStatus(value, paths)];
}

/** The same without what the spec says. */
export function checkScaleStatus(value: Fields, paths: ScalePaths): readonly FieldError[] {
  return [
    ...replicasErrors(value, paths.statusReplicasPath),
    ...selectorErrors(value, paths.labelSelectorPath),
  ];
}

function replicasErrors(value: Fields, path: string): readonly FieldError[] {
  const field = scaleNumber(value, path);
  if (field.kind === "mistyped") return [invalid(path, 0, field.problem)];
  if (field.kind === "absent") return [];
  if (field.value < 0) return [invalid(path, field.value, "should be a non-negative integer")];
  if (field.value <= INT32_MAX) return [];
  return [invalid(path, field.value, `should be less than or equal to ${INT32_MAX}`)];
}

function selectorErrors(value: Fields, path: string | undefined): readonly FieldError[] {
  if (path === undefined) return [];
  const field = scaleText(value, path);
  return field.kind === "mistyped" ? [invalid(path, "", field.problem)] : [];
}

function fieldAt(value: Fields, path: string): ScaleField<unknown> {
  const names = namesOf(path);
  let found: unknown = value;
  for (const [index, name] of names.entries()) {
    if (found === null) return { kind: "absent" };
    if (!isFields(found)) {
      return mistyped(`.${names.slice(0, index + 1).join(".")}`, found, "map[string]interface{}");
    }
    if (!Object.hasOwn(found, name)) return { kind: "absent" };
    found = found[name];
  }
  return { kind: "found", value: found };
}

function namesOf(path: string): readonly string[] {
  return path.replace(/^\./, "").split(".");
}

function mistyped(
  path: string,
  value: unknown,
  expected: string,
): { readonly kind: "mistyped"; readonly problem: string } {
  const place = `.${namesOf(path).join(".")}`;
  const found = `${goValueText(value)} is of the type ${goTypeName(value)}`;
  return { kind: "mistyped", problem: `${place} accessor error: ${found}, expected ${expected}` };
}

function invalid(field: string, value: unknown, detail: string): FieldError {
  return { field, type: "FieldValueInvalid", value, detail };
}
