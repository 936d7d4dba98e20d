/**
 * Forgets old changes. The new limit is in force for readers at once; then the keys are looked
 * through in slices, so that nobody waits long, and what no reader needs any more is dropped.
 */
import type { Timers } from "../../base/env.ts";
import { Mutex } from "../../base/mutex.ts";
import type { Engine } from "../engine/engine.ts";
import type { Revision } from "../store.ts";
import type { KeyIndex } from "./key-index.ts";

/** Keys looked at between two turns of the event loop. */
export const COMPACTION_KEYS_AT_ONCE = 2_000;

export type CompactorDeps = {
  readonly engine: Pick<Engine, "compact">;
  readonly index: KeyIndex;
  readonly timers: Timers;
};

export class Compactor {
  readonly #deps: CompactorDeps;
  readonly #turns = new Mutex();
  #compacted: Revision;
  #isClosed = false;

  constructor(compacted: Revision, deps: CompactorDeps) {
    this.#compacted = compacted;
    this.#deps = deps;
  }

  /** Changes up to and including this one are forgotten. */
  get compacted(): Revision {
    return this.#compacted;
  }

  /** Forgets changes up to and including `at`; a no-op if they are. */
  compact(at: Revision): Promise<void> {
    return this.#turns.run(async () => {
      if (at <= this.#compacted || this.#isClosed) return;
      this.#compacted = at;
      const { engine, index, timers } = this.#deps;
      let after: string | undefined;
      do {
        const { forgotten, next } = index.forget(at, { after, keys: COMPACTION_KEYS_AT_ONCE });
        if (forgotten.length > 0 || next === undefined) {
          await engine.compact({ compacted: at, drop: forgotten });
        }
        after = next;
        await timers.yield();
      } while (after !== undefined && !this.#isClosed);
    });
  }

  /** Stops early and waits; what was not dropped yet is dropped by a later compaction. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#turns.run(() => Promise.resolve());
  }
}
