/**
 * A server's objects of one kind with their whole history, for tests: it lists and watches by the
 * rules of the API, forgets old revisions when told, and fails in every way a network can.
 */
import { Channel } from "../../base/channel.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { orAborted } from "../../base/signals.ts";
import { TransportError } from "../../client/transport.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import { compareKeys, keyOf, keyText, parseKey } from "../../machinery/key.ts";
import type { ApiList, ApiObject } from "../../machinery/object.ts";
import { badRequest, expired, plainRefusal, StatusError } from "../../machinery/status.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import type { ListerWatcher, ListRequest, WatchRequest } from "../lister-watcher.ts";

/** An object whose `value` tells its states apart. */
export type Thing = ApiObject & {
  readonly apiVersion: "v1";
  readonly kind: "Thing";
  readonly value: number;
};

type Change = {
  readonly revision: number;
  readonly kind: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: Thing;
};

type Watcher = {
  readonly channel: Channel<readonly WatchEvent<Thing>[]>;
  /** Changes up to here are not for it. */
  readonly after: number;
};

/**
 * What a server does after its data was replaced by that of a backup, with those who watch from a
 * revision it does not have any more: refuse them, or wait until it has it again. Or its revisions
 * were raised above all it ever gave, and all before is compacted, as one should.
 */
export type Restored = "refuses" | "waits" | "raised";

/** How the server treats the wish for a streaming list. */
export type Streaming = "supported" | "refused" | "ignored";

/** Where every history begins. */
export const FIRST_REVISION = 100;

export class FakeHistory implements ListerWatcher<Thing> {
  streaming: Streaming = "supported";
  /** Errors of the next lists and watches, one each; undefined lets one pass. */
  readonly listFaults: (Error | undefined)[] = [];
  readonly watchFaults: (Error | undefined)[] = [];
  /** How many revisions a list of any version may be behind. */
  staleBy = 0;
  /** How long after the initial objects their end is told; changes are told meanwhile. */
  endDelayMs = 0;
  /** Breaks the next streams, one each, after so many events; undefined lets one go on. */
  readonly cuts: (number | undefined)[] = [];
  /** Time that each event of a stream takes. */
  trickleMs = 0;
  /**
   * How many of the next lists show nothing by mistake. Never one after another: nobody can tell
   * them from two that are right.
   */
  emptyLists = 0;
  /** All requests so far, e.g. `list 0`, `watch 7`, `stream`. */
  readonly requests: string[] = [];
  /** Time the next answers take. */
  latencyMs = 0;
  readonly #env: Env;
  readonly #live = new Map<string, Thing>();
  #changes: Change[] = [];
  /** By key, every state there was, in the order in which it was the present one. */
  readonly #states = new Map<string, string[]>();
  #restored: Restored = "refuses";
  #wasMistaken = false;
  readonly #watchers = new Set<Watcher>();
  #revision = FIRST_REVISION;
  #compacted = 0;
  #uids = 0;

  constructor(env: Env) {
    this.#env = env;
  }

  get revision(): number {
    return this.#revision;
  }

  get openWatches(): number {
    return this.#watchers.size;
  }

  /** The objects as they are, in key order. */
  objects(): readonly Thing[] {
    return [...this.#live.values()].sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
  }

  /** Every state an object ever had, as `uid@revision`; its deletions as `uid@revision gone`. */
  historyOf(key: string): readonly string[] {
    return this.#states.get(key) ?? [];
  }

  /** Creates or updates the object. */
  set(key: string, value: number): Thing {
    const old = this.#live.get(key);
    this.#revision += 1;
    if (old === undefined) this.#uids += 1;
    const object: Thing = {
      apiVersion: "v1",
      kind: "Thing",
      metadata: {
        ...parseKey(key),
        uid: old?.metadata.uid ?? `uid-${this.#uids}`,
        resourceVersion: String(this.#revision),
      },
      value,
    };
    this.#live.set(key, object);
    this.#change(old === undefined ? "ADDED" : "MODIFIED", object);
    return object;
  }

  delete(key: string): Thing | undefined {
    const old = this.#live.get(key);
    if (old === undefined) return undefined;
    this.#live.delete(key);
    this.#revision += 1;
    const metadata = { ...old.metadata, resourceVersion: String(this.#revision) };
    this.#change("DELETED", { ...old, metadata });
    return old;
  }

  /** A change of something else: the revision moves on. */
  tick(): void {
    this.#revision += 1;
  }

  /** Of `by` revisions ago: one that was held up somewhere. */
  bookmark(by = 0): void {
    for (const { channel, after } of this.#watchers) {
      if (by === 0 && this.#revision < after) continue; // it waits for that
      channel.send([this.#bookmark(false, by)]);
    }
  }

  /** Replaces the data by what it was at `revision`; all connections break. */
  restore(revision: number, how: Restored): void {
    const objects = this.#objectsAt(revision);
    this.#live.clear();
    for (const object of objects) {
      this.#live.set(keyText(keyOf(object)), object);
      this.#note(object, false);
    }
    this.#restored = how;
    this.#changes = this.#changes.filter((change) => change.revision <= revision);
    this.#revision = how === "raised" ? this.#revision + 1_000 : revision;
    this.#compacted = how === "raised" ? this.#revision : Math.min(this.#compacted, revision);
    this.endWatches(broken());
  }

  /** Forgets all changes so far. */
  compact(): void {
    this.#compacted = this.#revision;
  }

  /** Ends all streams: as the server does from time to time, or with an error. */
  endWatches(error?: Error): void {
    const ending = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of ending) {
      if (error === undefined) watcher.channel.close();
      else watcher.channel.fail(error);
    }
  }

  /** Streams go on, but nothing comes out of them any more. */
  silenceWatches(): void {
    this.#watchers.clear();
  }

  async list(request: ListRequest, context: Context): Promise<ApiList<Thing>> {
    const page = request.continue === "" ? request.resourceVersion : "next";
    this.requests.push(`list ${page}`.trim());
    await this.#answer(this.listFaults, context);
    this.#refuseFuture(request.resourceVersion);
    const stale = request.resourceVersion === "0" ? this.staleBy : 0;
    const newest = Math.max(this.#compacted, this.#revision - stale);
    const [at = String(newest), start = "0"] =
      request.continue === "" ? [] : request.continue.split(":");
    const isKnown = Number(at) >= this.#compacted && Number(at) <= this.#revision;
    if (!isKnown) throw expired("the continue token is too old");
    // All pages are of the first one's revision.
    const objects = this.#objectsAt(Number(at));
    const all = request.continue === "" ? this.#shown(objects) : objects;
    const first = Number(start);
    const last = request.limit === 0 ? all.length : Math.min(all.length, first + request.limit);
    const rest = last < all.length ? { continue: `${at}:${last}` } : {};
    return {
      apiVersion: "v1",
      kind: "ThingList",
      metadata: { resourceVersion: at, ...rest },
      items: all.slice(first, last),
    };
  }

  async watch(
    request: WatchRequest,
    context: Context,
  ): Promise<AsyncIterable<readonly WatchEvent<Thing>[]>> {
    const kind = request.isStreamingList ? "stream" : "watch";
    this.requests.push(`${kind} ${request.resourceVersion}`.trim());
    await this.#answer(this.watchFaults, context);
    if (request.isStreamingList && this.streaming === "refused") {
      throw plainRefusal(422, "Invalid", "sendInitialEvents: Forbidden");
    }
    const channel = new Channel<readonly WatchEvent<Thing>[]>({
      capacity: 10_000,
      whenFull: "end",
    });
    const isPlain = !request.isStreamingList && !["", "0"].includes(request.resourceVersion);
    const watcher = { channel, after: isPlain ? Number(request.resourceVersion) : 0 };
    this.#begin(watcher, request);
    this.#watchers.add(watcher); // from now on, not from the first read: nothing may be missed
    return this.#read(watcher, this.cuts.shift(), context.signal);
  }

  #begin(watcher: Watcher, request: WatchRequest): void {
    const { resourceVersion } = request;
    const { channel } = watcher;
    if (request.isStreamingList || resourceVersion === "" || resourceVersion === "0") {
      if (resourceVersion !== "") this.#refuseFuture(resourceVersion);
      for (const object of this.#shown(this.objects())) channel.send([eventOf("ADDED", object)]);
      const isBookmarked = request.isStreamingList && this.streaming === "supported";
      if (isBookmarked && this.endDelayMs === 0) channel.send([this.#bookmark(true)]);
      else if (isBookmarked)
        this.#env.timers.after(this.endDelayMs, () => this.#endInitial(watcher));
      return;
    }
    const after = Number(resourceVersion);
    if (Number.isNaN(after)) throw badRequest("invalid resource version");
    if (after > this.#revision && this.#restored === "refuses") throw tooLarge();
    if (after < this.#compacted) {
      channel.fail(expired(`too old resource version: ${after} (${this.#compacted})`));
      return;
    }
    const missed = this.#changes.filter((change) => change.revision > after);
    if (missed.length > 0) channel.send(missed.map(({ kind, object }) => eventOf(kind, object)));
  }

  #endInitial(watcher: Watcher): void {
    if (this.#watchers.has(watcher)) watcher.channel.send([this.#bookmark(true)]);
  }

  async *#read(
    watcher: Watcher,
    cut: number | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<readonly WatchEvent<Thing>[], void, undefined> {
    const onAbort = (): void => watcher.channel.close();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      let count = 0;
      for await (const batch of watcher.channel) {
        const isWhole = cut === undefined && this.trickleMs === 0;
        for (const part of isWhole ? [batch] : batch.map((event) => [event])) {
          if (this.trickleMs > 0) await this.#env.timers.sleep(this.trickleMs, signal);
          if (cut !== undefined && count >= cut) throw broken();
          count += part.length;
          yield part;
        }
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#watchers.delete(watcher);
    }
  }

  async #answer(faults: (Error | undefined)[], context: Context): Promise<void> {
    if (this.latencyMs > 0) await this.#env.timers.sleep(this.latencyMs, context.signal);
    await orAborted(Promise.resolve(), context.signal);
    const fault = faults.shift();
    if (fault !== undefined) throw fault;
  }

  #objectsAt(revision: number): readonly Thing[] {
    const live = new Map<string, Thing>();
    for (const change of this.#changes) {
      if (change.revision > revision) break;
      const key = keyText(keyOf(change.object));
      if (change.kind === "DELETED") live.delete(key);
      else live.set(key, change.object);
    }
    return [...live.values()].sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
  }

  #refuseFuture(resourceVersion: string): void {
    if (resourceVersion !== "" && Number(resourceVersion) > this.#revision) throw tooLarge();
  }

  #change(kind: Change["kind"], object: Thing): void {
    this.#changes.push({ revision: this.#revision, kind, object });
    this.#note(object, kind === "DELETED");
    for (const { channel, after } of this.#watchers) {
      if (this.#revision > after) channel.send([eventOf(kind, object)]);
    }
  }

  #note(object: Thing, isGone: boolean): void {
    const key = keyText(keyOf(object));
    const states = this.#states.get(key) ?? [];
    this.#states.set(key, [...states, stateText(object, isGone)]);
  }

  /** What a list shows of these objects: none, if that is a mistake. */
  #shown(objects: readonly Thing[]): readonly Thing[] {
    const isMistaken = this.emptyLists > 0 && !this.#wasMistaken;
    if (isMistaken) this.emptyLists -= 1;
    this.#wasMistaken = isMistaken;
    return isMistaken ? [] : objects;
  }

  #bookmark(isInitialEventsEnd: boolean, by = 0): WatchEvent<Thing> {
    const resourceVersion = String(this.#revision - by);
    const object = EncodedObject.fromValue({ metadata: { resourceVersion } });
    return { kind: "BOOKMARK", resourceVersion, isInitialEventsEnd, object };
  }
}

/** `uid-1@105`, or `uid-1@106 gone`. */
export function stateText(object: ApiObject, isGone: boolean): string {
  const { uid, resourceVersion } = object.metadata;
  return `${uid}@${resourceVersion}${isGone ? " gone" : ""}`;
}

/** The refusal of a version the server has not reached. */
export function tooLarge(): StatusError {
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "Too large resource version",
    reason: "Timeout",
    details: { causes: [{ reason: "ResourceVersionTooLarge" }], retryAfterSeconds: 1 },
    code: 504,
  });
}

/** The connection broke. */
export function broken(): TransportError {
  return new TransportError("the connection was reset", { isRefused: false });
}

/** Nobody listens there. */
export function refusedConnection(): TransportError {
  return new TransportError("connection refused", { isRefused: true });
}

/** As decoded from a line: of an object that nobody else has, and nobody has frozen. */
function eventOf(kind: Change["kind"], object: Thing): WatchEvent<Thing> {
  return { kind, object: EncodedObject.fromDecoded(structuredClone(object)) };
}
