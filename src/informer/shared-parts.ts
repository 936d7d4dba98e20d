/**
 * Lets objects of a view share what they have in common. The pods of a ReplicaSet differ in a few
 * fields, and an object and its next state in fewer; as objects are frozen, equal parts need to be
 * in memory only once. That takes a third or less of the memory, and nothing when objects are read.
 */
import { weightOf } from "./memory.ts";

/** Parts below this depth are taken as they are. */
export const SHARED_DEPTH_MAX = 32;

/** `value` with each part that is equal in `like` taken from there. Both are frozen JSON. */
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
  if (!isAlike || depth >= SHARED_DEPTH_MAX) return value;
  return isArray
    ? sharedArray(like as readonly unknown[], value, depth)
    : sharedObject(like as Members, value as Members, depth);
}

function sharedArray(
  like: readonly unknown[],
  value: readonly unknown[],
  depth: number,
): readonly unknown[] {
  let isSame = like.length === value.length;
  let hasShared = false;
  const parts: unknown[] = [];
  for (let index = 0; index < value.length; index += 1) {
    const part = share(like[index], value[index], depth + 1);
    if (part !== like[index]) isSame = false;
    else if (isWorthSharing(part)) hasShared = true;
    if (part !== value[index]) hasShared = true;
    parts.push(part);
  }
  if (isSame) return like;

  return hasShared ? Object.freeze(parts) : value;
}

function sharedObject(like: Members, value: Members, depth: number): Members {
  const keys = Object.keys(value);
  let isSame = keys.length === Object.keys(like).length;
  const replaced: string[] = [];
  const parts: unknown[] = [];
  for (const key of keys) {
    const there = key === "__proto__" ? undefined : like[key]; // a user's is left as it is
    const part = share(there, value[key], depth + 1);
    if (part !== there) isSame = false;
    if (part !== value[key] || (part === there && isWorthSharing(part))) {
      replaced.push(key);
      parts.push(part);
    }
  }
  if (isSame) return like;

  if (replaced.length === 0) return value;
  const copy: Record<string, unknown> = { ...value };
  for (let index = 0; index < replaced.length; index += 1) {
    copy[replaced[index] ?? ""] = parts[index];
  }
  return Object.freeze(copy);
}

/** Two equal strings cannot be told apart, so that one of them is taken anyway. */
function isWorthSharing(part: unknown): boolean {
  return typeof part === "string" && weightOf(part) > 0;
}
