/**
 * What JSON would make of a value, for values that are handed over without making bytes: both sides
 * then see the same, whichever transport is between them.
 */
import { badRequest } from "../machinery/status.ts";

/** Deeper values are refused: nothing the API accepts comes near. */
export const JSON_DEPTH_MAX = 1_000;

/**
 * `value` without members that JSON leaves out (undefined, functions, symbols). Answers the very
 * same value when there is nothing to leave out, which is the usual case. Throws a 400
 * `StatusError` for what JSON has no form for: cycles and depths beyond `JSON_DEPTH_MAX`, numbers
 * that are none.
 */
export function jsonValue(value: unknown): unknown {
  return clean(value, 0);
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw badRequest(`the object has a number that JSON cannot write: ${value}`);
  }
  if (typeof value !== "object" || value === null) return isLeftOut(value) ? undefined : value;
  if (depth > JSON_DEPTH_MAX)
    throw badRequest(`the object is nested deeper than ${JSON_DEPTH_MAX}`);
  return Array.isArray(value) ? cleanArray(value, depth) : cleanObject(value, depth);
}

function cleanArray(items: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < items.length; index += 1) {
    const cleaned = clean(items[index], depth + 1) ?? null;
    if (copy === undefined && cleaned !== items[index]) copy = items.slice(0, index);
    copy?.push(cleaned);
  }
  return copy ?? items;
}

function cleanObject(object: object, depth: number): unknown {
  if ("toJSON" in object && typeof object.toJSON === "function") {
    return clean(object.toJSON(), depth + 1);
  }
  const members = object as Readonly<Record<string, unknown>>;
  let changed: Map<string, unknown> | undefined;
  for (const key of Object.keys(members)) {
    const member = members[key];
    const cleaned = clean(member, depth + 1);
    if (cleaned !== member || cleaned === undefined) (changed ??= new Map()).set(key, cleaned);
  }
  return changed === undefined ? object : withMembers(members, changed);
}

/** The same object with other members in place of some; those that are undefined are left out. */
function withMembers(
  members: Readonly<Record<string, unknown>>,
  changed: ReadonlyMap<string, unknown>,
): unknown {
  const all = Object.entries(members).map(([key, member]): [string, unknown] => {
    return [key, changed.has(key) ? changed.get(key) : member];
  });
  return Object.fromEntries(all.filter(([, member]) => member !== undefined));
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || typeof value === "function" || typeof value === "symbol";
}
