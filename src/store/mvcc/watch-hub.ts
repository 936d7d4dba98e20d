/**
 * Watches. A watcher is only a position; nothing is buffered for it.
 *
 * A watcher that has sent all there is parks at the hub, under its prefix. When changes become
 * visible, the hub picks the matching ones once for each prefix and hands the same batch to all
 * that are parked there. A watcher whose reader is slow is not parked then; when the reader comes
 * back, it continues from its position: out of the recent changes in memory, or, further back, out
 * of the engine. It can fall behind as far as history is kept, and costs nothing meanwhile.
 */
import type { Timers } from "../../base/env.ts";
import { Fifo } from "../../base/fifo.ts";
import {
  type Change,
  CompactedError,
  FutureRevisionError,
  type Revision,
  revision as asRevision,
  type WatchBatch,
  type WatchOptions,
} from "../store.ts";
import { GROUP_RECORDS_MAX } from "./group-commit.ts";
import type { Past } from "./past.ts";
import type { RecentChanges } from "./recent-changes.ts";

/** A batch has at most this many changes: what can become visible at once. */
export const WATCH_BATCH_MAX: number = GROUP_RECORDS_MAX;

/** So many watchers are roused between two turns of the event loop. */
export const ROUSED_AT_ONCE = 64;

export type WatchHubDeps = {
  /** The newest visible revision, as of now. */
  readonly newest: () => Revision;
  /** The newest forgotten revision, as of now. */
  readonly compacted: () => Revision;
  readonly recent: RecentChanges;
  readonly past: Past;
  readonly timers: Timers;
};

type Wake =
  | { readonly kind: "changes"; readonly changes: readonly Change[]; readonly to: Revision }
  | { readonly kind: "look" }; // something else is new: progress, an abort, the end

type Watcher = {
  readonly prefix: string;
  /** All matching changes up to here were sent. While it is parked: all there are. */
  position: Revision;
  /**
   * A progress batch is wanted once `position` is at `first`, and again at `last`. Two suffice for
   * any number of requests, and a watcher that lags for ever still tells how far it is.
   */
  progress: { readonly first: Revision; readonly last: Revision } | undefined;
  wake: ((wake: Wake) => void) | undefined;
  /** What it is about to be woken with. It is no longer parked then, but as if it read slowly. */
  due: Wake | undefined;
};

export class WatchHub {
  readonly #deps: WatchHubDeps;
  readonly #watchers = new Set<Watcher>();
  readonly #parked = new Map<string, Set<Watcher>>();
  readonly #due = new Fifo<Watcher>();
  #isRousing = false;
  #isClosed = false;

  constructor(deps: WatchHubDeps) {
    this.#deps = deps;
  }

  /** Hands changes that just became visible to the parked watchers. */
  publish(changes: readonly Change[], to: Revision): void {
    for (const [prefix, watchers] of this.#parked) {
      const matching = changes.filter((change) => keyOf(change).startsWith(prefix));
      if (matching.length === 0) continue;
      this.#parked.delete(prefix);
      const wake: Wake = { kind: "changes", changes: Object.freeze(matching), to };
      for (const watcher of watchers) this.#rouseSoon(watcher, wake);
    }
    if (!this.#isRousing) void this.#rouseDue();
  }

  /** Makes every watch, or those of one prefix, yield a progress batch once all is sent. */
  progress(prefix?: string): void {
    for (const watcher of this.#watchers) {
      if (prefix !== undefined && watcher.prefix !== prefix) continue;
      const newest = this.#deps.newest();
      watcher.progress = { first: watcher.progress?.first ?? newest, last: newest };
      if (this.#takeParked(watcher)) this.#rouseSoon(watcher, { kind: "look" });
    }
    if (!this.#isRousing) void this.#rouseDue();
  }

  /** Ends every watch. */
  close(): void {
    this.#isClosed = true;
    for (const watcher of this.#watchers) this.#unpark(watcher);
  }

  /** See `Store.watch`. */
  async *watch(options: WatchOptions, signal: AbortSignal): AsyncGenerator<WatchBatch, void> {
    const { newest } = this.#deps;
    if (options.after > newest()) throw new FutureRevisionError(newest());
    const watcher: Watcher = {
      prefix: options.prefix,
      position: options.after,
      progress: { first: newest(), last: newest() },
      wake: undefined,
      due: undefined,
    };
    const onAbort = (): void => {
      this.#watchers.delete(watcher); // also when the reader never comes back
      this.#unpark(watcher);
    };
    if (signal.aborted || this.#isClosed) return;
    signal.addEventListener("abort", onAbort, { once: true });
    this.#watchers.add(watcher);
    try {
      while (!signal.aborted && !this.#isClosed) {
        const batch = await this.#next(watcher);
        if (batch !== undefined) yield batch;
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#watchers.delete(watcher);
    }
  }

  /** One step of a watch: what to yield, if anything. */
  async #next(watcher: Watcher): Promise<WatchBatch | undefined> {
    const { newest, compacted } = this.#deps;
    if (watcher.position < compacted()) throw new CompactedError(compacted());
    const { progress, position } = watcher;
    if (progress !== undefined && position >= progress.first) {
      const { last } = progress;
      watcher.progress = position >= last ? undefined : { first: last, last };
      return { kind: "progress", revision: position };
    }
    const changes =
      watcher.position < newest() ? await this.#catchUp(watcher) : await this.#park(watcher);
    return changes.length === 0 ? undefined : { kind: "changes", changes };
  }

  /** Reads on from the position, in memory if that reaches back far enough. */
  async #catchUp(watcher: Watcher): Promise<readonly Change[]> {
    const { newest, compacted, recent, past, timers } = this.#deps;
    const { position, prefix } = watcher;
    const to = asRevision(Math.min(newest(), position + WATCH_BATCH_MAX));
    const inMemory = recent.between(position, to);
    if (inMemory !== undefined) {
      watcher.position = to;
      return inMemory.filter((change) => keyOf(change).startsWith(prefix));
    }
    const page = await past.page(position, newest(), prefix);
    if (position < compacted()) throw new CompactedError(compacted());
    watcher.position = page.position;
    await timers.yield(); // a long history of other keys must not hold up everybody else
    return page.changes;
  }

  async #park(watcher: Watcher): Promise<readonly Change[]> {
    const wake = await new Promise<Wake>((resolve) => {
      watcher.wake = resolve;
      const parked = this.#parked.get(watcher.prefix);
      if (parked === undefined) this.#parked.set(watcher.prefix, new Set([watcher]));
      else parked.add(watcher);
    });
    if (wake.kind === "look") return [];
    watcher.position = wake.to;
    return wake.changes;
  }

  /** Makes a watcher that waits look around at once. */
  #unpark(watcher: Watcher): void {
    if (watcher.due !== undefined) rouse(watcher, watcher.due);
    else if (this.#takeParked(watcher)) rouse(watcher, { kind: "look" });
  }

  /** What was visible so far concerned a parked watcher not, or was sent. */
  #takeParked(watcher: Watcher): boolean {
    if (watcher.wake === undefined || watcher.due !== undefined) return false;
    const parked = this.#parked.get(watcher.prefix);
    parked?.delete(watcher);
    if (parked?.size === 0) this.#parked.delete(watcher.prefix);
    watcher.position = this.#deps.newest();
    return true;
  }

  #rouseSoon(watcher: Watcher, wake: Wake): void {
    watcher.due = wake;
    this.#due.push(watcher);
  }

  /** The first at once, and the others in turns of their own. */
  async #rouseDue(): Promise<void> {
    this.#isRousing = true;
    for (let count = 1; ; count += 1) {
      const watcher = this.#due.shift();
      if (watcher === undefined) break;
      if (watcher.due !== undefined) rouse(watcher, watcher.due);
      if (count % ROUSED_AT_ONCE === 0) await this.#deps.timers.yield();
    }
    this.#isRousing = false;
  }
}

function rouse(watcher: Watcher, wake: Wake): void {
  const resolve = watcher.wake;
  watcher.wake = undefined;
  watcher.due = undefined;
  resolve?.(wake);
}

function keyOf(change: Change): string {
  return change.kind === "put" ? change.entry.key : change.key;
}
