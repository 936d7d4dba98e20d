/**
 * What a controller remembers of its runs for those who ask what it is doing: those under way, and
 * the last error of each key that has not succeeded since. Kept only where somebody may ask.
 */
import type { CauseId } from "../../base/context.ts";
import { errorText } from "../../base/error-text.ts";
import type { Clock } from "../../base/env.ts";
import type { Turn } from "../queue/work-queue.ts";

/** Keys whose last error is remembered; beyond, the one that failed longest ago is forgotten. */
export const FAILED_KEYS_MAX = 1_000;

/** Of the text of an error, so much is kept. */
export const ERROR_LENGTH_MAX = 500;

export type RunUnderWay = { readonly turn: Turn; readonly id: CauseId; readonly sinceMs: number };

export type LastError = {
  readonly text: string;
  readonly atMs: number;
  /** Whether it is not tried again. */
  readonly isTerminal: boolean;
};

export class TurnDiary {
  readonly #clock: Clock;
  readonly #running = new Map<string, RunUnderWay>();
  readonly #failed = new Map<string, LastError>(); // in the order of their failures

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  running(): Iterable<RunUnderWay> {
    return this.#running.values();
  }

  failed(): Iterable<readonly [string, LastError]> {
    return this.#failed;
  }

  lastError(key: string): LastError | undefined {
    return this.#failed.get(key);
  }

  begins(turn: Turn, id: CauseId): void {
    this.#running.set(turn.key, { turn, id, sinceMs: this.#clock.monotonic() });
  }

  ends(key: string): void {
    this.#running.delete(key);
  }

  succeeds(key: string): void {
    this.#failed.delete(key);
  }

  fails(key: string, error: unknown, { isTerminal }: Pick<LastError, "isTerminal">): void {
    this.#failed.delete(key);
    const text = errorText(error).slice(0, ERROR_LENGTH_MAX);
    this.#failed.set(key, { text, atMs: this.#clock.monotonic(), isTerminal });
    if (this.#failed.size <= FAILED_KEYS_MAX) return;
    for (const oldest of this.#failed.keys()) {
      this.#failed.delete(oldest);
      return;
    }
  }
}
