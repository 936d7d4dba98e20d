/** What the tries of a call, or of all calls of a reconcile, amount to. */
import type { RequestObserver } from "../../base/context.ts";

export class RequestTally implements RequestObserver {
  readonly #above: RequestObserver | undefined;
  /** Of the last try; undefined: no answer came. */
  status: number | undefined;
  /** Answers, and tries without one. */
  tries = 0;
  /** Time that was waited before further tries. */
  waitedMs = 0;

  /** `above` is told everything as well. */
  constructor(above?: RequestObserver) {
    this.#above = above;
  }

  answered(status: number | undefined): void {
    this.status = status;
    this.tries += 1;
    this.#above?.answered(status);
  }

  waits(waitMs: number): void {
    this.waitedMs += waitMs;
    this.#above?.waits(waitMs);
  }
}
