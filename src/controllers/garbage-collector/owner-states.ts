/**
 * Whether the owners of an object are there. The view may be late or may never have seen an owner,
 * so what is missing in it is asked for at the server before anything is deleted for its absence.
 */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { EventRecorder } from "../../client/event-recorder-types.ts";
import { groupResource } from "../../machinery/gvk.ts";
import type { ApiObject, OwnerReference, Uid } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { AbsentOwners } from "./absent-owners.ts";
import { isDeletingDependents, type Member, type Ownership } from "./ownership.ts";
import type { OwnerState } from "./plan.ts";

export class OwnerStates {
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #ownership: Ownership;
  readonly #absent = new AbsentOwners();

  constructor(deps: {
    readonly client: Client;
    readonly recorder: EventRecorder;
    readonly ownership: Ownership;
  }) {
    this.#client = deps.client;
    this.#recorder = deps.recorder;
    this.#ownership = deps.ownership;
  }

  /** The state of each owner that the object names, by uid. */
  async of(member: Member, context: Context): Promise<ReadonlyMap<Uid, OwnerState>> {
    const states = new Map<Uid, OwnerState>();
    for (const reference of member.object.metadata.ownerReferences ?? []) {
      states.set(reference.uid, await this.#stateOf(reference, member, context));
    }
    return states;
  }

  async #stateOf(reference: OwnerReference, member: Member, context: Context): Promise<OwnerState> {
    const type = this.#ownership.typeOfReference(reference);
    if (type === undefined) return "unknown";
    const seen = this.#ownership.find(type, reference.uid);
    if (seen !== undefined && isInReach(seen, type, member)) return stateOfPresent(seen);
    if (seen !== undefined) this.#reportNamespace(reference, member);
    // An owner in some namespace cannot be looked up from outside all namespaces.
    if (type.isNamespaced && !member.type.isNamespaced) return "unknown";
    return this.#ask(reference, type, member, context);
  }

  async #ask(
    reference: OwnerReference,
    type: ResourceType,
    member: Member,
    context: Context,
  ): Promise<OwnerState> {
    const namespace = type.isNamespaced ? (member.object.metadata.namespace ?? "") : "";
    const text = `${groupResource(type)}/${namespace}/${reference.name}/${reference.uid}`;
    if (this.#absent.has(text)) return "dangling";
    const live = await this.#get(type, { namespace, name: reference.name }, context);
    if (live?.metadata.uid === reference.uid) return stateOfPresent(live);
    this.#absent.add(text);
    return "dangling";
  }

  async #get(
    type: ResourceType,
    key: { readonly namespace: string; readonly name: string },
    context: Context,
  ): Promise<ApiObject | undefined> {
    try {
      return await this.#client.get(type, key, context);
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }

  #reportNamespace(reference: OwnerReference, { type, object }: Member): void {
    const { namespace = "" } = object.metadata;
    const { apiVersion, kind, name, uid } = reference;
    const owner = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
    const message = `ownerRef ${owner} does not exist in namespace ${JSON.stringify(namespace)}`;
    this.#recorder.warning(object, type, "OwnerRefInvalidNamespace", message);
  }
}

/** Owners are cluster-scoped or of the same namespace. */
function isInReach(owner: ApiObject, type: ResourceType, member: Member): boolean {
  return !type.isNamespaced || owner.metadata.namespace === member.object.metadata.namespace;
}

function stateOfPresent(owner: ApiObject): OwnerState {
  return isDeletingDependents(owner) ? "waiting" : "solid";
}
