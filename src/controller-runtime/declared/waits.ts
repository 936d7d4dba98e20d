/**
 * Who waits for what. A key that needs an object which is not there, or not ready, is woken the
 * moment it is: neither polled nor punished with a growing delay.
 */
import type { ResourceType } from "../../client/resource-type.ts";
import type { Informers } from "../../informer/informers.ts";
import type { Registration } from "../../informer/shared-informer-types.ts";
import { gvrKey } from "../../machinery/gvk.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { channelSource, type ChannelSource } from "../sources/sources.ts";
import type { Trigger } from "../sources/source.ts";

type Waiting = {
  readonly key: ObjectKey;
  /** Looks at the object as the lister has it now. */
  readonly isOver: () => boolean;
};

/** All that is waited for in one kind: by object, then by who waits. */
type KindWaits = {
  readonly byObject: Map<string, Map<string, Waiting>>;
  readonly registration: Registration;
};

/** One object that is waited for. */
type Place = { readonly byObject: KindWaits["byObject"]; readonly object: string };

export class Waits {
  /** Wakes those whose wait has ended. */
  readonly source: ChannelSource = channelSource("waits");
  readonly #informers: Informers;
  readonly #kinds = new Map<string, KindWaits>();
  /** Where each key waits, or has waited since it was last forgotten. */
  readonly #ofWaiter = new Map<string, Place[]>();

  constructor(informers: Informers) {
    this.#informers = informers;
  }

  /**
   * Wakes `key` once, as soon as the object is there and ready; at once if it is already. A later
   * wait of the same key for the same object takes the place of this one.
   */
  add<T extends ApiObject>(
    key: ObjectKey,
    type: ResourceType<T>,
    object: ObjectKey,
    isReady: (object: T) => boolean,
  ): void {
    const informer = this.#informers.for(type);
    const known = this.#kinds.get(gvrKey(type));
    const kind = known ?? { byObject: new Map(), registration: this.#listen(type) };
    if (known === undefined) this.#kinds.set(gvrKey(type), kind);
    const isOver = (): boolean => {
      const present = informer.lister.get(object);
      return present !== undefined && isReady(present);
    };
    const present = informer.lister.get(object);
    if (present !== undefined && isOver()) {
      this.source.wake(key, triggerOf(present));
      return;
    }
    const waiting = kind.byObject.get(keyText(object)) ?? new Map<string, Waiting>();
    waiting.set(keyText(key), { key, isOver });
    kind.byObject.set(keyText(object), waiting);
    const places = this.#ofWaiter.get(keyText(key)) ?? [];
    places.push({ byObject: kind.byObject, object: keyText(object) });
    this.#ofWaiter.set(keyText(key), places);
  }

  /** Nothing of this key waits any more. Asked before each run: it looks at its own waits only. */
  forget(key: ObjectKey): void {
    const who = keyText(key);
    for (const { byObject, object } of this.#ofWaiter.get(who) ?? []) {
      const waiting = byObject.get(object);
      waiting?.delete(who);
      if (waiting?.size === 0) byObject.delete(object);
    }
    this.#ofWaiter.delete(who);
  }

  /** How many waits there are. */
  get size(): number {
    let size = 0;
    for (const { byObject } of this.#kinds.values()) {
      for (const waiting of byObject.values()) size += waiting.size;
    }
    return size;
  }

  #listen<T extends ApiObject>(type: ResourceType<T>): Registration {
    return this.#informers.for(type).addListener((event) => {
      if (event.kind !== "delete") this.#seen(gvrKey(type), event.object);
    });
  }

  #seen(kind: string, object: ApiObject): void {
    const byObject = this.#kinds.get(kind)?.byObject;
    const text = keyText(keyOf(object));
    const waiting = byObject?.get(text);
    if (byObject === undefined || waiting === undefined) return;
    for (const [who, { key, isOver }] of waiting) {
      if (!isOver()) continue;
      waiting.delete(who);
      this.source.wake(key, triggerOf(object));
    }
    if (waiting.size === 0) byObject.delete(text);
  }
}

function triggerOf(object: ApiObject): Trigger {
  const { kind = "object", metadata } = object;
  const revision = Number(metadata.resourceVersion ?? 0);
  return { kind: "event", revision, object: `${kind} ${keyText(keyOf(object))}` };
}
