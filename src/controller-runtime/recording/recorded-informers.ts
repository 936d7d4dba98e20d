/** Informers whose views tell a recorder what is read from them. */
import type { Context } from "../../base/context.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { Informers } from "../../informer/informers.ts";
import type { Lister, OwnWrites } from "../../informer/lister.ts";
import type { MemoryFigure } from "../../informer/memory.ts";
import type {
  EventListener,
  Freshness,
  ListenerOptions,
  Registration,
  SharedInformer,
} from "../../informer/shared-informer-types.ts";
import type { TypedIndex } from "../../informer/typed-index.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { TurnRecorder } from "./turn-recorder.ts";

/** `informers`, the same but for that. */
export function recordedInformers(informers: Informers, recorder: TurnRecorder): Informers {
  const scopeOf = informers.scopeOf?.bind(informers);
  return {
    for: (type, indexes) => new RecordedInformer(type, informers.for(type, indexes), recorder),
    acquire: (type, indexes) => {
      const { informer, release } = informers.acquire(type, indexes);
      return { informer: new RecordedInformer(type, informer, recorder), release };
    },
    peek: (type) => {
      const informer = informers.peek(type);
      return informer && new RecordedInformer(type, informer, recorder);
    },
    ...(scopeOf === undefined ? {} : { scopeOf }),
    run: (context) => informers.run(context),
    waitForSync: (signal) => informers.waitForSync(signal),
    status: () => informers.status(),
  };
}

/** Made at each look at a view: so it is two small objects, and all else is shared. */
class RecordedInformer<T extends ApiObject> implements SharedInformer<T> {
  readonly lister: Lister<T>;
  readonly ownWrites: OwnWrites<T>;
  readonly #informer: SharedInformer<T>;

  constructor(type: ResourceType<T>, informer: SharedInformer<T>, recorder: TurnRecorder) {
    this.#informer = informer;
    this.lister = new RecordedLister(type, informer, recorder);
    this.ownWrites = informer.ownWrites;
  }

  by(index: TypedIndex<T>, value: string): readonly T[] {
    return this.lister.by(index, value);
  }

  addListener(listener: EventListener<T>, options?: ListenerOptions): Registration {
    return this.#informer.addListener(listener, options);
  }

  hasSynced(): boolean {
    return this.#informer.hasSynced();
  }

  revision(): number {
    return this.#informer.revision();
  }

  freshness(): Freshness {
    return this.#informer.freshness();
  }

  memory(): MemoryFigure {
    return this.#informer.memory();
  }

  waitForSync(signal: AbortSignal): Promise<void> {
    return this.#informer.waitForSync(signal);
  }

  run(context: Context): Promise<void> {
    return this.#informer.run(context);
  }
}

class RecordedLister<T extends ApiObject> implements Lister<T> {
  readonly #type: ResourceType<T>;
  readonly #informer: SharedInformer<T>;
  readonly #recorder: TurnRecorder;

  constructor(type: ResourceType<T>, informer: SharedInformer<T>, recorder: TurnRecorder) {
    this.#type = type;
    this.#informer = informer;
    this.#recorder = recorder;
  }

  get(key: ObjectKey): T | undefined {
    const found = this.#informer.lister.get(key);
    this.#recorder.here()?.readObject(this.#type, key, revisionOf(found));
    return found;
  }

  list(options?: Parameters<Lister<T>["list"]>[0]): readonly T[] {
    const { namespace, labels } = options ?? {};
    const place = namespace === undefined ? "" : `namespace ${namespace}`;
    const selector = labels === undefined ? place : `${place}${place && ", "}by labels`;
    return this.#listed(this.#informer.lister.list(options), selector);
  }

  byIndex(index: string, value: string): readonly T[] {
    return this.#listed(this.#informer.lister.byIndex(index, value), `${index} ${value}`);
  }

  by(index: TypedIndex<T>, value: string): readonly T[] {
    return this.#listed(this.#informer.lister.by(index, value), `an index, ${value}`);
  }

  #listed(found: readonly T[], selector: string): readonly T[] {
    const revision = this.#informer.revision();
    this.#recorder.here()?.readList(this.#type, { selector, count: found.length, revision });
    return found;
  }
}

/** 0: none is told. */
export function revisionOf(object: ApiObject | undefined): number {
  const revision = Number(object?.metadata.resourceVersion ?? "0");
  return Number.isSafeInteger(revision) ? revision : 0;
}
