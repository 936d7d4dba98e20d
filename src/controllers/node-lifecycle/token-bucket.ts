/** Lets one through, then one each 1/rate seconds; nobody waits, who comes too early is refused. */
export class TokenBucket {
  #tokens = 1;
  #filledMs: number | undefined;

  /** Takes a token if there is one at `nowMs` (monotonic); the rate may change between calls. */
  take(nowMs: number, perSecond: number): boolean {
    const elapsedMs = nowMs - (this.#filledMs ?? nowMs);
    this.#filledMs = nowMs;
    this.#tokens = Math.min(1, this.#tokens + (elapsedMs / 1000) * perSecond);
    if (perSecond <= 0 || this.#tokens < 1 - ROUNDING) return false;
    this.#tokens = 0;
    return true;
  }
}

/** Sums of small steps fall short of 1 by a little. */
const ROUNDING = 1e-6;
