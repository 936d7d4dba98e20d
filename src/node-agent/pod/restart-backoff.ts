/**
 * How long a container that keeps ending waits: not at all the first time, then 10 s, doubling to
 * 300 s. Counted from when it ended. Ten minutes of running without an end make it forget.
 */

export const RESTART_BACKOFF_MS_MIN = 10_000;
export const RESTART_BACKOFF_MS_MAX = 300_000;

type Entry = { readonly delayMs: number; readonly updatedAtMs: number };

/** Per name, the delay that the next failure costs. Knows no clock: callers say when. */
export class RestartBackoff {
  readonly #entries = new Map<string, Entry>();

  /** Wall clock before which `name`, which failed at `failedAtMs`, is not tried again. */
  allowedAtMs(name: string, failedAtMs: number): number {
    const entry = this.#current(name, failedAtMs);
    return entry === undefined ? 0 : failedAtMs + entry.delayMs;
  }

  /** Records that `name`, which failed at `failedAtMs`, is tried again at `nowMs`. */
  tried(name: string, failedAtMs: number, nowMs: number): void {
    const entry = this.#current(name, failedAtMs);
    const delayMs =
      entry === undefined
        ? RESTART_BACKOFF_MS_MIN
        : Math.min(entry.delayMs * 2, RESTART_BACKOFF_MS_MAX);
    this.#entries.set(name, { delayMs, updatedAtMs: nowMs });
  }

  /** The delay in force, for messages. */
  delayMs(name: string): number {
    return this.#entries.get(name)?.delayMs ?? 0;
  }

  forget(name: string): void {
    this.#entries.delete(name);
  }

  #current(name: string, failedAtMs: number): Entry | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const isForgotten = failedAtMs - entry.updatedAtMs > 2 * RESTART_BACKOFF_MS_MAX;
    return isForgotten ? undefined : entry;
  }
}

/** `10s`, `1m20s`, `5m0s`: a duration as events and messages print it. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds % 60}s`;
}
