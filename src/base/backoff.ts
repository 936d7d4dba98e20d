import type { Clock, Random } from "./env.ts";

/** Exponential delays; all durations in milliseconds. */
export type BackoffOptions = {
  readonly initialMs: number;
  readonly maxMs: number;
  /** Growth per step, e.g. 2. */
  readonly factor: number;
  /** A delay d becomes a random one in [d, d * (1 + jitter)]. */
  readonly jitter: number;
  /** After this long without a call to `next()`, growth starts again. Infinity: never. */
  readonly resetMs: number;
};

/** Counts how often something failed in a row, and says how long to wait. */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #deps: { readonly clock: Clock; readonly random: Random };
  #step = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(options: BackoffOptions, deps: { readonly clock: Clock; readonly random: Random }) {
    this.#options = options;
    this.#deps = deps;
  }

  /** The delay before the next try. */
  next(): number {
    const { initialMs, maxMs, factor, jitter, resetMs } = this.#options;
    const nowMs = this.#deps.clock.monotonic();
    if (nowMs - this.#lastMs > resetMs) this.#step = 0;
    this.#lastMs = nowMs;
    const baseMs = Math.min(maxMs, initialMs * factor ** this.#step);
    if (baseMs < maxMs) this.#step += 1;
    return baseMs * (1 + jitter * this.#deps.random.next());
  }

  /** Forget the failures. */
  reset(): void {
    this.#step = 0;
    this.#lastMs = Number.NEGATIVE_INFINITY;
  }
}
