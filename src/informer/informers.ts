/** All informers of a process, over one client. */
import { assert } from "../base/assert.ts";
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { aborted } from "../base/signals.ts";
import { TaskGroup } from "../base/task-group.ts";
import type { Client } from "../client/client.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { gvrKey } from "../machinery/gvk.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { Transform } from "./kept.ts";
import { OWNER_UID_INDEX, type IndexFunctions } from "./lister.ts";
import { listerWatcher, type Scope } from "./lister-watcher.ts";
import type { ReflectorOptions } from "./reflector.ts";
import { ReflectingInformer } from "./shared-informer.ts";
import type { SharedInformer } from "./shared-informer-types.ts";

/** All informers of a process: one per kind, shared by everyone who asks. */
export interface Informers {
  /**
   * The informer of this kind, made at the first call. Before `run()` it waits; after, it starts at
   * once. `indexes` are added to those it has; an index that exists already is kept.
   */
  for<T extends ApiObject>(type: ResourceType<T>, indexes?: IndexFunctions<T>): SharedInformer<T>;
  /** The informer of this kind if someone asked for it before. */
  peek<T extends ApiObject>(type: ResourceType<T>): SharedInformer<T> | undefined;
  /** Runs all, including those asked for later, until the signal aborts. */
  run(context: Context): Promise<void>;
  /** Resolves when all known informers are synced. */
  waitForSync(signal: AbortSignal): Promise<void>;
}

export type InformersDeps = {
  readonly client: Client;
  readonly env: Env;
};

export type InformersOptions = ReflectorOptions & {
  /** Which objects of a kind to follow (default: all of each). Asked once for each kind. */
  readonly scopeOf?: (type: ResourceType) => Scope;
  /** Of which kinds `managedFields` are kept (default: of none). Asked once for each kind. */
  readonly keepsManagedFields?: (type: ResourceType) => boolean;
  /** What is kept of the objects of a kind, all of its own in this order (default: everything). */
  readonly transforms?: readonly Transform[];
};

/** Informers that list and watch through `client`. */
export function createInformers(deps: InformersDeps, options: InformersOptions = {}): Informers {
  return new ClientInformers(deps, options);
}

class ClientInformers implements Informers {
  readonly #deps: InformersDeps;
  readonly #options: InformersOptions;
  readonly #known = new Map<string, ReflectingInformer<ApiObject>>();
  #start: ((informer: ReflectingInformer<ApiObject>) => void) | undefined;

  constructor(deps: InformersDeps, options: InformersOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  for<T extends ApiObject>(
    type: ResourceType<T>,
    indexes: IndexFunctions<T> = {},
  ): SharedInformer<T> {
    const known = this.#peek(type);
    if (known !== undefined) {
      known.addIndexes(indexes);
      return known;
    }
    const { scopeOf, keepsManagedFields, transforms = [], ...reflecting } = this.#options;
    const scope = scopeOf?.(type) ?? {};
    const own = transforms.filter((candidate) => gvrKey(candidate.type) === gvrKey(type));
    const informer = new ReflectingInformer<T>(
      { source: listerWatcher(this.#deps.client, type, scope), env: this.#deps.env },
      {
        ...reflecting,
        name: gvrKey(type),
        scope,
        keepsManagedFields: keepsManagedFields?.(type) ?? false,
        // One kind has one type: what was declared for it takes and answers `T`.
        transforms: own.map((declared) => (object) => declared.change(object) as T),
        indexes: { [OWNER_UID_INDEX]: ownerUids, ...indexes },
      },
    );
    const kept = informer as unknown as ReflectingInformer<ApiObject>; // #peek gives T back
    this.#known.set(gvrKey(type), kept);
    this.#start?.(kept);
    return informer;
  }

  peek<T extends ApiObject>(type: ResourceType<T>): SharedInformer<T> | undefined {
    return this.#peek(type);
  }

  async run(context: Context): Promise<void> {
    assert(this.#start === undefined, "informers run once at a time");
    const group = new TaskGroup(context.signal);
    this.#start = (informer) => group.spawn((signal) => informer.run({ ...context, signal }));
    for (const informer of this.#known.values()) this.#start(informer);
    // Keeps the group alive while there is no informer, and until the signal lets all of them go.
    group.spawn((signal) => aborted(signal));
    try {
      await group.join();
    } finally {
      this.#start = undefined;
    }
  }

  async waitForSync(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#known.values()].map((informer) => informer.waitForSync(signal)));
  }

  /** One kind has one type: the key of the map stands for `T`. */
  #peek<T extends ApiObject>(type: ResourceType<T>): ReflectingInformer<T> | undefined {
    const known: unknown = this.#known.get(gvrKey(type));
    return known as ReflectingInformer<T> | undefined;
  }
}

function ownerUids(object: ApiObject): readonly string[] {
  return (object.metadata.ownerReferences ?? []).map((owner) => owner.uid);
}
