/**
 * Client-side apply: from what an author applied last time (`original`), what they apply now
 * (`modified`) and what the server has (`current`), the patch that makes every field the author
 * names as they want it, removes those they named before and no longer do, and leaves all others
 * alone. Fields that are right already are not in the patch, so an empty one means nothing to do.
 */
import { equalValues, setField, type MutableFields } from "../machinery/json-value.ts";
import { isFields, own, type Fields } from "../machinery/object.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { checkDepth } from "./depth.ts";
import { listRule, objectRule, RETAIN_KEYS } from "./patch-rules.ts";
import { diffList } from "./three-way-lists.ts";

/** As a merge patch (RFC 7386), for kinds without a schema: lists are replaced as a whole. */
export function threeWayMergePatch(
  original: unknown,
  modified: unknown,
  current: unknown,
): unknown {
  checkDepth(original, modified, current);
  if (!isFields(modified) || !isFields(current)) return modified;
  return diffPlain(isFields(original) ? original : {}, modified, current);
}

/** As a strategic merge patch, with the directives kubectl would send. */
export function threeWayStrategicPatch(
  original: unknown,
  modified: unknown,
  current: unknown,
  schema: StructuralSchema,
): unknown {
  checkDepth(original, modified, current);
  if (!isFields(modified) || !isFields(current)) return modified;
  return diffFields(isFields(original) ? original : {}, modified, current, schema);
}

function diffPlain(original: Fields, modified: Fields, current: Fields): Fields {
  const patch = removals(original, modified, current);
  for (const [key, value] of definedEntries(modified)) {
    const now = own(current, key) ?? undefined;
    if (!isFields(value) || !isFields(now)) {
      if (!equalValues(value, now)) setField(patch, key, value);
      continue;
    }
    const inner = diffPlain(fieldsOf(original, key), value, now);
    if (Object.keys(inner).length > 0) setField(patch, key, inner);
  }
  return patch;
}

/** The patch for one object. Recursion is safe: the depth was checked. */
export function diffFields(
  original: Fields,
  modified: Fields,
  current: Fields,
  schema: StructuralSchema | undefined,
): Fields {
  const patch = removals(original, modified, current);
  for (const [key, value] of definedEntries(modified)) {
    const now = own(current, key) ?? undefined;
    if (isFields(value) && isFields(now)) {
      const inner = diffObject(fieldsOf(original, key), value, now, key, schema);
      if (inner !== undefined) setField(patch, key, inner);
    } else if (Array.isArray(value) && Array.isArray(now)) {
      const before = own(original, key);
      const lists = {
        original: Array.isArray(before) ? before : [],
        modified: value,
        current: now,
      };
      const change = diffList(key, lists, listRule(schema, key), diffFields);
      for (const [name, part] of Object.entries(change)) setField(patch, name, part);
    } else if (!equalValues(value, now)) setField(patch, key, value);
  }
  return patch;
}

function diffObject(
  original: Fields,
  modified: Fields,
  current: Fields,
  key: string,
  schema: StructuralSchema | undefined,
): Fields | undefined {
  const rule = objectRule(schema, key);
  if (rule.mode === "replace") return equalValues(modified, current) ? undefined : modified;
  const patch = diffFields(original, modified, current, rule.schema);
  if (Object.keys(patch).length === 0) return undefined;
  return rule.isRetaining ? retaining(patch, modified) : patch;
}

/** The patch with the directive that drops every field `modified` does not have. */
export function retaining(patch: Fields, modified: Fields): Fields {
  const keys = definedEntries(modified).map(([key]) => key);
  return { [RETAIN_KEYS]: keys.sort(), ...patch };
}

/** Nulls for fields the author named before and no longer does, where the server has them. */
function removals(original: Fields, modified: Fields, current: Fields): MutableFields {
  const patch: MutableFields = {};
  for (const key of new Set([...Object.keys(original), ...Object.keys(modified)])) {
    const isWanted = (own(modified, key) ?? null) !== null;
    const isThere = (own(current, key) ?? null) !== null;
    if (!isWanted && isThere) setField(patch, key, null);
  }
  return patch;
}

/** Fields that say something: null in a manifest means that a field is not there. */
function definedEntries(fields: Fields): readonly (readonly [string, unknown])[] {
  return Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
}

function fieldsOf(fields: Fields, key: string): Fields {
  const value = own(fields, key);
  return isFields(value) ? value : {};
}
