/**
 * Server-side apply that sends nothing when nothing would change.
 *
 * An apply is left out if this process applied the very same before, to the same object, and the
 * object has not been written since or still has all of it. After a restart each object is applied
 * once: the server makes no new revision of an apply that changes nothing.
 */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import { typeKey, type ResourceType } from "../../client/resource-type.ts";
import type { Informers } from "../../informer/informers.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject, Fields } from "../../machinery/object.ts";
import { covers } from "./covers.ts";

export type ApplierDeps = {
  readonly client: Client;
  readonly informers: Informers;
};

/** What was applied last, and what came of it. */
type Applied = {
  readonly wanted: Fields;
  readonly uid: string | undefined;
  /** Of the object as it was right after. */
  resourceVersion: string | undefined;
};

export class Applier {
  readonly #deps: ApplierDeps;
  readonly #fieldManager: string;
  /** By kind and object. An entry is as long-lived as the owner that it was applied for. */
  readonly #applied = new Map<string, Applied>();
  readonly #byOwner = new Map<string, Set<string>>();

  constructor(deps: ApplierDeps, fieldManager: string) {
    this.#deps = deps;
    this.#fieldManager = fieldManager;
  }

  /** `owner`: on whose behalf, as the text of its key. */
  async apply<T extends ApiObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    wanted: Fields,
    call: { readonly owner: string; readonly isForced: boolean; readonly context: Context },
  ): Promise<T> {
    const { client, informers } = this.#deps;
    const name = `${typeKey(type)} ${keyText(key)}`;
    const present = informers.peek(type)?.lister.get(key);
    const before = this.#applied.get(name);
    if (present !== undefined && before !== undefined && isDone(present, before, wanted)) {
      before.resourceVersion = present.metadata.resourceVersion;
      return present;
    }
    const object = { apiVersion: apiVersionOf(type), kind: type.kind, ...wanted };
    const patch = { kind: "apply", object, isForced: call.isForced } as const;
    const options = { fieldManager: this.#fieldManager };
    const answer = await client.patch(type, key, patch, call.context, options);
    const { uid, resourceVersion } = answer.metadata;
    this.#applied.set(name, { wanted, uid, resourceVersion });
    this.#noteOwner(call.owner, name);
    return answer;
  }

  /** The object was deleted: what was applied counts no more. */
  forget(type: ResourceType, key: ObjectKey): void {
    this.#applied.delete(`${typeKey(type)} ${keyText(key)}`);
  }

  /** The owner is gone, and with it the memory of what was applied for it. */
  forgetOwner(owner: string): void {
    for (const name of this.#byOwner.get(owner) ?? []) this.#applied.delete(name);
    this.#byOwner.delete(owner);
  }

  /** How many objects it remembers. */
  get size(): number {
    return this.#applied.size;
  }

  #noteOwner(owner: string, name: string): void {
    const names = this.#byOwner.get(owner) ?? new Set();
    this.#byOwner.set(owner, names.add(name));
  }
}

function isDone(present: ApiObject, before: Applied, wanted: Fields): boolean {
  const { uid, resourceVersion } = present.metadata;
  if (uid !== before.uid || !equalValues(before.wanted, wanted)) return false;
  return resourceVersion === before.resourceVersion || covers(present, wanted);
}

/** The key that an intent names; `namespace` where it names none. */
export function intendedKey(
  type: ResourceType,
  metadata: { readonly name: string; readonly namespace?: string },
  namespace: string,
): ObjectKey {
  if (!type.isNamespaced) return { namespace: "", name: metadata.name };
  return keyOf({ metadata: { ...metadata, namespace: metadata.namespace ?? namespace } });
}
