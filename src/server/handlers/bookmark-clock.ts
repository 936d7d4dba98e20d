/**
 * Tells quiet watches when to send a bookmark. One timer and one `store.progress()` serve all
 * watches, however many there are; without watches there is no timer.
 */
import type { Env, Timer } from "../../base/env.ts";
import type { Store } from "../../store/store.ts";

export class BookmarkClock {
  readonly #deps: { readonly env: Env; readonly store: Store; readonly bookmarkMs: number };
  readonly #listeners = new Set<() => void>();
  #timer: Timer | undefined;

  constructor(deps: { readonly env: Env; readonly store: Store; readonly bookmarkMs: number }) {
    this.#deps = deps;
  }

  /** Calls `due` every period, then makes the store report its progress. Returns the way out. */
  subscribe(due: () => void): () => void {
    this.#listeners.add(due);
    this.#arm();
    return () => {
      this.#listeners.delete(due);
      if (this.#listeners.size > 0) return;
      this.#timer?.cancel();
      this.#timer = undefined;
    };
  }

  #arm(): void {
    this.#timer ??= this.#deps.env.timers.after(this.#deps.bookmarkMs, () => {
      this.#timer = undefined;
      for (const due of this.#listeners) due();
      this.#deps.store.progress();
      if (this.#listeners.size > 0) this.#arm();
    });
  }
}
