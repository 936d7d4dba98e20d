/** What is doubtful about the fields of a body, in the order in which upstream comes across it. */
import { compareText } from "../../machinery/key.ts";
import { isFields } from "../../machinery/object.ts";

export type Doubts = {
  /** Paths of fields nobody knows. */
  readonly unknown: readonly string[];
  /** Paths of fields that stood there twice. */
  readonly duplicates: readonly string[];
};

/**
 * The texts for a client. A field nobody knows is not also told to be there twice. Objects in YAML
 * are put in order before they are looked at, those in JSON are read as they come.
 */
export function questionableFields(
  value: unknown,
  { unknown, duplicates }: Doubts,
  order: "as sent" | "by name",
): readonly string[] {
  const told = new Map<string, string>();
  for (const path of duplicates) told.set(path, `duplicate field ${JSON.stringify(path)}`);
  for (const path of unknown) told.set(path, `unknown field ${JSON.stringify(path)}`);
  if (told.size <= 1 || (order === "as sent" && duplicates.length === 0)) {
    return [...told.values()];
  }
  const found: string[] = [];
  const strangers = new Set(unknown);
  const visit = (each: unknown, path: string): void => {
    const text = told.get(path);
    if (text !== undefined) found.push(text);
    if (found.length === told.size || strangers.has(path)) return;
    if (Array.isArray(each)) {
      for (const [index, item] of each.entries()) visit(item, `${path}[${index}]`);
    } else if (isFields(each)) {
      const entries = Object.entries(each);
      if (order === "by name") entries.sort(([a], [b]) => compareText(a, b));
      for (const [key, field] of entries) visit(field, path === "" ? key : `${path}.${key}`);
    }
  };
  visit(value, "");
  return found;
}
