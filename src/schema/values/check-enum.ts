/** Whether a value is one of those listed. Lists may be long: each is indexed once. */
import { exactText } from "../../machinery/codec/exact-json.ts";
import { canonicalText } from "./canonical-text.ts";
import type { ValueErrors } from "./value-errors.ts";

const indexes = new WeakMap<readonly unknown[], ReadonlySet<string>>();

/** Checks a value, null included, against the values of `enum`. */
export function checkEnum(
  value: unknown,
  allowed: readonly unknown[],
  path: string,
  errors: ValueErrors,
): void {
  if (value !== null && indexOf(allowed).has(canonicalText(value))) return;
  const shown = allowed.map((item) => (typeof item === "string" ? item : exactText(item)));
  const listed = shown.map((text) => JSON.stringify(text)).join(", ");
  errors.add({
    type: "FieldValueNotSupported",
    path,
    value,
    detail: `supported values: ${listed}`,
    text: `${path} in body should be one of [${shown.join(" ")}]`,
  });
}

function indexOf(allowed: readonly unknown[]): ReadonlySet<string> {
  const known = indexes.get(allowed);
  if (known !== undefined) return known;
  const index = new Set(allowed.map(canonicalText));
  indexes.set(allowed, index);
  return index;
}
