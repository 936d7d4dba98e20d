import { equalValues, setField, type MutableFields } from "../machinery/json-value.ts";
import { isFields, own, type Fields } from "../machinery/object.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { positions } from "./element-order.ts";
import {
  DELETE_FROM_PRIMITIVE_LIST,
  PATCH_DIRECTIVE,
  RETAIN_KEYS,
  scalarKey,
  SET_ELEMENT_ORDER,
  type PatchRule,
} from "./patch-rules.ts";

/** One list as it was applied last, as it is applied now, and as the server has it. */
export type ThreeLists = {
  readonly original: readonly unknown[];
  readonly modified: readonly unknown[];
  readonly current: readonly unknown[];
};

/** How two items with the same key are compared. */
export type DiffItem = (
  original: Fields,
  modified: Fields,
  current: Fields,
  schema: StructuralSchema | undefined,
) => Fields;

/** The fields of a strategic patch for the list `key`; none if it is right already. */
export function diffList(
  key: string,
  lists: ThreeLists,
  rule: PatchRule,
  diffItem: DiffItem,
): Fields {
  const { modified, current } = lists;
  const { mergeKey } = rule;
  if (rule.mode === "replace") return equalValues(modified, current) ? {} : field(key, modified);
  if (mergeKey === undefined) return diffScalars(key, lists);
  const isKeyed = modified.every((item) => isFields(item) && Object.hasOwn(item, mergeKey));
  if (!isKeyed) return field(key, modified); // the server tells the author what is missing
  return diffKeyed(key, lists, { ...rule, mergeKey }, diffItem);
}

function diffScalars(key: string, { original, modified, current }: ThreeLists): Fields {
  const wanted = new Set(modified.map(scalarKey));
  const live = new Set(current.map(scalarKey));
  const added = modified.filter((item) => !live.has(scalarKey(item)));
  const removed = original.filter(
    (item) => !wanted.has(scalarKey(item)) && live.has(scalarKey(item)),
  );
  const isOrdered = isSameOrder(modified.map(scalarKey), current.map(scalarKey));
  if (added.length === 0 && removed.length === 0 && isOrdered) return {};
  return {
    ...field(`${SET_ELEMENT_ORDER}${key}`, modified),
    ...(added.length === 0 ? {} : field(key, added)),
    ...(removed.length === 0 ? {} : field(`${DELETE_FROM_PRIMITIVE_LIST}${key}`, removed)),
  };
}

type KeyedRule = PatchRule & { readonly mergeKey: string };

function diffKeyed(key: string, lists: ThreeLists, rule: KeyedRule, diffItem: DiffItem): Fields {
  const { mergeKey } = rule;
  const before = byKey(lists.original, mergeKey);
  const live = byKey(lists.current, mergeKey);
  const wanted = byKey(lists.modified, mergeKey);
  if (wanted.size < lists.modified.length) return replaceAmbiguous(key, lists);

  const items: Fields[] = [];
  for (const [itemKey, item] of wanted) {
    const now = live.get(itemKey);
    const change =
      now === undefined ? item : diffItem(before.get(itemKey) ?? {}, item, now, rule.schema);
    if (Object.keys(change).length === 0) continue;
    const retain = rule.isRetaining && now !== undefined ? { [RETAIN_KEYS]: keysOf(item) } : {};
    items.push({ ...retain, ...change, [mergeKey]: own(item, mergeKey) });
  }
  for (const [itemKey, item] of before) {
    if (wanted.has(itemKey) || !live.has(itemKey)) continue;
    items.push({ [PATCH_DIRECTIVE]: "delete", [mergeKey]: own(item, mergeKey) });
  }
  if (items.length === 0 && isSameOrder([...wanted.keys()], [...live.keys()])) return {};
  const order = [...wanted.values()].map((item) => ({ [mergeKey]: own(item, mergeKey) }));
  return {
    ...field(`${SET_ELEMENT_ORDER}${key}`, order),
    ...(items.length === 0 ? {} : field(key, items)),
  };
}

/**
 * Items that share a merge key (a port for TCP and the same for UDP) cannot be patched one by one,
 * so the list is sent as a whole.
 */
function replaceAmbiguous(key: string, { modified, current }: ThreeLists): Fields {
  if (equalValues(modified, current)) return {};
  return field(key, [...modified, { [PATCH_DIRECTIVE]: "replace" }]);
}

/** Items by their merge key, in their order; the first of several counts. */
function byKey(items: readonly unknown[], mergeKey: string): ReadonlyMap<string, Fields> {
  const found = new Map<string, Fields>();
  for (const item of items) {
    if (!isFields(item)) continue;
    const itemKey = scalarKey(own(item, mergeKey));
    if (!found.has(itemKey)) found.set(itemKey, item);
  }
  return found;
}

/** Whether those of `wanted` that are there stand in this order. */
function isSameOrder(wanted: readonly string[], live: readonly string[]): boolean {
  const at = positions(live);
  const places = wanted.map((key) => at.get(key)).filter((place) => place !== undefined);
  return places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
}

function keysOf(item: Fields): readonly string[] {
  return Object.keys(item)
    .filter((key) => item[key] !== null && item[key] !== undefined)
    .sort();
}

function field(key: string, value: unknown): Fields {
  const fields: MutableFields = {};
  setField(fields, key, value);
  return fields;
}
