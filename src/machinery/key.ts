import { assert } from "../base/assert.ts";
import type { ApiObject } from "./object.ts";

/** Namespace and name. The namespace of a cluster-scoped object is "". */
export type ObjectKey = { readonly namespace: string; readonly name: string };

/** The key of an object that has a name. */
export function keyOf(object: ApiObject): ObjectKey {
  assert(object.metadata.name !== undefined, "a stored object has a name");
  return { namespace: object.metadata.namespace ?? "", name: object.metadata.name };
}

/** `namespace/name`, or `name` for cluster-scoped objects: for queues, maps and messages. */
export function keyText(key: ObjectKey): string {
  return key.namespace === "" ? key.name : `${key.namespace}/${key.name}`;
}

/** The inverse of `keyText`. */
export function parseKey(text: string): ObjectKey {
  const slash = text.indexOf("/");
  if (slash < 0) return { namespace: "", name: text };
  return { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** Order by namespace, then name: the order in which lists are served. */
export function compareKeys(a: ObjectKey, b: ObjectKey): number {
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}

/** Order by code unit: the same on every machine and locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
