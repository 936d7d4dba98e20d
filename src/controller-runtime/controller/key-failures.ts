/** What a reconcile is told of its own failures: how many in a row, the last one, since when. */
import type { Clock } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import { NO_FAILURES, type Failures } from "./outcome.ts";

/** Keys whose failures are counted; of more, those that failed longest ago begin anew. */
export const COUNTED_KEYS_MAX = 10_000;

/** Characters of a message that are kept. */
const MESSAGE_LENGTH_MAX = 1_000;

export class KeyFailures {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Of the runs in a row up to now. */
  of(key: string): Failures {
    return this.#failures.get(key) ?? NO_FAILURES;
  }

  failed(key: string, error: unknown): void {
    const { count, sinceMs = this.#clock.now() } = this.of(key);
    const message = errorText(error).slice(0, MESSAGE_LENGTH_MAX);
    this.#failures.delete(key); // what failed last goes to the end
    this.#failures.set(key, { count: count + 1, message, sinceMs });
    const [oldest] = this.#failures.keys();
    const isFull = this.#failures.size > COUNTED_KEYS_MAX;
    if (isFull && oldest !== undefined) this.#failures.delete(oldest);
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }
}
