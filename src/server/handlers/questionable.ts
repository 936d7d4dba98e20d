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

/** What is said about keys of a YAML text that stand there twice. */
export function repeatedKeys(text: string, duplicates: readonly string[]): readonly string[] {
  return duplicates.map((path) => {
    const key = path.replace(/^.*[.\]]/, "");
    return `line ${lineOfSecond(text, key)}: key ${JSON.stringify(key)} already set in map`;
  });
}

/** The line of a key that stands there twice, as far as a search for it tells. */
function lineOfSecond(text: string, key: string): number {
  const places: number[] = [];
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
    const isWhole = !/[\w-]/.test(text[at - 1] ?? " ");
    if (isWhole && /^["']?\s*:/.test(text.slice(at + key.length, at + key.length + 8))) {
      places.push(at);
    }
    if (places.length === 2) break;
  }
  return text.slice(0, places.at(-1) ?? 0).split("\n").length;
}
