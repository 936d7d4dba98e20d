/** What strategic merge patches make of lists. */
import { isFields, own, type Fields } from "../machinery/object.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { printedType, printedValue } from "./apply/go-text.ts";
import { arrangeItems } from "./element-order.ts";
import { PatchError } from "./patch-error.ts";
import { PATCH_DIRECTIVE, scalarKey, type PatchRule } from "./patch-rules.ts";

/** How an item is merged into one that is there. */
export type MergeItem = (
  old: Fields,
  patch: Fields,
  schema: StructuralSchema | undefined,
) => Fields;

/** What a patch with `$setElementOrder` says about one list. */
export type OrderedChange = {
  /** Undefined: there is no such list yet. */
  readonly old: readonly unknown[] | undefined;
  /** Undefined: only the order is told. */
  readonly sent: readonly unknown[] | undefined;
  /** What was sent, for a list that was not there. */
  readonly added: readonly unknown[] | undefined;
  readonly order: readonly unknown[];
};

type Merged = {
  readonly items: readonly unknown[];
  /** Keys by which the old order is told. */
  readonly live: readonly string[];
};

/** The list after a patch that has something for it. */
export function mergeList(
  old: readonly unknown[],
  sent: readonly unknown[],
  rule: PatchRule,
  mergeItem: MergeItem,
): readonly unknown[] {
  return merge(old, sent, rule, mergeItem).items;
}

/** The list in the order that a patch demands; undefined if there is none at all. */
export function orderedList(
  change: OrderedChange,
  rule: PatchRule,
  mergeItem: MergeItem,
): readonly unknown[] | undefined {
  const { old, sent, added, order } = change;
  const { mergeKey } = rule;
  checkOrder(sent ?? [], order, mergeKey);
  let merged: Merged;
  const keyOf = keyReader(mergeKey);
  if (old === undefined) {
    if (added === undefined) return undefined;
    merged = { items: added, live: [] };
  } else if (sent === undefined) merged = { items: old, live: old.map(keyOf) };
  else if (rule.mode === "merge") merged = merge(old, sent, rule, mergeItem);
  else merged = { items: sent, live: old.map(keyOf) };
  if (mergeKey !== undefined) merged.items.forEach((item) => keyOrRefusal(item, mergeKey));
  const type = typeOfItems([...(old ?? []), ...(sent ?? [])]);
  if (type === undefined) {
    throw new PatchError("failed", "no elements in any of the given slices");
  }
  // Upstream looks for a key all the same, and finds none.
  if (mergeKey === undefined && type === MAP) [...(old ?? []), ...merged.items].forEach(keyless);
  if (mergeKey !== undefined) order.forEach((item) => keyOrRefusal(item, mergeKey));
  return arrangeItems(merged.items, keyOf, order.map(keyOf), merged.live);
}

/** A list of scalars without some of them. */
export function withoutScalars(
  old: readonly unknown[],
  deleted: readonly unknown[],
): readonly unknown[] {
  const gone = new Set(deleted.map(scalarKey));
  return old.filter((item) => !gone.has(scalarKey(item)));
}

function merge(
  old: readonly unknown[],
  sent: readonly unknown[],
  rule: PatchRule,
  mergeItem: MergeItem,
): Merged {
  const type = typeOfItems(
    [old, sent].flat(),
    () => `[${printedValue(old)} ${printedValue(sent)}]`,
  );
  if (type === undefined) return { items: old, live: [] };
  if (type !== MAP) {
    const items = [...new Map([...old, ...sent].map((item) => [scalarKey(item), item])).values()];
    const live = old.map(scalarKey);
    return { items: arrangeItems(items, scalarKey, sent.map(scalarKey), live), live };
  }
  const { mergeKey } = rule;
  if (mergeKey === undefined) {
    throw new PatchError("failed", "cannot merge lists without merge key for struct");
  }
  return mergeKeyed(old.filter(isFields), sent.filter(isFields), mergeKey, rule, mergeItem);
}

function mergeKeyed(
  old: readonly Fields[],
  sent: readonly Fields[],
  mergeKey: string,
  rule: PatchRule,
  mergeItem: MergeItem,
): Merged {
  const keyOf = (item: Fields): string => keyOrRefusal(item, mergeKey);
  const { items, deleted, isReplaced } = sortItems(sent, mergeKey);
  if (isReplaced) {
    items.forEach(keyOf);
    return { items, live: old.map(keyReader(mergeKey)) };
  }
  const merged = old.filter((item) => !deleted.has(keyReader(mergeKey)(item)));
  const kept = merged.map(keyReader(mergeKey));
  const places = new Map<string, number>();
  for (const [index, key] of kept.entries()) if (!places.has(key)) places.set(key, index);
  const appended: string[] = [];
  for (const item of items) {
    const key = keyOf(item);
    const place = places.get(key);
    const base = place === undefined ? undefined : merged[place];
    if (place !== undefined && base !== undefined) {
      merged[place] = mergeItem(base, item, rule.schema);
      continue;
    }
    places.set(key, merged.length);
    merged.push(item);
    appended.push(key);
  }
  const arranged = arrangeItems(merged, keyOf, items.map(keyOf), kept);
  // Upstream's new items take the places that deleted ones left behind in the old list.
  const live = [...kept, ...appended.slice(0, old.length - kept.length)];
  return { items: arranged, live };
}

type SortedItems = {
  readonly items: readonly Fields[];
  readonly deleted: ReadonlySet<string>;
  /** Whether nothing of the old list stays. */
  readonly isReplaced: boolean;
};

/** Tells the items of a patch from its directives. */
function sortItems(list: readonly Fields[], mergeKey: string): SortedItems {
  const items: Fields[] = [];
  const deleted = new Set<string>();
  let isReplaced = false;
  for (const item of list) {
    if (!Object.hasOwn(item, PATCH_DIRECTIVE)) {
      items.push(item);
      continue;
    }
    switch (item[PATCH_DIRECTIVE]) {
      case "delete":
        deleted.add(keyOrRefusal(item, mergeKey));
        break;
      case "replace":
        isReplaced = true;
        break;
      case "merge":
        throw new PatchError("failed", "merging lists cannot yet be specified in the patch");
      default: {
        const directive = printedValue(item[PATCH_DIRECTIVE]);
        const text = `unknown patch type: ${directive} in map: ${printedValue(item)}`;
        throw new PatchError("failed", text);
      }
    }
  }
  return { items, deleted, isReplaced };
}

/** The items of a patch must stand in the order it demands. */
function checkOrder(
  sent: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string | undefined,
): void {
  if (order.length === 0) return;
  let at = 0;
  for (const item of sent) {
    if (mergeKey !== undefined && isFields(item) && Object.hasOwn(item, PATCH_DIRECTIVE)) continue;
    const key = mergeKey === undefined ? scalarKey(item) : keyOrRefusal(item, mergeKey);
    for (; at < order.length; at += 1) {
      const wanted = order[at];
      const other = mergeKey === undefined ? scalarKey(wanted) : keyOrRefusal(wanted, mergeKey);
      if (other === key) break;
    }
    if (at === order.length) {
      const lists = [printedValue(sent), printedValue(order)];
      const text = `The order in patch list:\n${lists[0]}\n doesn't match $setElementOrder list:\n`;
      throw new PatchError("failed", `${text}${lists[1]}\n`);
    }
    at += 1;
  }
}

const MAP = "map[string]interface {}";

/** The one type of all items; undefined: there are none. */
function typeOfItems(items: readonly unknown[], text?: () => string): string | undefined {
  let type: string | undefined;
  for (const item of items) {
    if (Array.isArray(item)) throw new PatchError("unprocessable", "a list of lists");
    const own = typeof item === "number" && Number.isInteger(item) ? "int64" : printedType(item);
    if (type !== undefined && own !== type) {
      const shown = text?.() ?? `[${printedValue(items)}]`;
      throw new PatchError("failed", `list element types are not identical: ${shown}`);
    }
    type = own;
  }
  return type;
}

/** For items of which it is known, or does not matter, that they have a key. */
function keyReader(mergeKey: string | undefined): (item: unknown) => string {
  if (mergeKey === undefined) return scalarKey;
  return (item) => (isFields(item) ? scalarKey(own(item, mergeKey)) : "");
}

function keyless(item: unknown): void {
  keyOrRefusal(item, "");
}

function keyOrRefusal(item: unknown, mergeKey: string): string {
  if (!isFields(item)) {
    throw new PatchError("failed", `expected a ${MAP}, but received a ${printedType(item)}`);
  }
  if (Object.hasOwn(item, mergeKey)) return scalarKey(item[mergeKey]);
  const text = `map: ${printedValue(item)} does not contain declared merge key: ${mergeKey}`;
  throw new PatchError("failed", text);
}
