/** What a printer column shows of an object, and what a field selector compares with. */
import { parseApiTime } from "../../machinery/api-time.ts";
import { isFields } from "../../machinery/object.ts";
import { goValueText } from "../go-text.ts";
import { canonicalText } from "../values/canonical-text.ts";
import { findValues, type JsonPath } from "./json-path.ts";

/** Says how long ago a moment was, as tables show it: `5d`. */
export type AgeText = (momentMs: number) => string;

/**
 * The cell of a column of the given type (`integer`, `number`, `string`, `boolean`, `date`). Null
 * if there is nothing there, or nothing of the type.
 */
export function columnCell(
  type: string,
  path: JsonPath,
  object: unknown,
  age: AgeText,
): string | number | boolean | null {
  const found = findValues(path, object);
  if (found === undefined || found.length === 0) return null;
  const [value] = found;
  switch (type) {
    case "string":
      return printed(value);
    case "integer":
      if (typeof value === "bigint") return Number(value);
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" ? dateCell(value, age) : null;
    default:
      return null;
  }
}

/** The text of a selectable field; "" if it is not there. */
export function printedField(path: JsonPath, object: unknown): string {
  const [value] = findValues(path, object) ?? [];
  return value === undefined ? "" : printed(value);
}

/** Structures as JSON, everything else as Go prints it. */
function printed(value: unknown): string {
  if (value === null || value === undefined) return "<no value>";
  if (!Array.isArray(value) && !isFields(value)) return goValueText(value);
  const json = canonicalText(value);
  return json.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

function dateCell(text: string, age: AgeText): string {
  if (text === "" || text === "null") return "<unknown>";
  const momentMs = RFC3339.test(text) ? parseApiTime(text) : Number.NaN;
  return Number.isNaN(momentMs) ? "<invalid>" : age(momentMs);
}
