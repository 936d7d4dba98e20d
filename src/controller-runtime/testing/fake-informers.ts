/**
 * Informers fed by a `FakeStore` without a watch: events come on the next microtask, or later when
 * a test makes the view lag. They keep the promises of the real ones that controllers rely on:
 * order per object, the lister first and the listeners then, own writes shown at once.
 */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { Fifo } from "../../base/fifo.ts";
import { aborted } from "../../base/signals.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { Informers } from "../../informer/informers.ts";
import { OWNER_UID_INDEX } from "../../informer/lister.ts";
import type { IndexFunctions, Lister, OwnWrites } from "../../informer/lister.ts";
import { memoryOf, type MemoryFigure } from "../../informer/memory.ts";
import type {
  EventListener,
  Freshness,
  InformerEvent,
  Registration,
  SharedInformer,
} from "../../informer/shared-informer-types.ts";
import type { TypedIndex } from "../../informer/typed-index.ts";
import { compareKeys, keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import { matchesLabels } from "../../machinery/labels.ts";
import type { ApiObject, Uid } from "../../machinery/object.ts";
import { typed } from "./fake-client.ts";
import type { FakeStore, StoredEvent } from "./fake-store.ts";

/** How late the listers of a fake cluster are; shared by all its informers. */
export class FakeLag {
  readonly #env: Env;
  readonly #waiting = new Fifo<() => void>();
  #delayMs = 0;
  #isHeld = false;

  constructor(env: Env) {
    this.#env = env;
  }

  /** Delivers every later event after this long (0: at once). */
  set delayMs(delayMs: number) {
    this.#delayMs = delayMs;
  }

  /** Delivers nothing until `release()`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next();
  }

  deliver(event: () => void): void {
    const arrive = (): void => {
      if (this.#isHeld) this.#waiting.push(event);
      else event();
    };
    if (this.#delayMs > 0) this.#env.timers.after(this.#delayMs, arrive);
    else queueMicrotask(arrive);
  }
}

export function fakeInformers(store: FakeStore, lag: FakeLag): Informers {
  const informers = new Map<string, FakeInformer<ApiObject>>();
  const nameOf = (type: ResourceType): string =>
    `${type.group}/${type.resource}${type.metadataOf === undefined ? "" : " metadata"}`;
  const of = <T extends ApiObject>(type: ResourceType<T>): FakeInformer<T> => {
    const known = informers.get(nameOf(type)) ?? new FakeInformer<T>(type, store, lag);
    informers.set(nameOf(type), known as FakeInformer<ApiObject>);
    return known as FakeInformer<T>;
  };
  return {
    for: (type, indexes) => {
      const informer = of(type);
      if (indexes !== undefined) informer.addIndexes(indexes);
      return informer;
    },
    acquire: (type, indexes) => {
      const informer = of(type);
      if (indexes !== undefined) informer.addIndexes(indexes);
      return { informer, release: () => undefined };
    },
    peek: (type) => (informers.has(nameOf(type)) ? of(type) : undefined),
    run: (context) => aborted(context.signal),
    waitForSync: () => Promise.resolve(),
    status: () => [],
  };
}

type Overlay<T> =
  | { readonly kind: "wrote"; readonly object: T }
  | { readonly kind: "deleted"; readonly uid: Uid; readonly count: number };

class FakeInformer<T extends ApiObject> implements SharedInformer<T> {
  readonly lister: Lister<T>;
  readonly ownWrites: OwnWrites<T>;
  readonly #type: ResourceType<T>;
  readonly #lag: FakeLag;
  readonly #watched = new Map<string, T>();
  readonly #overlays = new Map<string, Overlay<T>>();
  readonly #indexes = new Map<string, (object: T) => readonly string[]>();
  readonly #listeners = new Set<EventListener<T>>();
  #revision: number;
  #deletions = 0;

  constructor(type: ResourceType<T>, store: FakeStore, lag: FakeLag) {
    this.#type = type;
    this.#lag = lag;
    this.#revision = store.revision;
    this.#indexes.set(OWNER_UID_INDEX, (object) =>
      (object.metadata.ownerReferences ?? []).map((owner) => owner.uid),
    );
    for (const object of store.list(type)) this.#watched.set(textOf(object), typed(type, object));
    store.subscribe(type, (event) => lag.deliver(() => this.#receive(event)));
    this.lister = {
      get: (key) => this.#view(keyText(key)),
      list: (options = {}) => this.#list(options),
      byIndex: (index, value) => this.#byIndex(index, value),
      by: (index, value) => this.by(index, value),
    };
    const deletions = (): number => this.#deletions;
    this.ownWrites = {
      get deletions(): number {
        return deletions();
      },
      wrote: (object, sentAfter) => this.#wrote(object, sentAfter),
      deleted: (key, uid) => this.#deleted(key, uid),
    };
  }

  by(index: TypedIndex<T>, value: string): readonly T[] {
    return this.#inOrder().filter((object) => index.valuesOf(object).includes(value));
  }

  addIndexes(indexes: IndexFunctions<T>): void {
    for (const [name, index] of Object.entries(indexes)) {
      if (!this.#indexes.has(name)) this.#indexes.set(name, index);
    }
  }

  addListener(listener: EventListener<T>): Registration {
    let isSynced = false;
    let isRemoved = false;
    this.#lag.deliver(() => {
      if (isRemoved) return;
      for (const object of this.#inOrder()) listener({ kind: "add", object, isInitial: true });
      this.#listeners.add(listener);
      isSynced = true;
    });
    return {
      hasSynced: () => isSynced,
      remove: () => {
        isRemoved = true;
        this.#listeners.delete(listener);
      },
    };
  }

  hasSynced(): boolean {
    return true;
  }

  revision(): number {
    return this.#revision;
  }

  freshness(): Freshness {
    return { revision: this.#revision, revisionsBehind: 0, silentMs: 0 };
  }

  memory(): MemoryFigure {
    const objects = this.#inOrder();
    return memoryOf(objects.length, (at) => objects[at]);
  }

  waitForSync(signal: AbortSignal): Promise<void> {
    return signal.aborted ? Promise.reject(signal.reason) : Promise.resolve();
  }

  run(context: Context): Promise<void> {
    return aborted(context.signal);
  }

  #receive({ kind, revision, object: stored }: StoredEvent): void {
    const object = typed(this.#type, stored);
    const text = textOf(object);
    const old = this.#watched.get(text);
    this.#revision = revision;
    if (kind === "DELETED") this.#watched.delete(text);
    else this.#watched.set(text, object);
    const overlay = this.#overlays.get(text);
    if (overlay !== undefined && isPassed(overlay, kind, object)) this.#overlays.delete(text);
    const event = eventOf(kind, old, object);
    for (const listener of this.#listeners) listener(event);
  }

  #wrote(object: T, sentAfter = 0): void {
    const { uid } = object.metadata;
    const overlay = this.#overlays.get(textOf(object));
    const isOfDeletedLife = overlay?.kind === "deleted" && overlay.uid === uid;
    if (isOfDeletedLife && sentAfter < overlay.count) return;
    const watched = this.#watched.get(textOf(object));
    if (revisionOf(object) <= Math.max(this.#revision, revisionOf(watched))) return;
    this.#overlays.set(textOf(object), { kind: "wrote", object });
  }

  #deleted(key: ObjectKey, uid: Uid): void {
    const shown = this.#view(keyText(key));
    if (shown?.metadata.uid !== uid) return;
    const count = (this.#deletions += 1);
    this.#overlays.set(keyText(key), { kind: "deleted", uid, count });
  }

  #view(text: string): T | undefined {
    const overlay = this.#overlays.get(text);
    if (overlay === undefined) return this.#watched.get(text);
    return overlay.kind === "wrote" ? overlay.object : undefined;
  }

  #inOrder(): readonly T[] {
    const texts = new Set([...this.#watched.keys(), ...this.#overlays.keys()]);
    const shown = [...texts].flatMap((text) => this.#view(text) ?? []);
    return shown.sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
  }

  #list({ namespace, labels }: Parameters<Lister<T>["list"]>[0] & object): readonly T[] {
    return this.#inOrder().filter(
      (object) =>
        (namespace === undefined || object.metadata.namespace === namespace) &&
        (labels === undefined || matchesLabels(labels, object.metadata.labels)),
    );
  }

  #byIndex(name: string, value: string): readonly T[] {
    const index = this.#indexes.get(name);
    if (index === undefined) throw new Error(`no index ${name} was declared`);
    return this.#inOrder().filter((object) => index(object).includes(value));
  }
}

function eventOf<T extends ApiObject>(
  kind: StoredEvent["kind"],
  old: T | undefined,
  object: T,
): InformerEvent<T> {
  if (kind === "DELETED") return { kind: "delete", object, isFinalStateUnknown: false };
  if (old === undefined) return { kind: "add", object, isInitial: false };
  return { kind: "update", old, object };
}

function isPassed<T extends ApiObject>(
  overlay: Overlay<T>,
  kind: StoredEvent["kind"],
  object: T,
): boolean {
  if (overlay.kind === "wrote") return revisionOf(object) >= revisionOf(overlay.object);
  return kind === "DELETED" || object.metadata.uid !== overlay.uid;
}

function revisionOf(object: ApiObject | undefined): number {
  return Number(object?.metadata.resourceVersion ?? 0);
}

function textOf(object: ApiObject): string {
  return keyText(keyOf(object));
}
