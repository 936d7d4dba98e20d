/**
 * The informer of `metadataOf(kind)`. Where the process keeps a view of the whole kind for good,
 * this is another look at that one: nothing more is asked for or kept, and the two never disagree.
 * Where it does not, this is a view of its own, for which only metadata goes over the wire.
 *
 * When somebody asks for the whole kind later, the view of its own is kept until the whole one has
 * come as far, and is then let go of. Listeners are told the difference, which is mostly nothing.
 */
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { aborted, childSignal } from "../base/signals.ts";
import { metadataPart, type PartialObjectMetadata } from "../client/metadata-of.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { compareKeys, keyOf, keyText, type ObjectKey } from "../machinery/key.ts";
import type { ApiObject, Uid } from "../machinery/object.ts";
import type { Keep } from "./kept.ts";
import { OWNER_UID_INDEX, type IndexFunctions, type Lister, type OwnWrites } from "./lister.ts";
import type { MemoryFigure } from "./memory.ts";
import { isSameState } from "./resource-version.ts";
import type { ReflectingInformer } from "./shared-informer.ts";
import type {
  EventListener,
  Freshness,
  InformerEvent,
  ListenerOptions,
  Registration,
  SharedInformer,
} from "./shared-informer-types.ts";
import type { TypedIndex } from "./typed-index.ts";

/** How often it is looked whether the whole view has come as far as this one. */
const CATCH_UP_LOOK_MS = 100;

type Part = PartialObjectMetadata;

export type MetadataViewDeps = {
  readonly type: ResourceType<Part>;
  /** What is kept of the metadata of an object of the whole view. */
  readonly keep: Keep<Part>;
  /** Makes the view of its own; called at most once, and never if there is a whole one. */
  readonly makeOwn: (indexes: IndexFunctions<Part>) => ReflectingInformer<Part>;
  readonly env: Env;
};

type Entry = {
  readonly listener: EventListener<Part>;
  readonly options: ListenerOptions;
  registration: Registration;
};

/** Where the objects are read from, until `changed` aborts. */
type Backing = { readonly changed: AbortController } & (
  | { readonly kind: "own"; readonly informer: ReflectingInformer<Part> }
  | { readonly kind: "whole"; readonly informer: ReflectingInformer<ApiObject> }
);

export class MetadataView implements SharedInformer<Part> {
  readonly lister: Lister<Part>;
  readonly ownWrites: OwnWrites<Part>;
  readonly #deps: MetadataViewDeps;
  readonly #entries = new Set<Entry>();
  readonly #typed = new Map<TypedIndex<Part>, TypedIndex<ApiObject>>();
  #indexes: IndexFunctions<Part>;
  #backing: Backing;
  /** A whole view that is waited for. */
  #coming: ReflectingInformer<ApiObject> | undefined;
  #wakeRun: () => void = () => undefined;

  constructor(
    deps: MetadataViewDeps,
    whole: ReflectingInformer<ApiObject> | undefined,
    indexes: IndexFunctions<Part>,
  ) {
    this.#deps = deps;
    this.#indexes = indexes;
    const changed = new AbortController();
    if (whole === undefined) {
      this.#backing = { kind: "own", informer: deps.makeOwn(indexes), changed };
    } else {
      this.#backing = { kind: "whole", informer: whole, changed };
      whole.addIndexes(this.#ofWhole(indexes));
    }
    this.lister = this.#makeLister();
    const deletions = (): number => this.#backing.informer.ownWrites.deletions;
    this.ownWrites = {
      get deletions(): number {
        return deletions();
      },
      // The whole view is told the whole object, by whoever wrote it.
      wrote: (object, sentAfter) => {
        const { kind, informer } = this.#backing;
        if (kind === "own") informer.ownWrites.wrote(object, sentAfter);
      },
      deleted: (key: ObjectKey, uid: Uid) => this.#backing.informer.ownWrites.deleted(key, uid),
    };
  }

  get lastError(): unknown {
    return this.#backing.informer.lastError;
  }

  /** Goes over to `whole` as soon as that shows no older state than this does. */
  adopt(whole: ReflectingInformer<ApiObject>): void {
    if (this.#backing.kind === "whole" || this.#coming !== undefined) return;
    if (this.#backing.informer.hasSynced()) {
      this.#coming = whole;
      this.#wakeRun();
    } else {
      this.#switchTo(whole);
    }
  }

  addIndexes(indexes: IndexFunctions<Part>): void {
    this.#indexes = { ...indexes, ...this.#indexes };
    if (this.#backing.kind === "own") this.#backing.informer.addIndexes(indexes);
    else this.#backing.informer.addIndexes(this.#ofWhole(indexes));
  }

  by(index: TypedIndex<Part>, value: string): readonly Part[] {
    return this.lister.by(index, value);
  }

  addListener(listener: EventListener<Part>, options: ListenerOptions = {}): Registration {
    const entry = { listener, options, registration: NOT_REGISTERED };
    this.#entries.add(entry);
    entry.registration = this.#register(entry, new Map());
    return {
      hasSynced: () => entry.registration.hasSynced(),
      remove: () => {
        this.#entries.delete(entry);
        entry.registration.remove();
      },
    };
  }

  hasSynced(): boolean {
    return this.#backing.informer.hasSynced();
  }

  revision(): number {
    return this.#backing.informer.revision();
  }

  freshness(): Freshness {
    return this.#backing.informer.freshness();
  }

  /** Objects of the whole view are counted there: to look at them takes nothing. */
  memory(): MemoryFigure {
    const { kind, informer } = this.#backing;
    return kind === "own" ? informer.memory() : { objects: informer.memory().objects, bytes: 0 };
  }

  async waitForSync(signal: AbortSignal): Promise<void> {
    while (!this.hasSynced()) {
      const { informer, changed } = this.#backing;
      await untilEither(signal, changed.signal, (either) => informer.waitForSync(either));
    }
  }

  async run(context: Context): Promise<void> {
    while (!context.signal.aborted) {
      const backing = this.#backing;
      const { changed } = backing;
      await untilEither(context.signal, changed.signal, async (signal) => {
        // Whoever made the whole view runs it.
        if (backing.kind === "whole") return aborted(signal);
        await Promise.all([backing.informer.run({ ...context, signal }), this.#catchUp(signal)]);
      });
    }
  }

  async #catchUp(signal: AbortSignal): Promise<void> {
    const { timers } = this.#deps.env;
    while (!signal.aborted) {
      const whole = this.#coming;
      if (whole === undefined) {
        await asked(signal, (wake) => (this.#wakeRun = wake));
      } else if (whole.hasSynced() && whole.revision() >= this.revision()) {
        this.#switchTo(whole);
      } else {
        await timers.sleep(CATCH_UP_LOOK_MS, signal).catch(() => undefined);
      }
    }
  }

  #switchTo(whole: ReflectingInformer<ApiObject>): void {
    const { informer: old, changed } = this.#backing;
    this.#coming = undefined;
    const told = new Map<string, Part>();
    old.addListener(({ object }) => told.set(keyText(keyOf(object)), this.#part(object))).remove();
    this.#backing = { kind: "whole", informer: whole, changed: new AbortController() };
    whole.addIndexes(this.#ofWhole(this.#indexes));
    for (const entry of this.#entries) {
      entry.registration.remove();
      entry.registration = this.#register(entry, new Map(told));
    }
    changed.abort();
  }

  /** `told`: what the listener knows already. It is told of the difference. */
  #register(entry: Entry, told: Map<string, Part>): Registration {
    const { listener, options } = entry;
    if (this.#backing.kind === "own") return this.#backing.informer.addListener(listener, options);
    let isCatchingUp = true;
    const isFirst = told.size === 0;
    const registration = this.#backing.informer.addListener((event) => {
      const seen = this.#seen(event);
      if (!isCatchingUp || isFirst) return listener(seen);
      const { object } = seen;
      const id = keyText(keyOf(object));
      const old = told.get(id);
      told.delete(id);
      if (old === undefined) listener({ kind: "add", object, isInitial: false });
      else if (!isSameState(old, object)) listener({ kind: "update", old, object });
    }, options);
    isCatchingUp = false;
    for (const object of [...told.values()].sort((a, b) => compareKeys(keyOf(a), keyOf(b)))) {
      this.#tell(listener, { kind: "delete", object, isFinalStateUnknown: true });
    }
    return registration;
  }

  #tell(listener: EventListener<Part>, event: InformerEvent<Part>): void {
    try {
      listener(event);
    } catch (error) {
      const { namespace, name } = event.object.metadata;
      const fields = { event: event.kind, object: { namespace, name }, error };
      this.#deps.env.log.error("a listener of an informer threw; it misses this event", fields);
    }
  }

  #seen(event: InformerEvent<ApiObject>): InformerEvent<Part> {
    const object = this.#part(event.object);
    if (event.kind !== "update") return { ...event, object };
    const isSame = event.old === event.object;
    return { kind: "update", old: isSame ? object : this.#part(event.old), object };
  }

  #part(object: ApiObject): Part {
    const { keep, type } = this.#deps;
    return this.#backing.kind === "own" ? object : keep(metadataPart(type, object));
  }

  /** The same functions, for whole objects; beside those of the whole view itself. */
  #ofWhole(indexes: IndexFunctions<Part>): IndexFunctions<ApiObject> {
    return Object.fromEntries(
      Object.entries(indexes).map(([name, valuesOf]) => [
        nameInWhole(name),
        (object) => valuesOf(this.#part(object)),
      ]),
    );
  }

  #typedInWhole(index: TypedIndex<Part>): TypedIndex<ApiObject> {
    const there = this.#typed.get(index);
    if (there !== undefined) return there;
    const valuesOf = (object: ApiObject): readonly string[] => index.valuesOf(this.#part(object));
    const made = { type: index.type, valuesOf };
    this.#typed.set(index, made);
    return made;
  }

  #makeLister(): Lister<Part> {
    const part = (object: ApiObject): Part => this.#part(object);
    return {
      get: (key) => {
        const object = this.#backing.informer.lister.get(key);
        return object === undefined ? undefined : part(object);
      },
      list: (options) => this.#backing.informer.lister.list(options).map(part),
      byIndex: (index, value) => {
        const { kind, informer } = this.#backing;
        if (kind === "own") return informer.lister.byIndex(index, value);
        return informer.lister.byIndex(nameInWhole(index), value).map(part);
      },
      by: (index, value) => {
        const { kind, informer } = this.#backing;
        if (kind === "own") return informer.by(index, value);
        return informer.by(this.#typedInWhole(index), value).map(part);
      },
    };
  }
}

const NOT_REGISTERED: Registration = { hasSynced: () => false, remove: () => undefined };

/** The owners are the same for both. */
function nameInWhole(name: string): string {
  return name === OWNER_UID_INDEX ? name : `${name} (metadata)`;
}

/** `work` with a signal that aborts with either; only an abort of `signal` is an error. */
async function untilEither(
  signal: AbortSignal,
  other: AbortSignal,
  work: (either: AbortSignal) => Promise<void>,
): Promise<void> {
  const either = childSignal(signal);
  const end = (): void => either.abort();
  if (other.aborted) end();
  other.addEventListener("abort", end, { once: true });
  try {
    await work(either.signal);
  } catch (error) {
    if (signal.aborted || !other.aborted) throw error;
  } finally {
    other.removeEventListener("abort", end);
    either.release();
  }
}

/** Resolves when the function that `give` is handed is called, or when the signal aborts. */
async function asked(signal: AbortSignal, give: (wake: () => void) => void): Promise<void> {
  const wake = childSignal(signal);
  give(() => wake.abort());
  await aborted(wake.signal);
  give(() => undefined);
  wake.release();
}
