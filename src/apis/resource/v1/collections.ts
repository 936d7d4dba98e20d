/** Lists, sets and maps with limits: a list that is too long is not looked into. */
import type { FieldError } from "../../../machinery/status.ts";
import { duplicate, errorIf, tooMany } from "../../field-errors.ts";

/** What is wrong with a list and its items. */
export function listErrors<Item>(
  field: string,
  items: readonly Item[] | undefined,
  max: number,
  itemErrors: (path: string, item: Item) => readonly FieldError[],
): readonly FieldError[] {
  const all = items ?? [];
  if (all.length > max) return [tooMany(field, all.length, max)];
  return all.flatMap((item, index) => itemErrors(`${field}[${index}]`, item));
}

/** The same for a list whose items differ in their keys. */
export function setErrors<Item>(
  field: string,
  items: readonly Item[] | undefined,
  max: number,
  itemErrors: (path: string, item: Item) => readonly FieldError[],
  keyOf: (item: Item) => string,
): readonly FieldError[] {
  const all = items ?? [];
  const errors = listErrors(field, all, max, itemErrors);
  if (all.length > max) return errors;
  const keys = new Set<string>();
  const repeated = all.flatMap((item, index) => {
    const key = keyOf(item);
    const isTaken = keys.has(key);
    keys.add(key);
    return errorIf(isTaken, duplicate(`${field}[${index}]`, key));
  });
  return [...errors, ...repeated];
}

const SHOWN_KEY_LENGTH_MIN = 16;

/** The same for a map; keys that are too long are shown without their middle. */
export function mapErrors<Item>(
  field: string,
  items: Readonly<Record<string, Item>> | undefined,
  limits: { readonly max: number; readonly keyLengthMax: number },
  keyErrors: (path: string, key: string) => readonly FieldError[],
  itemErrors: (path: string, item: Item) => readonly FieldError[],
): readonly FieldError[] {
  const entries = Object.entries(items ?? {});
  if (entries.length > limits.max) return [tooMany(field, entries.length, limits.max)];
  return entries.flatMap(([key, item]) => [
    ...keyErrors(field, key),
    ...itemErrors(`${field}[${shortened(key, limits.keyLengthMax)}]`, item),
  ]);
}

function shortened(key: string, lengthMax: number): string {
  const max = Math.max(lengthMax, SHOWN_KEY_LENGTH_MIN);
  if (key.length <= max) return key;
  const kept = max - 3;
  return `${key.slice(0, Math.ceil(kept / 2))}...${key.slice(key.length - Math.floor(kept / 2))}`;
}
