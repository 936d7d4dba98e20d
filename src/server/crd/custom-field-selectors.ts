/** Fields of a custom resource that lists and watches can be restricted by. */
import type { SelectableField } from "../../apis/apiextensions/v1/types.generated.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { printedField } from "../../schema/json-path/cells.ts";
import { parseJsonPath } from "../../schema/json-path/json-path.ts";

type FieldReader = (object: ApiObject) => string;

/** Readers by the name that selectors use: `spec.tier` of the path `.spec.tier`. */
export function customFieldSelectors(
  fields: readonly SelectableField[],
): Readonly<Record<string, FieldReader>> {
  return Object.fromEntries(
    fields.flatMap(({ jsonPath }): readonly (readonly [string, FieldReader])[] => {
      const parsed = parseJsonPath(jsonPath);
      if (parsed.kind === "invalid") return [];
      return [[jsonPath.replace(/^\./, ""), (object) => printedField(parsed.path, object)]];
    }),
  );
}
