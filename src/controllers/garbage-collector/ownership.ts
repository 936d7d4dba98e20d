/**
 * Who owns whom, read from the informers of all kinds followed at the moment: by uid, never by
 * name, because a name can be used again. Of the objects it keeps nothing.
 */
import type { ResourceType } from "../../client/resource-type.ts";
import { UID_INDEX, type FollowedKind, type KindInformers } from "../../informer/kind-informers.ts";
import { OWNER_UID_INDEX } from "../../informer/lister.ts";
import type { SharedInformer } from "../../informer/shared-informer-types.ts";
import { FOREGROUND_FINALIZER, hasFinalizer } from "../../machinery/finalizers.ts";
import { groupResource, parseApiVersion } from "../../machinery/gvk.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import type { OwnerReference, Uid } from "../../machinery/object.ts";

/** An object and the kind it is of. */
export type Member = { readonly type: ResourceType; readonly object: ApiObject };

export class Ownership {
  readonly #kinds: KindInformers;
  /** The kinds the maps below were made of. */
  #made: readonly FollowedKind[] = [];
  #byResource = new Map<string, FollowedKind>();
  #byKind = new Map<string, FollowedKind>();

  constructor(kinds: KindInformers) {
    this.#kinds = kinds;
  }

  /** The kind followed as `resource`, e.g. `deployments.apps`. */
  typeOfResource(resource: string): ResourceType | undefined {
    this.#catchUp();
    return this.#byResource.get(resource)?.type;
  }

  /**
   * The kind a reference means, in the version that is followed; undefined if the server does not
   * serve the version in the reference.
   */
  typeOfReference(reference: OwnerReference): ResourceType | undefined {
    const { apiVersion, kind } = reference;
    const group = parseApiVersion(apiVersion)?.group;
    if (group === undefined || !this.#kinds.isServed(apiVersion, kind)) return undefined;
    this.#catchUp();
    return this.#byKind.get(kindText(group, kind))?.type;
  }

  informer(type: ResourceType): SharedInformer<ApiObject> | undefined {
    this.#catchUp();
    return this.#byResource.get(groupResource(type))?.informer;
  }

  /** The object with this uid, if the view has it. */
  find(type: ResourceType, uid: Uid): ApiObject | undefined {
    return this.informer(type)?.lister.byIndex(UID_INDEX, uid)[0];
  }

  /** Objects of all kinds that name `uid` as an owner. */
  dependentsOf(uid: Uid): readonly Member[] {
    return this.#kinds.kinds.flatMap(({ type, informer }) =>
      informer.lister.byIndex(OWNER_UID_INDEX, uid).map((object) => ({ type, object })),
    );
  }

  /** Resolves when every kind has been listed, so that no dependent is overlooked. */
  waitForSync(signal: AbortSignal): Promise<void> {
    return this.#kinds.waitForSync(signal);
  }

  /**
   * The dependents that a foreground deletion of `owner` has to wait for. One that itself waits for
   * the owner, over however many others, is none: in a circle nobody would ever be first.
   */
  blockersOf(owner: ApiObject): readonly ApiObject[] {
    const uid = owner.metadata.uid ?? "";
    return this.#blocking(uid).filter((dependent) => !this.#isWaitingFor(dependent, uid));
  }

  #catchUp(): void {
    const { kinds } = this.#kinds;
    if (kinds === this.#made) return;
    this.#made = kinds;
    this.#byResource = new Map(kinds.map((kind) => [groupResource(kind.type), kind]));
    this.#byKind = new Map(kinds.map((kind) => [kindText(kind.type.group, kind.type.kind), kind]));
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
