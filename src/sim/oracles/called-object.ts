/** What a call of a process is about, in the words of the store. */
import { keyPrefixOf } from "../../server/registry/resource.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { CallName } from "../actors/call-name.ts";

/** Kept under other names, or not at all: nothing is looked up for them. */
const UNKEPT_GROUPS: readonly string[] = [
  "authentication.k8s.io",
  "authorization.k8s.io",
  "events.k8s.io",
];
const UNKEPT: readonly string[] = ["events", "bindings", "componentstatuses"];

/** Whether calls of this resource read and write objects of the store under its own name. */
export function isKept({ group, resource }: CallName): boolean {
  return resource !== "" && !UNKEPT_GROUPS.includes(group) && !UNKEPT.includes(resource);
}

/** The beginning of all keys of the resource. */
export function prefixCalled({ group, resource }: CallName): string {
  return keyPrefixOf(group, resource);
}

/** The key of an object of the resource: of the one that the call names, or of this one. */
export function keyCalled(call: CallName, named: ObjectKey = namesOf(call)): string {
  const { namespace, name } = named;
  const place = namespace === "" ? "" : `${namespace}/`;
  return `${prefixCalled(call)}${place}${name}`;
}

/** A namespace counts as being in itself, and is kept in none. */
function namesOf({ group, resource, namespace, realName }: CallName): ObjectKey {
  const isNamespace = group === "" && resource === "namespaces";
  return { namespace: isNamespace ? "" : namespace, name: realName };
}
