/**
 * Keeps views of the store up to date without a task of its own: who is about to read a view calls
 * `catchUp()`, and what was written since the last time is applied first. A write that was
 * acknowledged is therefore seen by everybody who asks after it, and a server nobody asks does
 * nothing.
 *
 * Far behind, the views are read anew instead: whoever asks rarely pays for what there is, not for
 * all that happened.
 */
import { NO_CAUSE, type Context } from "../../base/context.ts";
import type { Log } from "../../base/env.ts";
import { serviceUnavailable } from "../../machinery/status.ts";
import {
  CompactedError,
  revision,
  revisionOf,
  type Change,
  type Entry,
  type Revision,
  type Store,
  type WatchBatch,
} from "../../store/store.ts";

/** What is made of the keys below a prefix. A key may be put again with the value it has. */
export type StoreView = {
  readonly prefix: string;
  readonly clear: () => void;
  readonly put: (entry: Entry) => void;
  readonly remove: (key: string) => void;
};

/** Changes that are applied one by one; beyond, the views are read anew. */
export const FOLLOW_CHANGES_MAX = 1_024;

export class StoreFollower {
  readonly #store: Store;
  readonly #views: readonly StoreView[];
  readonly #context: Context;
  /** The views hold all up to here; undefined: they were never read. */
  #position: Revision | undefined;
  #changes: AsyncIterator<WatchBatch> | undefined;
  #step: Promise<void> | undefined;

  constructor(deps: { readonly store: Store; readonly log: Log }, views: readonly StoreView[]) {
    this.#store = deps.store;
    this.#views = views;
    // Outlives every request; what waits at the store ends with the store.
    this.#context = { signal: new AbortController().signal, cause: NO_CAUSE, log: deps.log };
  }

  /** Resolves when the views hold all that is visible now; undefined: they do already. */
  catchUp(): Promise<void> | undefined {
    const newest = this.#store.status().revision;
    if (this.#position !== undefined && this.#position >= newest) return undefined;
    return this.#advanceTo(newest);
  }

  async #advanceTo(newest: Revision): Promise<void> {
    while (this.#position === undefined || this.#position < newest) {
      this.#step ??= this.#advance().finally(() => (this.#step = undefined));
      await this.#step;
    }
  }

  async #advance(): Promise<void> {
    const { revision: newest } = this.#store.status();
    const position = this.#position;
    if (position === undefined || newest - position > FOLLOW_CHANGES_MAX) return this.#readAnew();
    this.#changes ??= this.#watchAfter(position);
    try {
      // There is something after the position, so this does not wait for the future.
      const step = await this.#changes.next();
      if (step.done === true) throw serviceUnavailable("the store is closed");
      this.#apply(step.value, position);
    } catch (error) {
      this.#changes = undefined;
      if (!(error instanceof CompactedError)) throw error;
      this.#position = undefined;
    }
  }

  #watchAfter(position: Revision): AsyncIterator<WatchBatch> {
    const options = { prefix: "", after: position };
    return this.#store.watch(options, this.#context)[Symbol.asyncIterator]();
  }

  #apply(batch: WatchBatch, position: Revision): void {
    if (batch.kind === "progress") {
      this.#position = revision(Math.max(position, batch.revision));
      return;
    }
    for (const change of batch.changes) {
      this.#applyChange(change);
      this.#position = revisionOf(change);
    }
  }

  #applyChange(change: Change): void {
    const key = change.kind === "put" ? change.entry.key : change.key;
    const view = this.#views.find(({ prefix }) => key.startsWith(prefix));
    if (view === undefined) return;
    if (change.kind === "put") view.put(change.entry);
    else view.remove(key);
  }

  async #readAnew(): Promise<void> {
    await this.#changes?.return?.();
    this.#changes = undefined;
    const ranges = [];
    for (const view of this.#views) {
      ranges.push({ view, range: await this.#store.range({ prefix: view.prefix }, this.#context) });
    }
    for (const { view, range } of ranges) {
      view.clear();
      for (const entry of range.entries) view.put(entry);
    }
    // Changes after the oldest of the ranges are applied again: a view does not mind.
    const revisions = ranges.map(({ range }) => range.revision);
    this.#position = revision(Math.min(this.#store.status().revision, ...revisions));
  }
}
