/** Fields of a custom resource that lists and watches can be restricted by. */
import type { SelectableField } from "../../apis/apiextensions/v1/types.generated.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";

type FieldReader = (object: ApiObject) => string;

/** Readers by the name that selectors use: `spec.tier` of the path `.spec.tier`. */
export function customFieldSelectors(
  fields: readonly SelectableField[],
): Readonly<Record<string, FieldReader>> {
  return Object.fromEntries(
    fields.map(({ jsonPath }): readonly [string, FieldReader] => {
      const names = jsonPath.replace(/^\./, "").split(".");
      return [names.join("."), (object) => textAt(object, names)];
    }),
  );
}

/** "" where there is nothing. */
function textAt(object: ApiObject, names: readonly string[]): string {
  let found: unknown = object;
  for (const name of names) found = isFields(found) ? own(found, name) : undefined;
  if (typeof found === "string") return found;
  return typeof found === "number" || typeof found === "boolean" ? String(found) : "";
}
