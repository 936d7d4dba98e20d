/**
 * How fast one key may run, where a controller asks for it: not again within a while after the
 * beginning of its last run (`atMostEveryMs`), and not before its events have paused (`quietMs`).
 *
 * A run that failed does not count, so back-off alone says when it is tried again. Times that are
 * asked for (a timer, a retry) are not moved by events; they are kept apart by `atMostEveryMs`.
 */

export type PaceOptions = {
  /** From the beginning of a run to that of the next one, unless the first has failed. */
  readonly atMostEveryMs?: number;
  /** A key that events wake waits until there was none for so long. */
  readonly quietMs?: number;
  /** The longest that events can keep it waiting (default: ten times `quietMs`). */
  readonly quietMsMax?: number;
};

/** The longest wait for a pause, in pauses, where nothing else is said. */
export const QUIET_TIMES_MAX = 10;

/** Keys whose last run is remembered before those are forgotten that may run again. */
const SWEEP_KEYS_MIN = 1_024;

/** A key that waits for its events to pause: since when, and the time that was asked for. */
type Unquiet = { readonly sinceMs: number; readonly askedMs: number };

export class Pace {
  readonly #everyMs: number;
  readonly #quietMs: number;
  readonly #quietMsMax: number;
  readonly #begun = new Map<string, number>();
  readonly #unquiet = new Map<string, Unquiet>();
  #sweepKeys = SWEEP_KEYS_MIN;

  constructor({ atMostEveryMs = 0, quietMs = 0, quietMsMax }: PaceOptions) {
    this.#everyMs = atMostEveryMs;
    this.#quietMs = quietMs;
    this.#quietMsMax = quietMsMax ?? quietMs * QUIET_TIMES_MAX;
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#begun.size + this.#unquiet.size;
  }

  /** An event wakes the key, which waits for `waitsUntilMs` or not at all: when it may run. */
  woken(key: string, nowMs: number, waitsUntilMs: number | undefined): number {
    if (this.#quietMs === 0) return this.#notBefore(key, nowMs);
    const fresh = { sinceMs: nowMs, askedMs: waitsUntilMs ?? Number.POSITIVE_INFINITY };
    const { sinceMs, askedMs } = this.#unquiet.get(key) ?? fresh;
    this.#unquiet.set(key, { sinceMs, askedMs });
    const atMs = Math.min(nowMs + this.#quietMs, sinceMs + this.#quietMsMax, askedMs);
    return this.#notBefore(key, atMs);
  }

  /** The key is asked for at that time: when it may run. */
  asked(key: string, atMs: number): number {
    const unquiet = this.#unquiet.get(key);
    if (unquiet !== undefined) {
      this.#unquiet.set(key, { ...unquiet, askedMs: Math.min(unquiet.askedMs, atMs) });
    }
    return this.#notBefore(key, atMs);
  }

  /** The key waits for nothing but a worker. */
  due(key: string): void {
    this.#unquiet.delete(key);
  }

  /** A run of the key begins. */
  begins(key: string, nowMs: number): void {
    if (this.#everyMs === 0) return;
    this.#begun.set(key, nowMs);
    if (this.#begun.size < this.#sweepKeys) return;
    for (const [old, begunMs] of this.#begun) {
      if (begunMs + this.#everyMs <= nowMs) this.#begun.delete(old);
    }
    this.#sweepKeys = Math.max(SWEEP_KEYS_MIN, 2 * this.#begun.size);
  }

  /** The last run of the key does not count. */
  failed(key: string): void {
    this.#begun.delete(key);
  }

  clear(): void {
    this.#begun.clear();
    this.#unquiet.clear();
  }

  #notBefore(key: string, atMs: number): number {
    const begunMs = this.#begun.get(key);
    return begunMs === undefined ? atMs : Math.max(atMs, begunMs + this.#everyMs);
  }
}
