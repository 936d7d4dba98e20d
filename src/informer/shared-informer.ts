/**
 * The informer: one local copy of the objects of a kind, shared by all who ask for it.
 *
 * Promises:
 * - a listener sees, for each object, a subsequence of its real history, in order; intermediate
 *   states may be skipped, and delete and recreate may fold into one update (compare uids);
 * - the lister and its indexes show the new state before listeners are told of it, so a read inside
 *   a listener is as new or newer;
 * - a listener added late is first told of everything that is there, marked as initial;
 * - a deletion that was missed is told after the next list, with the last state seen;
 * - an exception in one listener is logged and reaches nobody else.
 * Non-promises: no order across objects; no event for a list that brings nothing new, but to those
 * who ask for `resyncEvery`; an own write is in the lister at once, while listeners hear of it from
 * the watch.
 *
 * Listeners are called synchronously: no buffers, so a slow listener is a defect, not a backlog.
 */
import { assert } from "../base/assert.ts";
import { orAborted } from "../base/signals.ts";
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { TaskGroup } from "../base/task-group.ts";
import { keyOf } from "../machinery/key.ts";
import type { ApiObject } from "../machinery/object.ts";
import { keeping, type Keep, type KeptOptions } from "./kept.ts";
import type { Scope, ListerWatcher } from "./lister-watcher.ts";
import type { IndexFunctions, Lister, OwnWrites } from "./lister.ts";
import { Listeners } from "./listeners.ts";
import { LocalView } from "./local-view.ts";
import type { MemoryFigure } from "./memory.ts";
import { MemoryBudget, type MemoryOptions } from "./packing/memory-budget.ts";
import { Reflector, type ReflectorOptions } from "./reflector.ts";
import { ScopedWrites } from "./scoped-writes.ts";
import { sharingParts } from "./shared-parts.ts";
import type {
  EventListener,
  Freshness,
  InformerEvent,
  ListenerOptions,
  Registration,
  SharedInformer,
} from "./shared-informer-types.ts";
import type { TypedIndex } from "./typed-index.ts";

/** What one informer is made of. */
export type SharedInformerDeps<T extends ApiObject> = {
  /** Lists and watches the objects within the scope. */
  readonly source: ListerWatcher<T>;
  readonly env: Env;
};

/**
 * What one informer keeps, and how it finds it again. `indexes` are built from the start (default:
 * none).
 */
export type SharedInformerOptions<T extends ApiObject> = ReflectorOptions &
  KeptOptions<T> & {
    /** In logs (default "objects"). */
    readonly name?: string;
    /** What `source` follows; own writes outside of it are not shown (default: everything). */
    readonly scope?: Scope;
    /** Built from the start (default: none). */
    readonly indexes?: IndexFunctions<T>;
    /** What the view may take; a budget is shared with others (default: as much as there is). */
    readonly memory?: MemoryOptions | MemoryBudget;
    /** Of a list, those told before anything else has its turn (default: some milliseconds'). */
    readonly objectsAtOnce?: number;
  };

/** How long objects of a list are told before anything else has its turn. */
const AT_ONCE_MS_MAX = 8;
/** Of a list, those after which it is looked how late it is. */
const STEPS_A_LOOK = 50;

/** A shared informer that follows `source` while `run()` runs. */
export class ReflectingInformer<T extends ApiObject> implements SharedInformer<T> {
  readonly lister: Lister<T>;
  readonly ownWrites: OwnWrites<T>;
  readonly #env: Env;
  readonly #name: string;
  readonly #view: LocalView<T>;
  /** Of what comes, alone. */
  readonly #kept: Keep<T>;
  readonly #reflector: Reflector<T>;
  readonly #listeners: Listeners<T>;
  readonly #objectsAtOnce: number;
  readonly #budget: MemoryBudget | undefined;
  /** The same, if nobody else runs it. */
  readonly #ownBudget: MemoryBudget | undefined;
  #waiting: (() => void)[] = [];
  #hasSynced = false;
  #isRunning = false;
  /** What came last: lists come in key order, so it is most likely of the same making. */
  #last: T | undefined;
  #heardMs: number | undefined;

  constructor(deps: SharedInformerDeps<T>, options: SharedInformerOptions<T> = {}) {
    this.#env = deps.env;
    this.#name = options.name ?? "objects";
    const { memory } = options;
    const isShared = memory instanceof MemoryBudget;
    if (memory !== undefined && !isShared) this.#ownBudget = new MemoryBudget(memory, this.#env);
    this.#budget = isShared ? memory : this.#ownBudget;
    this.#objectsAtOnce = options.objectsAtOnce ?? Number.POSITIVE_INFINITY;
    const failed = (index: string, { metadata }: T, error: unknown): void => {
      const fields = { informer: this.#name, index, name: metadata.name, error };
      this.#env.log.error("an index function threw; the object is not in that index", fields);
    };
    this.#view = new LocalView<T>(options.indexes, failed, () => this.#env.clock.monotonic());
    this.#kept = keeping<T>(options, ({ metadata }, error) => {
      const fields = { informer: this.#name, name: metadata.name, error };
      this.#env.log.error("a transform threw; the object is kept without it", fields);
    });
    this.lister = this.#view.indexer;
    const keep: Keep<T> = (object) => this.#keep(object);
    this.ownWrites = new ScopedWrites(this.#view, options.scope ?? {}, keep);
    this.#listeners = new Listeners<T>(this.#env, this.#name, this.#view);
    const emit = (event: InformerEvent<T>): void => this.#listeners.tell(event);
    const sink = {
      replace: (objects: readonly T[], resourceVersion: string) => {
        this.#heardMs = this.#env.clock.monotonic();
        return this.#replace(
          this.#view.replacing(objects, resourceVersion, !this.#hasSynced, emit),
        );
      },
      put: (object: T) => this.#view.put(object, emit),
      remove: (object: T) => this.#view.remove(object, emit),
      progress: (resourceVersion: string) => {
        this.#heardMs = this.#env.clock.monotonic();
        this.#view.progress(resourceVersion);
      },
    };
    this.#reflector = new Reflector({ ...deps, sink, keep }, options);
  }

  /** Why the list or watch last failed; undefined if they have brought anything since. */
  get lastError(): unknown {
    return this.#reflector.lastError;
  }

  /** Adds indexes there are none of that name yet. */
  addIndexes(indexes: IndexFunctions<T>): void {
    this.#view.indexer.addIndexes(indexes);
  }

  by(index: TypedIndex<T>, value: string): readonly T[] {
    return this.#view.indexer.by(index, value);
  }

  addListener(listener: EventListener<T>, options: ListenerOptions = {}): Registration {
    const remove = this.#listeners.add(listener, options, this.#view.delivered());
    return { hasSynced: () => this.#hasSynced, remove };
  }

  hasSynced(): boolean {
    return this.#hasSynced;
  }

  revision(): number {
    return this.#view.revision;
  }

  freshness(): Freshness {
    const { revision, revisionsBehind } = this.#view;
    const nowMs = this.#env.clock.monotonic();
    const silentMs = this.#heardMs === undefined ? undefined : nowMs - this.#heardMs;
    return { revision, revisionsBehind, silentMs };
  }

  memory(): MemoryFigure {
    return this.#view.indexer.memory();
  }

  async waitForSync(signal: AbortSignal): Promise<void> {
    if (this.#hasSynced) return;
    let wake: () => void = () => undefined;
    const synced = new Promise<void>((resolve) => {
      wake = resolve;
      this.#waiting.push(wake);
    });
    try {
      await orAborted(synced, signal);
    } finally {
      this.#waiting = this.#waiting.filter((waiting) => waiting !== wake);
    }
  }

  async run(context: Context): Promise<void> {
    assert(!this.#isRunning, "an informer runs once at a time");
    this.#isRunning = true;
    try {
      const log = context.log.with({ informer: this.#name });
      const group = new TaskGroup(context.signal);
      group.spawn((signal) => this.#reflector.run({ ...context, signal, log }));
      group.spawn((signal) => this.#listeners.run(signal));
      const own = this.#ownBudget;
      if (own !== undefined) group.spawn((signal) => own.run({ ...context, signal, log }));
      const leave = this.#budget?.add(this.#view.indexer.packable);
      try {
        await group.join();
      } finally {
        leave?.();
      }
    } finally {
      this.#isRunning = false;
    }
  }

  #keep(object: T): T {
    return this.#sharing(this.#kept(object));
  }

  /** `object`, with the parts it has in common with its last state, or with what came before it. */
  #sharing(object: T): T {
    this.#last = sharingParts(this.#view.indexer.peek(keyOf(object)) ?? this.#last, object);
    return this.#last;
  }

  /** A list of few objects is in the view, and told, at once. */
  #replace(steps: Iterator<void>): void | Promise<void> {
    if (this.#hasTaken(steps)) return this.#finishSync();
    return this.#replaceRest(steps);
  }

  async #replaceRest(steps: Iterator<void>): Promise<void> {
    do await this.#env.timers.yield();
    while (!this.#hasTaken(steps));
    this.#finishSync();
  }

  /** Takes steps for some milliseconds; whether those were all. */
  #hasTaken(steps: Iterator<void>): boolean {
    const { clock } = this.#env;
    const endMs = clock.monotonic() + AT_ONCE_MS_MAX;
    for (let taken = 1; taken <= this.#objectsAtOnce; taken += 1) {
      if (steps.next().done === true) return true;
      if (taken % STEPS_A_LOOK === 0 && clock.monotonic() >= endMs) return false;
    }
    return false;
  }

  #finishSync(): void {
    if (this.#hasSynced) return;
    this.#hasSynced = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
