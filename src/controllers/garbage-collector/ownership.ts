/**
 * Who owns whom, read from the informers of all known kinds: by uid, never by name, because a name
 * can be used again. Keeps nothing of its own.
 */
import type { ResourceType } from "../../client/resource-type.ts";
import type { Informers } from "../../informer/informers.ts";
import { OWNER_UID_INDEX } from "../../informer/lister.ts";
import type { SharedInformer } from "../../informer/shared-informer-types.ts";
import { FOREGROUND_FINALIZER, hasFinalizer } from "../../machinery/finalizers.ts";
import { groupResource, parseApiVersion } from "../../machinery/gvk.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import type { OwnerReference, Uid } from "../../machinery/object.ts";

const UID_INDEX = "uid";

/** An object and the kind it is of. */
export type Member = { readonly type: ResourceType; readonly object: ApiObject };

export class Ownership {
  readonly types: readonly ResourceType[];
  readonly #informers = new Map<ResourceType, SharedInformer<ApiObject>>();
  readonly #byResource = new Map<string, ResourceType>();
  readonly #byKind = new Map<string, ResourceType>();

  constructor(types: readonly ResourceType[], informers: Informers) {
    this.types = types;
    for (const type of types) {
      const indexes = { [UID_INDEX]: (object: ApiObject) => [object.metadata.uid ?? ""] };
      this.#informers.set(type, informers.for(type, indexes));
      this.#byResource.set(groupResource(type), type);
      this.#byKind.set(kindText(type.group, type.kind), type);
    }
  }

  /** The known kind served as `resource`, e.g. `deployments.apps`. */
  typeOfResource(resource: string): ResourceType | undefined {
    return this.#byResource.get(resource);
  }

  /** The known kind a reference means, whatever its version. */
  typeOfReference(reference: OwnerReference): ResourceType | undefined {
    const group = parseApiVersion(reference.apiVersion)?.group;
    return group === undefined ? undefined : this.#byKind.get(kindText(group, reference.kind));
  }

  informer(type: ResourceType): SharedInformer<ApiObject> {
    const informer = this.#informers.get(type);
    if (informer === undefined) throw new RangeError(`no informer of ${type.resource}`);
    return informer;
  }

  /** The object with this uid, if the view has it. */
  find(type: ResourceType, uid: Uid): ApiObject | undefined {
    return this.informer(type).lister.byIndex(UID_INDEX, uid)[0];
  }

  /** Objects of all kinds that name `uid` as an owner. */
  dependentsOf(uid: Uid): readonly Member[] {
    return this.types.flatMap((type) =>
      this.informer(type)
        .lister.byIndex(OWNER_UID_INDEX, uid)
        .map((object) => ({ type, object })),
    );
  }

  /**
   * The dependents that a foreground deletion of `owner` has to wait for. One that itself waits for
   * the owner, over however many others, is none: in a circle nobody would ever be first.
   */
  blockersOf(owner: ApiObject): readonly ApiObject[] {
    const uid = owner.metadata.uid ?? "";
    return this.#blocking(uid).filter((dependent) => !this.#isWaitingFor(dependent, uid));
  }

  #blocking(uid: Uid): readonly ApiObject[] {
    const dependents = this.dependentsOf(uid).map(({ object }) => object);
    return dependents.filter((object) => isBlocking(object, uid));
  }

  #isWaitingFor(start: ApiObject, uid: Uid): boolean {
    const seen = new Set<Uid>();
    const pending = [start];
    for (let object = pending.pop(); object !== undefined; object = pending.pop()) {
      const own = object.metadata.uid ?? "";
      if (own === uid) return true;
      if (seen.has(own) || !isDeletingDependents(object)) continue;
      seen.add(own);
      pending.push(...this.#blocking(own));
    }
    return false;
  }
}

/** Whether the object stays until its blocking dependents have gone. */
export function isDeletingDependents(object: ApiObject): boolean {
  return isTerminating(object) && hasFinalizer(object, FOREGROUND_FINALIZER);
}

/** Whether `dependent` says that its owner with this uid may not go before it. */
function isBlocking(dependent: ApiObject, ownerUid: Uid): boolean {
  const references = dependent.metadata.ownerReferences ?? [];
  return references.some(({ uid, blockOwnerDeletion }) => {
    return uid === ownerUid && blockOwnerDeletion === true;
  });
}

function kindText(group: string, kind: string): string {
  return `${group}/${kind}`;
}
