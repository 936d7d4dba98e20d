/** Values that the JSONPath of a column finds in an object. */
import { isFields, own, type ApiObject } from "../../machinery/object.ts";

export type ColumnReader = {
  /** The first value that is found; undefined if there is none. */
  readonly first: (object: ApiObject) => unknown;
  /** The first value as text; structures as JSON. */
  readonly text: (object: ApiObject) => string | undefined;
};

export function columnReader(jsonPath: string): ColumnReader {
  const names = jsonPath.replace(/^\./, "").split(".");
  const first = (object: ApiObject): unknown => {
    let found: unknown = object;
    for (const name of names) found = isFields(found) ? own(found, name) : undefined;
    return found;
  };
  return {
    first,
    text: (object) => {
      const value = first(object);
      if (value === undefined) return undefined;
      return typeof value === "object" ? JSON.stringify(value) : String(value);
    },
  };
}
