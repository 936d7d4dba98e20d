/**
 * Strategic merge patches: a merge patch that knows the lists of a kind. Lists with a merge key are
 * merged item by item, lists of scalars as sets; directives remove items, replace whole values, and
 * fix an order.
 *
 * What clients rely on is what upstream makes of patches, its peculiarities included: an item that
 * is new to a list goes in front, unless `$setElementOrder` says where; directives inside of what
 * is new have no meaning; what a directive refuses is told in upstream's words.
 */
import { setField, type MutableFields } from "../machinery/json-value.ts";
import { isFields, own, type Fields } from "../machinery/object.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { printedType, printedValue } from "./apply/go-text.ts";
import { checkDepth } from "./depth.ts";
import { PatchError } from "./patch-error.ts";
import {
  DELETE_FROM_PRIMITIVE_LIST,
  isKnownField,
  listRule,
  objectRule,
  PATCH_DIRECTIVE,
  RETAIN_KEYS,
  SET_ELEMENT_ORDER,
} from "./patch-rules.ts";
import { withoutScalars, mergeList, orderedList } from "./strategic-lists.ts";

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
  if (Object.hasOwn(patch, PATCH_DIRECTIVE)) return directed(patch);
  const merged = retained(document, patch);
  const done = new Set<string>([RETAIN_KEYS]);
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(ORDER_PREFIX)) continue;
    done.add(key);
    const name = nameIn(key, SET_ELEMENT_ORDER, "setElementOrder list");
    if (orderField(merged, patch, name, schema)) done.add(name);
  }
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(DELETION_PREFIX)) continue;
    done.add(key);
    const name = nameIn(key, DELETE_FROM_PRIMITIVE_LIST, "primitive list");
    const [old, deleted] = [own(merged, name), own(patch, key)];
    if (Array.isArray(old) && Array.isArray(deleted)) {
      setField(merged, name, withoutScalars(old, deleted));
    }
  }
  for (const key of Object.keys(patch)) if (!done.has(key)) mergeField(merged, patch, key, schema);
  return merged;
}

const ORDER_PREFIX = "$setElementOrder";
const DELETION_PREFIX = "$deleteFromPrimitiveList";

/** What an object with a directive stands for; nothing in it is looked at any more. */
function directed(patch: Fields): Fields {
  const { [PATCH_DIRECTIVE]: directive, ...fields } = patch;
  if (directive === "replace") return fields;
  if (directive === "delete") return {};
  throw unknownDirective(directive, patch);
}

/** The refusal of a directive nobody knows. */
export function unknownDirective(directive: unknown, patch: Fields): PatchError {
  const text = `unknown patch type: ${printedValue(directive)} in map: ${printedValue(patch)}`;
  return new PatchError("failed", text);
}

function mergeField(
  merged: MutableFields,
  patch: Fields,
  key: string,
  schema: StructuralSchema | undefined,
): void {
  const value = patch[key];
  const old = Object.hasOwn(merged, key) ? merged[key] : undefined;
  if (value === undefined) return;
  if (value === null) delete merged[key];
  else if (isFields(value) && isFields(old)) {
    checkField(schema, key);
    const rule = objectRule(schema, key);
    setField(merged, key, rule.mode === "merge" ? mergeFields(old, value, rule.schema) : value);
  } else if (Array.isArray(value) && Array.isArray(old)) {
    checkField(schema, key);
    const rule = listRule(schema, key);
    setField(merged, key, rule.mode === "merge" ? mergeList(old, value, rule, mergeFields) : value);
  } else {
    const plain = undirected(value, "without nulls");
    if (plain === undefined) delete merged[key];
    else setField(merged, key, plain);
  }
}

/** Obeys `$setElementOrder` of a list. Whether that settled what the patch says of the list. */
function orderField(
  merged: MutableFields,
  patch: Fields,
  name: string,
  schema: StructuralSchema | undefined,
): boolean {
  const order = listOrRefusal(own(patch, `${SET_ELEMENT_ORDER}${name}`));
  const old = Object.hasOwn(merged, name) ? listOrRefusal(merged[name]) : undefined;
  const sent = Object.hasOwn(patch, name) ? listOrRefusal(patch[name]) : undefined;
  checkField(schema, name);
  const rule = listRule(schema, name);
  if (!rule.isList) {
    throw new PatchError("failed", "expected slice or array type, but got: struct");
  }
  const added = old === undefined ? undirected(sent, "with nulls") : sent;
  const change = { old, sent, added: Array.isArray(added) ? added : undefined, order };
  const list = orderedList(change, rule, mergeFields);
  if (list === undefined) return false;
  setField(merged, name, list);
  return true;
}

function listOrRefusal(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const type = value === null || value === undefined ? "%!s(<nil>)" : goType(value);
  throw new PatchError("failed", `expected a []interface {}, but received a ${type}`);
}

/** The type a decoded value has upstream, where whole numbers are told from others. */
export function goType(value: unknown): string {
  return typeof value === "number" && Number.isInteger(value) ? "int64" : printedType(value);
}

/** Only fields of a structure have rules; maps within maps have none. */
function checkField(schema: StructuralSchema | undefined, key: string): void {
  if (isKnownField(schema, key)) return;
  const isStructure = schema?.properties !== undefined;
  const field = `struct ${schema?.typeName ?? ""} for the json field ${JSON.stringify(key)}`;
  throw new PatchError(
    "failed",
    isStructure
      ? `unable to find api field in ${field}`
      : "merging an object in json but data type is not struct, instead is: map",
  );
}

/** The name after the slash of a directive. */
function nameIn(key: string, prefix: string, what: string): string {
  if (key.startsWith(prefix)) return key.slice(prefix.length);
  throw new PatchError("malformed", `invalid patch format of ${what}`);
}

/**
 * A value for a place where there was none (of its kind): what holds `$patch` is left out, and so
 * are, mostly, fields that are null. Undefined: nothing is left.
 */
function undirected(value: unknown, mode: "with nulls" | "without nulls"): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => undirected(item, mode)).filter((item) => item !== undefined);
  }
  if (!isFields(value)) return value;
  if (Object.hasOwn(value, PATCH_DIRECTIVE)) return undefined;
  const kept: MutableFields = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === null && mode === "without nulls") continue;
    const plain = undirected(member, mode);
    if (plain !== undefined) setField(kept, key, plain);
  }
  return kept;
}

/** A copy of `document`, without what `$retainKeys` does not name. */
function retained(document: Fields, patch: Fields): MutableFields {
  if (!Object.hasOwn(patch, RETAIN_KEYS)) return { ...document };
  const { [RETAIN_KEYS]: names, ...fields } = patch;
  if (!Array.isArray(names)) throw badRetainKeys();
  const listed = new Set<unknown>(names);
  for (const [key, value] of Object.entries(fields)) {
    const isDirective = key.startsWith(ORDER_PREFIX) || key.startsWith(DELETION_PREFIX);
    if (!isDirective && value !== null && !listed.has(key)) throw badRetainKeys();
  }
  return Object.fromEntries(Object.entries(document).filter(([key]) => listed.has(key)));
}

function badRetainKeys(): PatchError {
  return new PatchError("malformed", "invalid patch format of retainKeys");
}
