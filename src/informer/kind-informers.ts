/**
 * An informer for every kind that objects can be listed, watched and deleted of, as the server says
 * at each moment: kinds that come are followed at once, those that go are let go. Events are not
 * among them: they come in masses, own nothing and expire.
 *
 * A kind that others in the process follow anyway is shared with them. Of all others only metadata
 * is kept, and they begin one after the other, so that a start stays quick.
 */
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { childSignal, orAborted } from "../base/signals.ts";
import { TaskGroup } from "../base/task-group.ts";
import type { DiscoveredResource } from "../client/discovery.ts";
import type { MetadataReader } from "../client/metadata-reader.ts";
import type { ResourceType } from "../client/resource-type.ts";
import type { ServedKinds } from "../client/served-kinds.ts";
import { apiVersionOf, groupResource, gvrKey } from "../machinery/gvk.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { Informers } from "./informers.ts";
import { OWNER_UID_INDEX } from "./lister.ts";
import { listerWatcher } from "./lister-watcher.ts";
import { ReflectingInformer } from "./shared-informer.ts";
import type { SharedInformer } from "./shared-informer-types.ts";

/** Index of every informer here: by uid, for names can be used again. */
export const UID_INDEX = "uid";

/** How long one kind that cannot be listed holds up those who wait for all. */
export const SYNC_WAIT_MS_MAX = 30_000;

/** Others begin first: what every kind is followed for is never urgent. */
const START_DELAY_MS = 100;

export type FollowedKind = {
  readonly type: ResourceType;
  readonly informer: SharedInformer<ApiObject>;
};

export type KindListener = {
  readonly followed: (kind: FollowedKind) => void;
  readonly dropped?: (kind: FollowedKind) => void;
};

export interface KindInformers {
  /** The kinds followed now, each in the version the server prefers. */
  readonly kinds: readonly FollowedKind[];
  /** Whether this version of the kind is served, followed or not. */
  isServed(apiVersion: string, kind: string): boolean;
  /** Told of the kinds there are, then of each that comes or goes. Answers what ends that. */
  listen(listener: KindListener): () => void;
  /**
   * Resolves when the kinds known by now are synced; one that could not be listed for
   * `SYNC_WAIT_MS_MAX` is no longer waited for.
   */
  waitForSync(signal: AbortSignal): Promise<void>;
}

export type KindInformersDeps = {
  readonly served: Pick<ServedKinds, "resources" | "onLook" | "tell" | "run">;
  readonly reader: MetadataReader;
  /** Whoever else follows a kind has asked here before this runs. */
  readonly shared: Informers;
  readonly env: Env;
};

const UID_INDEXES = { [UID_INDEX]: (object: ApiObject) => [object.metadata.uid ?? ""] };
const INDEXES = {
  ...UID_INDEXES,
  [OWNER_UID_INDEX]: (object: ApiObject) =>
    (object.metadata.ownerReferences ?? []).map(({ uid }) => uid),
};

/** Kinds whose objects say what is served. */
const SERVING: readonly string[] = [
  "customresourcedefinitions.apiextensions.k8s.io",
  "apiservices.apiregistration.k8s.io",
];

type Running = FollowedKind & { readonly sinceMs: number; readonly end: () => void };

/** Follows what `served` finds while `run()` runs. */
export class ServedKindInformers implements KindInformers {
  readonly #deps: KindInformersDeps;
  readonly #running = new Map<string, Running>();
  readonly #listeners = new Set<KindListener>();
  readonly #known = Promise.withResolvers<void>();
  /** Resolves when the informers before have begun. */
  #turn: Promise<void> = Promise.resolve();
  #kinds: readonly FollowedKind[] = [];
  #served: ReadonlySet<string> = new Set();

  constructor(deps: KindInformersDeps) {
    this.#deps = deps;
  }

  get kinds(): readonly FollowedKind[] {
    return this.#kinds;
  }

  isServed(apiVersion: string, kind: string): boolean {
    return this.#served.has(`${apiVersion}/${kind}`);
  }

  listen(listener: KindListener): () => void {
    this.#listeners.add(listener);
    for (const kind of this.#kinds) listener.followed(kind);
    return () => this.#listeners.delete(listener);
  }

  async waitForSync(signal: AbortSignal): Promise<void> {
    const limit = childSignal(signal);
    const timer = this.#deps.env.timers.after(SYNC_WAIT_MS_MAX, () => limit.abort());
    try {
      await orAborted(this.#known.promise, limit.signal);
      const nowMs = this.#deps.env.clock.monotonic();
      const waited = [...this.#running.values()].filter(
        ({ informer, sinceMs }) => !informer.hasSynced() && nowMs - sinceMs < SYNC_WAIT_MS_MAX,
      );
      await Promise.all(waited.map(({ informer }) => informer.waitForSync(limit.signal)));
    } catch (error) {
      if (signal.aborted) throw error;
    } finally {
      timer.cancel();
      limit.release();
    }
  }

  /** Once. Lives until the signal aborts. */
  async run(context: Context): Promise<void> {
    const group = new TaskGroup(context.signal);
    const { served } = this.#deps;
    const end = served.onLook(() => this.#adjust(group, context));
    group.spawn(async (signal) => {
      await this.#deps.env.timers.sleep(START_DELAY_MS, signal);
      await served.run({ ...context, signal });
    });
    try {
      await group.join();
    } finally {
      end();
    }
  }

  #adjust(group: TaskGroup, context: Context): void {
    const { resources } = this.#deps.served;
    this.#served = new Set(resources.map(({ type }) => `${apiVersionOf(type)}/${type.kind}`));
    const wanted = new Map(followable(resources).map((type) => [identityOf(type), type]));
    for (const [id, running] of this.#running) if (!wanted.has(id)) this.#drop(id, running);
    for (const [id, type] of wanted) {
      if (!this.#running.has(id)) this.#follow(id, type, group, context);
    }
    this.#known.resolve();
  }

  #follow(id: string, type: ResourceType, group: TaskGroup, context: Context): void {
    const { shared, env } = this.#deps;
    const sinceMs = env.clock.monotonic();
    const running =
      shared.peek(type) === undefined
        ? { sinceMs, ...this.#begin(type, group, context) }
        : { sinceMs, type, informer: shared.for(type, UID_INDEXES), end: () => undefined };
    if (SERVING.includes(groupResource(type))) {
      running.informer.addListener(() => this.#deps.served.tell());
    }
    this.#running.set(id, running);
    this.#kinds = [...this.#running.values()];
    for (const listener of this.#listeners) listener.followed(running);
  }

  #begin(type: ResourceType, group: TaskGroup, context: Context): Omit<Running, "sinceMs"> {
    const { reader, env } = this.#deps;
    const informer = new ReflectingInformer<ApiObject>(
      { source: listerWatcher(reader, type), env },
      { name: `metadata of ${gvrKey(type)}`, indexes: INDEXES },
    );
    const life = childSignal(group.signal);
    const turn = this.#turn;
    this.#turn = turn.then(() => env.timers.yield());
    group.spawn(async () => {
      await turn;
      await informer.run({ ...context, signal: life.signal });
      life.release();
    });
    return { type, informer, end: () => life.abort() };
  }

  #drop(id: string, running: Running): void {
    running.end();
    this.#running.delete(id);
    this.#kinds = [...this.#running.values()];
    for (const listener of this.#listeners) listener.dropped?.(running);
  }
}

/** The kinds worth following, each once: in the version that comes first. */
function followable(resources: readonly DiscoveredResource[]): readonly ResourceType[] {
  const types = new Map<string, ResourceType>();
  for (const { type, verbs } of resources) {
    const name = groupResource(type);
    const isFollowable = ["list", "watch", "delete"].every((verb) => verbs.includes(verb));
    if (isFollowable && !isEvents(name) && !types.has(name)) types.set(name, type);
  }
  return [...types.values()];
}

function isEvents(name: string): boolean {
  return name === "events" || name === "events.events.k8s.io";
}

/** A definition made anew may serve another kind or scope at the same place. */
function identityOf(type: ResourceType): string {
  return `${gvrKey(type)}/${type.kind}/${String(type.isNamespaced)}`;
}

/** The given kinds for ever, from informers that others run. */
export function fixedKinds(types: readonly ResourceType[], informers: Informers): KindInformers {
  const kinds = types.map((type) => ({ type, informer: informers.for(type, UID_INDEXES) }));
  const served = new Set(types.map((type) => `${apiVersionOf(type)}/${type.kind}`));
  return {
    kinds,
    isServed: (apiVersion, kind) => served.has(`${apiVersion}/${kind}`),
    listen: (listener) => {
      for (const kind of kinds) listener.followed(kind);
      return () => undefined;
    },
    waitForSync: async (signal) => {
      await Promise.all(kinds.map(({ informer }) => informer.waitForSync(signal)));
    },
  };
}
