/**
 * A number that stands for all there is in a store, kept up to date by each write at the cost of
 * the object that is written. Times, identities, versions and names that the server makes up are
 * left out: two runs that come to the same by other ways have the same number.
 *
 * Numbers of objects are added rather than combined by XOR, where two equal objects, such as two
 * pods of one set, would be as none.
 */
import type { ApiObject } from "../../../machinery/object.ts";

/** Of each object once: the next write of the same key takes its number off again. */
const known = new WeakMap<ApiObject, number>();

/** The number after a write, from the one before. Below 2^52, so that it is exact. */
export function stateAfter(
  state: number,
  before: ApiObject | undefined,
  after: ApiObject | undefined,
): number {
  const off = before === undefined ? 0 : objectHash(before);
  const on = after === undefined ? 0 : objectHash(after);
  return (state - off + on + MODULUS) % MODULUS;
}

/** Both lanes of a hash in one number. */
const MODULUS = 2 ** 52;

/** Of what an object says, whatever the order of its fields. */
export function objectHash(object: ApiObject): number {
  const hashed = known.get(object);
  if (hashed !== undefined) return hashed;
  const { apiVersion, kind, metadata, ...content } = object;
  const { name = "", generateName, namespace, deletionTimestamp } = metadata;
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  const called = generateName !== undefined && name.startsWith(generateName) ? generateName : name;
  const isGoing = deletionTimestamp !== undefined;
  const meta = { called, namespace, isGoing, labels, annotations, finalizers, ownerReferences };
  const whole = { apiVersion, kind, ...content, meta };
  const hash = (valueHash(whole, HIGH) % 2 ** 20) * 2 ** 32 + valueHash(whole, LOW);
  known.set(object, hash);
  return hash;
}

const HIGH = 0x811c9dc5;
const LOW = 0x01000193;
const DEPTH_MAX = 64;

/** 32 bits. Fields are added up, items of a list come one after the other. */
function valueHash(value: unknown, seed: number, depth = 0): number {
  if (value === undefined || value === null || depth > DEPTH_MAX) return seed;
  if (typeof value === "string") return textHash(TIME.test(value) ? "a time" : value, seed);
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
    return textHash(String(value), seed);
  }
  if (typeof value !== "object") return seed;
  if (Array.isArray(value)) {
    let hash = seed;
    for (const item of value) hash = mixed(hash, valueHash(item, seed, depth + 1));
    return hash;
  }
  let sum = seed;
  for (const [name, field] of Object.entries(value)) {
    if (MADE_UP.has(name) || field === undefined) continue;
    sum = (sum + mixed(textHash(name, seed), valueHash(field, seed, depth + 1))) >>> 0;
  }
  return sum;
}

const MADE_UP: ReadonlySet<string> = new Set(["uid", "resourceVersion"]);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** FNV-1a over UTF-16 code units. */
function textHash(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return mixed(hash, text.length);
}

/** Both in one, so that neither their order nor a common part of them is lost. */
function mixed(a: number, b: number): number {
  let hash = Math.imul(a ^ (b + 0x9e3779b9 + (a << 6) + (a >>> 2)), 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}
