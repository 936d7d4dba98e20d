import { type Context, withSignal } from "../../base/context.ts";
import {
  type Change,
  type Revision,
  revisionOf,
  type Store,
  type WatchBatch,
  type WatchOptions,
} from "../store.ts";
import { brief } from "./changes.ts";

/** Reads a watch at the pace of the test. */
export class WatchReader {
  readonly #iterator: AsyncIterator<WatchBatch>;
  readonly #abort = new AbortController();
  readonly #changes: Change[] = [];

  constructor(store: Store, options: WatchOptions, context: Context) {
    const signal = AbortSignal.any([this.#abort.signal, context.signal]);
    const watch = store.watch(options, withSignal(context, signal));
    this.#iterator = watch[Symbol.asyncIterator]();
  }

  /** The next batch, whatever it is; undefined: the watch ended. */
  async next(): Promise<WatchBatch | undefined> {
    const { value, done } = await this.#iterator.next();
    return done === true ? undefined : value;
  }

  /** The next batch that is not progress. */
  async changes(): Promise<readonly string[]> {
    for (;;) {
      const batch = await this.next();
      if (batch === undefined) throw new Error("the watch ended");
      if (batch.kind === "changes") return batch.changes.map(brief);
    }
  }

  /** All changes up to a revision, in short. */
  async upTo(last: Revision): Promise<readonly string[]> {
    for (;;) {
      const newest = this.#changes.at(-1);
      if (newest !== undefined && revisionOf(newest) >= last) break;
      const batch = await this.next();
      if (batch === undefined) throw new Error("the watch ended");
      if (batch.kind === "changes") this.#changes.push(...batch.changes);
      else if (batch.revision >= last) break;
    }
    return this.#changes.splice(0).map(brief);
  }

  abort(): void {
    this.#abort.abort();
  }
}
