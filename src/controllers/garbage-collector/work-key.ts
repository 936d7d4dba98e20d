/** Objects of all kinds share one queue, so a key of it also says the resource: `pods:web-1`. */
import type { ResourceType } from "../../client/resource-type.ts";
import { groupResource } from "../../machinery/gvk.ts";
import type { ObjectKey } from "../../machinery/key.ts";

/** Resources hold no colon, names of some kinds do: the first one separates. */
const SEPARATOR = ":";

/** The queue's key of the object of this kind at `key`. */
export function workKey(type: ResourceType, key: ObjectKey): ObjectKey {
  return { namespace: key.namespace, name: `${groupResource(type)}${SEPARATOR}${key.name}` };
}

/** The inverse; the resource as `groupResource` writes it. */
export function parseWorkKey(work: ObjectKey): {
  readonly resource: string;
  readonly key: ObjectKey;
} {
  const at = work.name.indexOf(SEPARATOR);
  const name = work.name.slice(at + 1);
  return { resource: work.name.slice(0, at), key: { namespace: work.namespace, name } };
}
