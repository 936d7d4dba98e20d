/** All informers of a process, over one client. */
import { assert } from "../base/assert.ts";
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import type { Metrics } from "../base/metrics.ts";
import { aborted, childSignal, type ChildSignal } from "../base/signals.ts";
import { TaskGroup } from "../base/task-group.ts";
import type { Client } from "../client/client.ts";
import { isMetadataOnly, metadataOf, wholeOf } from "../client/metadata-of.ts";
import { typeKey, type ResourceType } from "../client/resource-type.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { InformerStatus } from "./informer-status.ts";
import { observeInformer } from "./informer-metrics.ts";
import { keeping, type Keep, type Transform } from "./kept.ts";
import { OWNER_UID_INDEX, type IndexFunctions } from "./lister.ts";
import { listerWatcher, type Scope } from "./lister-watcher.ts";
import { MetadataView, type MetadataViewDeps } from "./metadata-view.ts";
import { MemoryBudget, type MemoryOptions } from "./packing/memory-budget.ts";
import type { ReflectorOptions } from "./reflector.ts";
import { ReflectingInformer } from "./shared-informer.ts";
import type { SharedInformer } from "./shared-informer-types.ts";

/** All informers of a process: one per kind, shared by everyone who asks. */
export interface Informers {
  /**
   * The informer of this kind, made at the first call. Before `run()` it waits; after, it starts at
   * once, and runs as long as the others. `indexes` are added to those it has; an index that exists
   * already is kept. That of `metadataOf(type)` is another look at the view of `type`, if that was
   * asked for here, too; else a view of its own.
   */
  for<T extends ApiObject>(type: ResourceType<T>, indexes?: IndexFunctions<T>): SharedInformer<T>;
  /**
   * The same, for a while: once all who asked for it in this way have let go of it, and nobody ever
   * asked `for()` it, it is stopped and forgotten; its memory is freed with the last reference.
   */
  acquire<T extends ApiObject>(
    type: ResourceType<T>,
    indexes?: IndexFunctions<T>,
  ): InformerLease<T>;
  /** The informer of this kind if someone asked for it before and it was not let go of. */
  peek<T extends ApiObject>(type: ResourceType<T>): SharedInformer<T> | undefined;
  /** Which objects of the kind are followed. Absent: all of each kind. */
  scopeOf?(type: ResourceType): Scope;
  /** Runs all, including those asked for later, until the signal aborts. */
  run(context: Context): Promise<void>;
  /** Resolves when all known informers are synced. */
  waitForSync(signal: AbortSignal): Promise<void>;
  /** How each of them is doing, in the order in which they were first asked for. */
  status(): readonly InformerStatus[];
}

/** One of those for whom an informer runs. */
export type InformerLease<T extends ApiObject> = {
  readonly informer: SharedInformer<T>;
  /** Lets go of the informer; a second call does nothing. Listeners stay until they are removed. */
  readonly release: () => void;
};

/** What informers are made of. */
export type InformersDeps = {
  readonly client: Client;
  readonly env: Env;
  /** Where the figures of each informer are shown (default: nowhere). */
  readonly metrics?: Metrics;
};

/**
 * What all informers of a process follow and keep. Default: all objects of each kind that somebody
 * asks for, without `managedFields`.
 */
export type InformersOptions = ReflectorOptions & {
  /** Tells them apart in metrics from others of the process (default "informers"). */
  readonly name?: string;
  /** Which objects of a kind to follow (default: all of each). Asked once for each kind. */
  readonly scopeOf?: (type: ResourceType) => Scope;
  /** Of which kinds `managedFields` are kept (default: of none). Asked once for each kind. */
  readonly keepsManagedFields?: (type: ResourceType) => boolean;
  /**
   * What the objects of all views together may take (default: as much as they do). Beyond that,
   * what nobody has read lately is kept compressed, and unpacked when it is read.
   */
  readonly memory?: MemoryOptions;
  /** What is kept of the objects of a kind, all of its own in this order (default: everything). */
  readonly transforms?: readonly Transform[];
};

/**
 * Informers that list and watch through `client`: one for each kind, however many ask for it. They
 * begin with `run()`.
 */
export function createInformers(deps: InformersDeps, options: InformersOptions = {}): Informers {
  return new ClientInformers(deps, options);
}

/** Of a whole kind, or of its metadata. */
type RunningInformer<T extends ApiObject> = SharedInformer<T> &
  Pick<ReflectingInformer<T>, "addIndexes" | "lastError">;

/** An informer with all that hangs on it. */
type Known = {
  readonly type: ResourceType;
  readonly informer: RunningInformer<ApiObject>;
  /** Aborts when nobody holds it any more. */
  readonly life: AbortController;
  readonly hide: () => void;
  holders: number;
  /** Whether someone asked for it for good. */
  isKept: boolean;
};

class ClientInformers implements Informers {
  readonly #deps: InformersDeps;
  readonly #options: InformersOptions;
  readonly #known = new Map<string, Known>();
  readonly #budget: MemoryBudget | undefined;
  #running: { readonly group: TaskGroup; readonly context: Context } | undefined;

  constructor(deps: InformersDeps, options: InformersOptions) {
    this.#deps = deps;
    this.#options = options;
    const { memory } = options;
    this.#budget = memory === undefined ? undefined : new MemoryBudget(memory, deps.env);
  }

  for<T extends ApiObject>(
    type: ResourceType<T>,
    indexes: IndexFunctions<T> = {},
  ): SharedInformer<T> {
    const { known, informer } = this.#of(type, indexes);
    if (!known.isKept) {
      known.isKept = true;
      this.#adoptBy(known);
    }
    return informer;
  }

  acquire<T extends ApiObject>(
    type: ResourceType<T>,
    indexes: IndexFunctions<T> = {},
  ): InformerLease<T> {
    const { known, informer } = this.#of(type, indexes);
    known.holders += 1;
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      known.holders -= 1;
      if (known.holders === 0 && !known.isKept) this.#end(type, known);
    };
    return { informer, release };
  }

  peek<T extends ApiObject>(type: ResourceType<T>): SharedInformer<T> | undefined {
    const known = this.#known.get(typeKey(type));
    return known === undefined ? undefined : informerOf<T>(known);
  }

  scopeOf(type: ResourceType): Scope {
    return this.#options.scopeOf?.(wholeOf(type)) ?? {}; // metadata is of the same objects
  }

  async run(context: Context): Promise<void> {
    assert(this.#running === undefined, "informers run once at a time");
    const group = new TaskGroup(context.signal);
    this.#running = { group, context };
    for (const known of this.#known.values()) this.#start(known);
    // Keeps the group alive while there is no informer, and until the signal lets all of them go.
    group.spawn((signal) => aborted(signal));
    const budget = this.#budget;
    if (budget !== undefined) group.spawn((signal) => budget.run({ ...context, signal }));
    try {
      await group.join();
    } finally {
      this.#running = undefined;
    }
  }

  async waitForSync(signal: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.#known.values()].map(async (known) => {
        try {
          await during(known, signal, (life) => known.informer.waitForSync(life));
        } catch (error) {
          if (signal.aborted || !known.life.signal.aborted) throw error;
        }
      }),
    );
  }

  status(): readonly InformerStatus[] {
    return [...this.#known.values()].map(({ type, informer }) => ({
      type,
      hasSynced: informer.hasSynced(),
      lastError: informer.lastError,
      freshness: informer.freshness(),
      memory: informer.memory(),
    }));
  }

  #of<T extends ApiObject>(
    type: ResourceType<T>,
    indexes: IndexFunctions<T>,
  ): { readonly known: Known; readonly informer: RunningInformer<T> } {
    const there = this.#known.get(typeKey(type));
    if (there !== undefined) {
      const informer = informerOf<T>(there);
      informer.addIndexes(indexes);
      return { known: there, informer };
    }
    const informer = isMetadataOnly(type)
      ? this.#metadataView<T>(type, indexes)
      : this.#make(type, indexes);
    const { metrics } = this.#deps;
    const { name = "informers" } = this.#options;
    const known: Known = {
      type,
      informer: informer as unknown as RunningInformer<ApiObject>, // `informerOf` gives T back
      life: new AbortController(),
      hide: metrics === undefined ? nothing : observeInformer(informer, type, { name, metrics }),
      holders: 0,
      isKept: false,
    };
    this.#known.set(typeKey(type), known);
    this.#start(known);
    return { known, informer };
  }

  /** At once, if the others run. */
  #start(known: Known): void {
    if (this.#running === undefined) return;
    const { group, context } = this.#running;
    group.spawn((signal) => {
      return during(known, signal, (life) => known.informer.run({ ...context, signal: life }));
    });
  }

  /** Over the view of the whole kind, if there is one for good. */
  #metadataView<T extends ApiObject>(
    type: ResourceType<T>,
    indexes: IndexFunctions<T>,
  ): RunningInformer<T> {
    const part = metadataOf(type);
    const { env } = this.#deps;
    const whole = this.#known.get(typeKey(wholeOf(type)));
    const kept = { keepsManagedFields: true, transforms: this.#transforms(part) };
    const keep = keeping(kept, ({ metadata: { name } }, error) => {
      env.log.error("a transform threw; the object is kept without it", { name, error });
    });
    const deps: MetadataViewDeps = {
      type: part,
      keep,
      makeOwn: (all) => this.#make(part, all),
      env,
    };
    const all = { [OWNER_UID_INDEX]: ownerUids, ...(indexes as IndexFunctions<ApiObject>) };
    const view: unknown = new MetadataView(
      deps,
      whole?.isKept === true ? wholeView(whole) : undefined,
      all,
    );
    return view as RunningInformer<T>; // `T` is the metadata: `type` says so
  }

  /** `known` is there for good from now on: the metadata of its kind can be read from it. */
  #adoptBy(known: Known): void {
    if (isMetadataOnly(known.type)) return;
    const view = this.#known.get(typeKey(metadataOf(known.type)))?.informer;
    if (view instanceof MetadataView) view.adopt(wholeView(known));
  }

  #transforms<T extends ApiObject>(type: ResourceType<T>): readonly Keep<T>[] {
    const { transforms = [] } = this.#options;
    const own = transforms.filter((candidate) => typeKey(candidate.type) === typeKey(type));
    // One kind has one type: what was declared for it takes and answers `T`.
    return own.map((declared) => (object) => declared.change(object) as T);
  }

  #make<T extends ApiObject>(
    type: ResourceType<T>,
    indexes: IndexFunctions<T>,
  ): ReflectingInformer<T> {
    const { keepsManagedFields, isStreaming, pageSize } = this.#options;
    const scope = this.scopeOf(type);
    return new ReflectingInformer<T>(
      { source: listerWatcher(this.#deps.client, type, scope), env: this.#deps.env },
      {
        ...(isStreaming === undefined ? {} : { isStreaming }),
        ...(pageSize === undefined ? {} : { pageSize }),
        ...(this.#budget === undefined ? {} : { memory: this.#budget }),
        name: typeKey(type),
        scope,
        keepsManagedFields: keepsManagedFields?.(wholeOf(type)) ?? false,
        transforms: this.#transforms(type),
        indexes: { [OWNER_UID_INDEX]: ownerUids, ...indexes },
      },
    );
  }

  #end(type: ResourceType, known: Known): void {
    assert(this.#known.get(typeKey(type)) === known, "an informer that is held is known");
    this.#known.delete(typeKey(type));
    known.hide();
    known.life.abort(new Error(`nobody needs the informer of ${typeKey(type)} any more`));
  }
}

/** One kind has one type: the key of the map stands for `T`. */
function informerOf<T extends ApiObject>(known: Known): RunningInformer<T> {
  const informer: unknown = known.informer;
  return informer as RunningInformer<T>;
}

/** Only kinds of which all is followed are asked for it. */
function wholeView({ informer }: Known): ReflectingInformer<ApiObject> {
  assert(informer instanceof ReflectingInformer, "the view of a whole kind reflects the server");
  return informer;
}

/** `work` with a signal that aborts with `signal` or with the life of the informer. */
async function during(
  { life }: Known,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const child: ChildSignal = childSignal(signal);
  const end = (): void => child.abort(life.signal.reason);
  if (life.signal.aborted) end();
  life.signal.addEventListener("abort", end, { once: true });
  try {
    await work(child.signal);
  } finally {
    life.signal.removeEventListener("abort", end);
    child.release();
  }
}

function nothing(): void {
  // There is nothing to hide.
}

function ownerUids(object: ApiObject): readonly string[] {
  return (object.metadata.ownerReferences ?? []).map((owner) => owner.uid);
}
