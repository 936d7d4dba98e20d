import { isFields, own, type Fields } from "../machinery/object.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { arrangeItems, positions } from "./element-order.ts";
import { PatchError } from "./patch-error.ts";
import { PATCH_DIRECTIVE, scalarKey, type PatchRule } from "./patch-rules.ts";

/** What a strategic patch says about one list. */
export type ListChange = {
  /** Undefined if only directives speak of the list. */
  readonly items: readonly unknown[] | undefined;
  /** `$setElementOrder` */
  readonly order: readonly unknown[] | undefined;
  /** `$deleteFromPrimitiveList` */
  readonly deletions: readonly unknown[];
};

/** How an item is merged into one that is there. */
export type MergeItem = (
  old: Fields,
  patch: Fields,
  schema: StructuralSchema | undefined,
) => Fields;

/** The list after the change. */
export function mergeList(
  old: readonly unknown[],
  change: ListChange,
  rule: PatchRule,
  mergeItem: MergeItem,
): readonly unknown[] {
  if (rule.mode === "replace") return change.items ?? old;
  const { mergeKey } = rule;
  if (mergeKey === undefined) return mergeScalars(old, change);
  return mergeKeyed(old, change, { ...rule, mergeKey }, mergeItem);
}

function mergeScalars(old: readonly unknown[], change: ListChange): readonly unknown[] {
  const added = change.items ?? [];
  const deleted = new Set(change.deletions.map(scalarKey));
  const kept = old.filter((item) => !deleted.has(scalarKey(item)));
  const merged = [...new Map([...kept, ...added].map((item) => [scalarKey(item), item])).values()];
  const wanted = (change.order ?? added).map(scalarKey);
  if (change.order !== undefined) checkOrder(added.map(scalarKey), wanted);
  return arrangeItems(merged, scalarKey, wanted, old.map(scalarKey));
}

type KeyedRule = PatchRule & { readonly mergeKey: string };

function mergeKeyed(
  old: readonly unknown[],
  change: ListChange,
  rule: KeyedRule,
  mergeItem: MergeItem,
): readonly unknown[] {
  const { mergeKey, schema } = rule;
  const keyOf = (item: unknown): string => (isFields(item) ? scalarKey(own(item, mergeKey)) : "");
  const sorted = sortItems(change.items ?? [], mergeKey);
  const added = sorted.items.map(keyOf);
  const wanted = change.order?.map(keyOf) ?? added;
  if (change.order !== undefined) checkOrder(added, wanted);
  if (sorted.isReplaced) {
    const items = sorted.items.map((item) => mergeItem({}, item, schema));
    return arrangeItems(items, keyOf, wanted, []);
  }
  const deleted = new Set(sorted.deleted.map(keyOf));
  const merged = old.filter((item) => !deleted.has(keyOf(item)));
  const places = new Map(positions(merged.map(keyOf)));
  for (const item of sorted.items) {
    const place = places.get(keyOf(item)) ?? merged.length;
    places.set(keyOf(item), place);
    const base = merged[place];
    merged[place] = mergeItem(isFields(base) ? base : {}, item, schema);
  }
  return arrangeItems(merged, keyOf, wanted, old.map(keyOf));
}

type SortedItems = {
  readonly items: readonly Fields[];
  readonly deleted: readonly Fields[];
  /** Whether nothing of the old list stays. */
  readonly isReplaced: boolean;
};

/** Tells the items of a patch from its directives. */
function sortItems(list: readonly unknown[], mergeKey: string): SortedItems {
  const items: Fields[] = [];
  const deleted: Fields[] = [];
  let isReplaced = false;
  for (const item of list) {
    if (!isFields(item)) {
      throw new PatchError(
        "malformed",
        `an item of a list with merge key ${mergeKey} is an object`,
      );
    }
    const directive = own(item, PATCH_DIRECTIVE);
    if (directive === "replace") isReplaced = true;
    const isBare = directive === "replace" && !Object.hasOwn(item, mergeKey);
    if (isBare) continue;
    if (own(item, mergeKey) === undefined) {
      const shown = JSON.stringify(item).slice(0, 100);
      const message = `map: ${shown} does not contain declared merge key: ${mergeKey}`;
      throw new PatchError("malformed", message);
    }
    if (directive === "delete") deleted.push(item);
    else items.push(item); // with a directive of its own, which merging it obeys
  }
  return { items, deleted, isReplaced };
}

/** The items of a patch must stand in the order it demands. */
function checkOrder(items: readonly string[], wanted: readonly string[]): void {
  const at = positions(wanted);
  let last = -1;
  for (const item of items) {
    const place = at.get(item) ?? -1;
    if (place < last || place < 0) {
      const lists = `${items.join(", ")} and ${wanted.join(", ")}`;
      const message = `The order in patch list doesn't match $setElementOrder list: ${lists}`;
      throw new PatchError("malformed", message);
    }
    last = place;
  }
}
