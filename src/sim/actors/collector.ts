/**
 * The garbage collector of a run, as a part of the environment: it sees the store itself, so that a
 * run pays for no views of every kind. It does what the real one promises: what has owners and none
 * of them left is deleted, foreground deletions wait for who blocks them, orphans are set free.
 */
import { type Context, rootContext } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { RestClient } from "../../client/rest-client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { Transport } from "../../client/transport.ts";
import { parseApiVersion } from "../../machinery/gvk.ts";
import { keyOf } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import type { Actor } from "../kernel/actor.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { LiveState } from "../world/state.ts";
import { resourceOf } from "../world/state.ts";

export type CollectorDeps = {
  readonly kernel: Kernel;
  readonly actor: Actor;
  readonly env: Env;
  readonly transport: Transport;
  readonly state: LiveState;
};

const DELAY_MS = 1_000;
const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";

export class SimCollector {
  readonly #deps: CollectorDeps;
  readonly #client: RestClient;
  readonly #context: Context;
  #isDue = false;

  constructor(deps: CollectorDeps) {
    const { env, transport } = deps;
    this.#deps = deps;
    this.#client = new RestClient({ transport, env }, { fieldManager: "garbage-collector" });
    this.#context = rootContext(env, new AbortController().signal);
  }

  /** A write; it looks again a moment later if that may concern it. */
  see(after: ApiObject | undefined, before: ApiObject | undefined): void {
    const isGone = after === undefined && before !== undefined;
    const isWaiting = after?.metadata.deletionTimestamp !== undefined && isHeld(after);
    const isOwned = before === undefined && (after?.metadata.ownerReferences ?? []).length > 0;
    if (isGone || isWaiting || isOwned) this.#look();
  }

  #look(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const { kernel, actor } = this.#deps;
    kernel.post(actor, "", DELAY_MS, () => {
      this.#isDue = false;
      void this.#collect();
    });
  }

  async #collect(): Promise<void> {
    const objects = [...this.#deps.state.entries()].map(([key, object]) => ({
      resource: resourceOf(key),
      object: object.value,
    }));
    const uids = new Set(objects.map(({ object }) => object.metadata.uid));
    for (const item of objects) {
      const { metadata } = item.object;
      const owners = metadata.ownerReferences ?? [];
      const isOrphan = owners.length > 0 && owners.every(({ uid }) => !uids.has(uid));
      if (isOrphan && metadata.deletionTimestamp === undefined) await this.#delete(item);
      if (metadata.deletionTimestamp !== undefined && isHeld(item.object)) {
        await this.#release(item, objects);
      }
    }
  }

  /** Dependents first; when those that block are gone, or set free, the object may go. */
  async #release(owner: Item, objects: readonly Item[]): Promise<void> {
    const { uid, finalizers = [] } = owner.object.metadata;
    const dependents = objects.filter(({ object }) =>
      (object.metadata.ownerReferences ?? []).some((reference) => reference.uid === uid),
    );
    const isForeground = finalizers.includes(FOREGROUND);
    for (const dependent of dependents) {
      if (isForeground) await this.#delete(dependent, "Foreground");
      else await this.#free(dependent, uid);
    }
    const isBlocked = dependents.some(({ object }) =>
      (object.metadata.ownerReferences ?? []).some(
        (reference) => reference.uid === uid && reference.blockOwnerDeletion === true,
      ),
    );
    if (isForeground && isBlocked) return;
    const left = finalizers.filter((finalizer) => finalizer !== FOREGROUND && finalizer !== ORPHAN);
    await this.#patch(owner, { finalizers: left });
  }

  async #free(dependent: Item, ownerUid: string | undefined): Promise<void> {
    const kept = (dependent.object.metadata.ownerReferences ?? []).filter(
      ({ uid }) => uid !== ownerUid,
    );
    await this.#patch(dependent, { ownerReferences: kept });
  }

  async #patch(item: Item, metadata: object): Promise<void> {
    const { resourceVersion } = item.object.metadata;
    const patch = { metadata: { ...metadata, resourceVersion } };
    await this.#quietly(() =>
      this.#client.patch(typeOf(item), keyOf(item.object), { kind: "merge", patch }, this.#context),
    );
  }

  async #delete(item: Item, propagationPolicy?: "Foreground"): Promise<void> {
    const { uid, deletionTimestamp } = item.object.metadata;
    if (deletionTimestamp !== undefined) return;
    await this.#quietly(() =>
      this.#client.delete(typeOf(item), keyOf(item.object), this.#context, {
        ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      }),
    );
  }

  /** Who was faster has changed the object: then it is looked at again. */
  async #quietly(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (isStatus(error, "NotFound")) return;
      if (isStatus(error, "Conflict")) this.#look();
      else this.#deps.env.log.error("the simulated garbage collector has failed", { error });
    }
  }
}

type Item = { readonly resource: string; readonly object: ApiObject };

function isHeld({ metadata }: ApiObject): boolean {
  const { finalizers = [] } = metadata;
  return finalizers.includes(FOREGROUND) || finalizers.includes(ORPHAN);
}

function typeOf({ resource, object }: Item): ResourceType {
  const { apiVersion = "", kind = "", metadata } = object;
  const isNamespaced = metadata.namespace !== undefined;
  const { group, version } = parseApiVersion(apiVersion) ?? { group: "", version: apiVersion };
  return { group, version, kind, resource, isNamespaced };
}
