/**
 * JSON values as such, without a schema. Keys come from users, so nothing here reads through a
 * prototype or assigns to `__proto__`; depth comes from users, so nothing here recurses further
 * than a depth it is given.
 */
import { isFields, type Fields } from "./object.ts";

/** Nesting of arrays and objects the API accepts: far above any kind, far below the call stack. */
export const VALUE_DEPTH_MAX = 100;

/** A JSON object under construction. */
export type MutableFields = Record<string, unknown>;

/** Sets an own field, also one that is called `__proto__`. */
export function setField(target: MutableFields, key: string, value: unknown): void {
  if (key !== "__proto__") {
    target[key] = value;
    return;
  }
  Object.defineProperty(target, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** `fields` with `key` set: in its old place if it was there, else at the end. */
export function withField(fields: Fields, key: string, value: unknown): Fields {
  const copy: MutableFields = { ...fields };
  setField(copy, key, value);
  return copy;
}

/** `fields` without `key`; the very same value if it is not there. */
export function withoutField(fields: Fields, key: string): Fields {
  if (!Object.hasOwn(fields, key)) return fields;
  const copy: MutableFields = { ...fields };
  delete copy[key];
  return copy;
}

/**
 * Whether two JSON values say the same. The order of fields means nothing, and an undefined field
 * is an absent one. Takes time linear in the smaller of the two.
 */
export function equalValues(a: unknown, b: unknown): boolean {
  const pending: unknown[] = [a, b];
  while (pending.length > 0) {
    const right = pending.pop();
    const left = pending.pop();
    if (left === right) continue;
    if (Array.isArray(left)) {
      if (!Array.isArray(right) || left.length !== right.length) return false;
      for (let index = 0; index < left.length; index += 1) pending.push(left[index], right[index]);
    } else if (isFields(left)) {
      if (!isFields(right) || !pushMembers(left, right, pending)) return false;
    } else return false;
  }
  return true;
}

/** Queues the pairs of members that need a closer look; false if some differ at a glance. */
function pushMembers(left: Fields, right: Fields, pending: unknown[]): boolean {
  let count = 0;
  for (const key of Object.keys(left)) {
    const member = left[key];
    if (member === undefined) continue;
    count += 1;
    if (!Object.hasOwn(right, key)) return false;
    const other = right[key];
    if (member === other) continue;
    if (typeof member !== "object" || member === null) return false;
    pending.push(member, other);
  }
  for (const key of Object.keys(right)) if (right[key] !== undefined) count -= 1;
  return count === 0;
}

/**
 * Whether arrays and objects are nested deeper than `depthMax`, where the look into them ends. True
 * of a cycle, too.
 */
export function isDeeperThan(value: unknown, depthMax: number): boolean {
  if (!isContainer(value)) return false;
  if (depthMax <= 0) return true;
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const member of members) {
    if (isContainer(member) && isDeeperThan(member, depthMax - 1)) return true;
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
