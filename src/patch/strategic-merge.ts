/**
 * Strategic merge patches: a merge patch that knows the lists of a kind. Lists with a merge key are
 * merged item by item, lists of scalars as sets; directives remove items, replace whole values, and
 * fix an order. What the schema does not know is merged as RFC 7386 would.
 *
 * An item that is new to a list goes in front, unless `$setElementOrder` says where: that is what
 * upstream does, and what its users see.
 */
import { setField, type MutableFields } from "../machinery/json-value.ts";
import { isFields, own, type Fields } from "../machinery/object.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { checkDepth } from "./depth.ts";
import { PatchError } from "./patch-error.ts";
import {
  DELETE_FROM_PRIMITIVE_LIST,
  isDirective,
  listRule,
  objectRule,
  PATCH_DIRECTIVE,
  RETAIN_KEYS,
  SET_ELEMENT_ORDER,
} from "./patch-rules.ts";
import { mergeList } from "./strategic-lists.ts";

/**
 * `document` as `patch` wants it. Neither is changed; what stays the same is shared. Throws a
 * `PatchError` for a patch whose directives make no sense, and for values nested too deep.
 */
export function applyStrategicMerge(
  document: unknown,
  patch: unknown,
  schema: StructuralSchema,
): unknown {
  if (!isFields(patch)) {
    throw new PatchError("malformed", "a strategic merge patch is an object");
  }
  checkDepth(document, patch);
  return mergeFields(isFields(document) ? document : {}, patch, schema);
}

/** Merges one object. Recursion is safe: the depth was checked. */
export function mergeFields(
  document: Fields,
  patch: Fields,
  schema: StructuralSchema | undefined,
): Fields {
  const directive = own(patch, PATCH_DIRECTIVE);
  if (directive === "delete") return {};
  if (directive !== undefined && directive !== "replace" && directive !== "merge") {
    throw new PatchError("malformed", `unknown patch type ${JSON.stringify(directive)}`);
  }
  const merged: MutableFields = directive === "replace" ? {} : retained(document, patch);
  for (const key of patchedKeys(patch)) {
    const old = Object.hasOwn(merged, key) ? merged[key] : undefined;
    const next = mergeField(old, patch, key, schema);
    if (next === undefined) delete merged[key];
    else setField(merged, key, next);
  }
  return merged;
}

/** The next value of a field; undefined if it goes. */
function mergeField(
  old: unknown,
  patch: Fields,
  key: string,
  schema: StructuralSchema | undefined,
): unknown {
  const value = own(patch, key);
  if (value === null) return undefined;
  if (isFields(value)) {
    const rule = objectRule(schema, key);
    const base = isFields(old) && rule.mode === "merge" ? old : {};
    return mergeFields(base, value, rule.schema);
  }
  if (value !== undefined && !Array.isArray(value)) return value;
  if (value === undefined && !Array.isArray(old)) return old;
  const change = {
    items: value,
    order: listDirective(patch, `${SET_ELEMENT_ORDER}${key}`),
    deletions: listDirective(patch, `${DELETE_FROM_PRIMITIVE_LIST}${key}`) ?? [],
  };
  return mergeList(Array.isArray(old) ? old : [], change, listRule(schema, key), mergeFields);
}

/** Fields the patch says something about, itself or by a directive for a list. */
function patchedKeys(patch: Fields): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const key of Object.keys(patch)) {
    if (!isDirective(key)) keys.add(key);
    else if (key.startsWith(SET_ELEMENT_ORDER)) keys.add(key.slice(SET_ELEMENT_ORDER.length));
    else if (key.startsWith(DELETE_FROM_PRIMITIVE_LIST)) {
      keys.add(key.slice(DELETE_FROM_PRIMITIVE_LIST.length));
    }
  }
  return keys;
}

function listDirective(patch: Fields, key: string): readonly unknown[] | undefined {
  const value = own(patch, key);
  if (value === undefined || Array.isArray(value)) return value;
  throw new PatchError("malformed", `${key} must be a list`);
}

/** A copy of `document`, without what `$retainKeys` does not name. */
function retained(document: Fields, patch: Fields): MutableFields {
  const retainedKeys = listDirective(patch, RETAIN_KEYS);
  if (retainedKeys === undefined) return { ...document };
  const isListed = (key: string): boolean => retainedKeys.includes(key);
  for (const [key, value] of Object.entries(patch)) {
    if (isDirective(key) || value === null || isListed(key)) continue;
    throw new PatchError("malformed", `invalid patch format of retainKeys: ${key} is not listed`);
  }
  return Object.fromEntries(Object.entries(document).filter(([key]) => isListed(key)));
}
