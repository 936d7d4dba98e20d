/**
 * The JSON patch (RFC 6902) that makes one JSON value of another: small where little has changed,
 * made in time linear in the two. Lists of one length are compared place by place; of others only
 * what differs between their common beginning and end is replaced.
 */
import { equalValues } from "../../machinery/json-value.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";

export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/** Above this, whole fields are replaced: servers take 10,000 operations at most. */
export const PATCH_OPERATIONS_MAX = 2_000;

/**
 * `before` is JSON. `after` may be what people make of it: an undefined field is an absent one, and
 * parts of `before` in it are not looked into.
 */
export function jsonPatchOf(before: Fields, after: Fields): readonly PatchOperation[] {
  const operations: PatchOperation[] = [];
  compareFields(before, after, "", operations, compare);
  if (operations.length <= PATCH_OPERATIONS_MAX) return operations;
  const coarse: PatchOperation[] = [];
  compareFields(before, after, "", coarse, (old, value, path) => {
    if (!equalValues(old, value)) coarse.push({ op: "replace", path, value });
  });
  return coarse;
}

type Compare = (
  before: unknown,
  after: unknown,
  path: string,
  operations: PatchOperation[],
) => void;

function compare(
  before: unknown,
  after: unknown,
  path: string,
  operations: PatchOperation[],
): void {
  if (isFields(before) && isFields(after)) {
    compareFields(before, after, path, operations, compare);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length !== after.length) compareLists(before, after, path, operations);
    else after.forEach((each, at) => compare(before[at], each, `${path}/${at}`, operations));
  } else if (!equalValues(before, after)) {
    operations.push({ op: "replace", path, value: after ?? null });
  }
}

function compareFields(
  before: Fields,
  after: Fields,
  path: string,
  operations: PatchOperation[],
  both: Compare,
): void {
  for (const key of Object.keys(before)) {
    const value = own(after, key);
    if (value === before[key]) continue;
    const at = `${path}/${escaped(key)}`;
    if (value === undefined) operations.push({ op: "remove", path: at });
    else both(before[key], value, at, operations);
  }
  for (const key of Object.keys(after)) {
    if (Object.hasOwn(before, key) || after[key] === undefined) continue;
    operations.push({ op: "add", path: `${path}/${escaped(key)}`, value: after[key] });
  }
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
  operations: PatchOperation[],
): void {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && equalValues(before[head], after[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && equalValues(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
  const [oldEnd, newEnd] = [before.length - tail, after.length - tail];
  const bothEnd = Math.min(oldEnd, newEnd);
  for (let at = head; at < bothEnd; at += 1) {
    if (equalValues(before[at], after[at])) continue;
    operations.push({ op: "replace", path: `${path}/${at}`, value: after[at] ?? null });
  }
  for (let at = oldEnd - 1; at >= bothEnd; at -= 1) {
    operations.push({ op: "remove", path: `${path}/${at}` });
  }
  for (let at = bothEnd; at < newEnd; at += 1) {
    operations.push({ op: "add", path: `${path}/${at}`, value: after[at] ?? null });
  }
}

function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
