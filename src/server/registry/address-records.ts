/**
 * One `IPAddress` for each address that a service has, by which people see what is taken. They are
 * written before the service and go after it, as upstream; what a crash leaves behind is set right
 * when the server starts. They are the server's own writes: no admission is asked.
 */
import type { IPAddress } from "../../apis/networking/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { keyText, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { ConflictError, ExistsError, NotFoundError, type Store } from "../../store/store.ts";
import { causeRow } from "./cause.ts";
import { trackedEntries } from "./managed-fields.ts";
import { canonical, stampNew, withOwners } from "./metadata.ts";
import { objectOf, toStored } from "./read.ts";
import { storeKey, type Resource, type Resources } from "./resource.ts";

const MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
const FAMILY = "ipaddress.kubernetes.io/ip-family";
/** What the label says of records that this server keeps. */
export const ADDRESS_KEEPER = "ipallocator.k8s.io";
const MANAGER = "kube-apiserver";
const WRITER = { user: "system:apiserver", manager: MANAGER };

export type AddressRecordsDeps = {
  readonly env: Env;
  readonly store: Store;
  readonly resources: Resources;
  /** That of IP addresses. */
  readonly resource: Resource;
};

/** The records of addresses in the store. */
export class AddressRecords {
  readonly #deps: AddressRecordsDeps;

  constructor(deps: AddressRecordsDeps) {
    this.#deps = deps;
  }

  /** Whether somebody else is written down for the address. */
  async isTaken(address: string, holder: ObjectKey, context: Context): Promise<boolean> {
    const { store, resource } = this.#deps;
    const entry = await store.get(this.#key(address), context);
    return entry !== undefined && !isOf(objectOf(entry, resource).value, holder);
  }

  /** Writes down whose the address is, unless it is written already. */
  async enter(address: string, holder: ObjectKey, context: Context): Promise<void> {
    const { env, store, resource } = this.#deps;
    const key = this.#key(address);
    if ((await store.get(key, context)) !== undefined) return;
    const { bytes } = await toStored(await this.#made(address, holder, context), resource, context);
    try {
      await store.create(key, bytes, causeRow("create", WRITER, env, context), context);
    } catch (error) {
      if (!(error instanceof ExistsError)) throw error;
    }
  }

  /** Strikes out what is written for this holder. */
  async leave(address: string, holder: ObjectKey, context: Context): Promise<void> {
    const { env, store, resource } = this.#deps;
    for (;;) {
      const entry = await store.get(this.#key(address), context);
      if (entry === undefined || !isOf(objectOf(entry, resource).value, holder)) return;
      const cause = causeRow("delete", WRITER, env, context);
      try {
        await store.delete(entry.key, entry.revision, cause, context);
        return;
      } catch (error) {
        if (error instanceof NotFoundError) return;
        if (!(error instanceof ConflictError)) throw error;
      }
    }
  }

  /** Records that this server kept: addresses, and whose they are said to be. */
  async kept(context: Context): Promise<readonly (readonly [string, ObjectKey])[]> {
    const { store, resource } = this.#deps;
    const { entries } = await store.range({ prefix: resource.keyPrefix }, context);
    return entries.flatMap((entry) => {
      const record = asRecord(objectOf(entry, resource).value);
      const { name = "", labels = {} } = record.metadata;
      return labels[MANAGED_BY] === ADDRESS_KEEPER ? [[name, holderIn(record)] as const] : [];
    });
  }

  #key(address: string): string {
    return storeKey(this.#deps.resource, { namespace: "", name: address });
  }

  async #made(address: string, holder: ObjectKey, context: Context): Promise<ApiObject> {
    const { env, resource, resources } = this.#deps;
    const record: IPAddress = {
      apiVersion: "networking.k8s.io/v1",
      kind: "IPAddress",
      metadata: { labels: { [FAMILY]: "IPv4", [MANAGED_BY]: ADDRESS_KEEPER } },
      spec: { parentRef: { resource: "services", ...holder } },
    };
    const stamp = { name: address, uid: env.ids.uuid(), nowMs: env.clock.now() };
    const next = canonical(stampNew(record, stamp, resource), resource);
    const writer = { resource, subresource: "", manager: MANAGER };
    const change = { live: undefined, next, sent: undefined };
    return withOwners(next, await trackedEntries(change, writer, { env, resources }, context));
  }
}

function isOf(object: ApiObject, holder: ObjectKey): boolean {
  return keyText(holderIn(asRecord(object))) === keyText(holder);
}

function holderIn({ spec: { parentRef } }: IPAddress): ObjectKey {
  const isService = (parentRef.group ?? "") === "" && parentRef.resource === "services";
  return isService
    ? { namespace: parentRef.namespace ?? "", name: parentRef.name }
    : { namespace: "", name: "" };
}

/** Only objects that were validated as IP addresses are stored there. */
function asRecord(object: ApiObject): IPAddress {
  return object as IPAddress;
}
