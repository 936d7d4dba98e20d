/**
 * How long a key that failed has to wait: doubling from a first delay to a cap. Counts failed
 * attempts, never adds, so events that arrive meanwhile make no key wait longer.
 */
import { assert } from "../../base/assert.ts";

/** Keys remembered at once; beyond, those that failed longest ago start anew. */
export const FAILING_KEYS_MAX = 100_000;

const FACTOR = 2;
const EXPONENT_MAX = 64; // the cap is reached long before

export class RateLimiter {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #failures = new Map<string, number>();

  constructor(options: { readonly minMs: number; readonly maxMs: number }) {
    assert(options.minMs > 0, "the first retry delay is positive");
    assert(options.maxMs >= options.minMs, "the longest retry delay is not below the first");
    this.#minMs = options.minMs;
    this.#maxMs = options.maxMs;
  }

  /** Counts one more failure and says how long to wait after it. */
  failed(key: string): number {
    const before = this.#failures.get(key) ?? 0;
    this.#failures.delete(key); // so that the order of the map is that of the last failures
    this.#failures.set(key, before + 1);
    if (this.#failures.size > FAILING_KEYS_MAX) this.#forgetOldest();
    return Math.min(this.#maxMs, this.#minMs * FACTOR ** Math.min(before, EXPONENT_MAX));
  }

  /** The key works again. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** Failures in a row. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  #forgetOldest(): void {
    for (const key of this.#failures.keys()) {
      this.#failures.delete(key);
      return;
    }
  }
}
