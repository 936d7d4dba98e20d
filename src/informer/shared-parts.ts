/**
 * Lets objects of a view share what they have in common. The pods of a ReplicaSet differ in a few
 * fields, and an object and its next state in fewer; as objects are frozen, equal parts need to be
 * in memory only once. That takes a third or less of the memory, and nothing when objects are read.
 */
import { deepFreeze } from "../base/freeze.ts";
import { weightOf } from "./memory.ts";

/** Parts below this depth are taken as they are. */
export const SHARED_DEPTH_MAX = 32;

/**
 * `value` with each part that is equal in `like` taken from there, and frozen: only what is new has
 * to be. `like` is frozen JSON; `value` is JSON too, and if it is not frozen, no other is made.
 */
export function sharingParts<T>(like: unknown, value: T): T {
  return share(like, value, 0) as T; // equal, part by part, to what came in
}

type Members = Readonly<Record<string, unknown>>;

function share(like: unknown, value: unknown, depth: number): unknown {
  if (like === value) return like; // of equal strings, too, only one stays
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const isArray = Array.isArray(value);
  const isAlike = typeof like === "object" && like !== null && Array.isArray(like) === isArray;
  if (!isAlike || depth >= SHARED_DEPTH_MAX) return deepFreeze(value);
  return isArray
    ? sharedArray(like as readonly unknown[], value, depth)
    : sharedObject(like as Members, value as Members, depth);
}

/** Nothing is written before the first difference, for most parts have none. */
function sharedArray(
  like: readonly unknown[],
  value: readonly unknown[],
  depth: number,
): readonly unknown[] {
  let first = 0;
  let news: unknown;
  for (; first < value.length; first += 1) {
    news = share(like[first], value[first], depth + 1);
    if (news !== like[first]) break;
  }
  if (first === value.length && first === like.length) return like;
  let made: unknown[] | undefined;
  for (let index = 0; index < value.length; index += 1) {
    const there = like[index];
    let part = index < first ? there : news;
    if (index > first) part = share(there, value[index], depth + 1);
    if (part === value[index] && !isWorthSharing(part, there)) continue;
    made ??= Object.isFrozen(value) ? [...value] : (value as unknown[]); // as it was decoded
    made[index] = part;
  }
  return Object.freeze(made ?? value);
}

function sharedObject(like: Members, value: Members, depth: number): Members {
  const keys = Object.keys(value);
  let first = 0;
  let news: unknown;
  for (; first < keys.length; first += 1) {
    const key = keys[first] ?? "";
    const there = memberOf(like, key);
    news = share(there, value[key], depth + 1);
    if (news !== there) break;
  }
  if (first === keys.length && first === Object.keys(like).length) return like;
  let made: Record<string, unknown> | undefined;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? "";
    const there = memberOf(like, key);
    let part = index < first ? there : news;
    if (index > first) part = share(there, value[key], depth + 1);
    if (part === value[key] && !isWorthSharing(part, there)) continue;
    made ??= Object.isFrozen(value) ? { ...value } : (value as Record<string, unknown>);
    made[key] = part;
  }
  return Object.freeze(made ?? value);
}

/** Of a user's `__proto__` nothing is known: it is left as it is. */
function memberOf(like: Members, key: string): unknown {
  return key === "__proto__" ? undefined : like[key];
}

/** Two equal strings cannot be told apart, so that the one that is there is taken anyway. */
function isWorthSharing(part: unknown, there: unknown): boolean {
  return part === there && typeof part === "string" && weightOf(part) > 0;
}
