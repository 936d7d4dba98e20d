/**
 * Says which reconciles take long: one that waits for something that never comes holds its key, and
 * a worker, and looks from outside as if there were nothing to do.
 *
 * One timer at most for all of a controller's reconciles, and none while it is at rest.
 */
import type { Clock, Log, Timer, Timers } from "../../base/env.ts";

/** After so long a reconcile is told of, at level warn. */
export const LONG_TURN_MS = 60_000;

/** And again each time so much later, while it goes on. */
export const LONG_TURN_AGAIN_MS = 600_000;

type Running = {
  readonly sinceMs: number;
  readonly log: Log;
  /** What it waits for, as far as that is known. */
  readonly calls: () => readonly string[];
  tellAtMs: number;
};

export class LongTurns {
  readonly #env: { readonly clock: Clock; readonly timers: Timers };
  readonly #running = new Map<string, Running>();
  #timer: Timer | undefined;

  constructor(env: { readonly clock: Clock; readonly timers: Timers }) {
    this.#env = env;
  }

  /** `log`: with the fields of the reconcile. */
  begins(key: string, log: Log, calls: () => readonly string[]): void {
    const sinceMs = this.#env.clock.monotonic();
    this.#running.set(key, { sinceMs, log, calls, tellAtMs: sinceMs + LONG_TURN_MS });
    this.#timer ??= this.#env.timers.after(LONG_TURN_MS, () => this.#look());
  }

  ends(key: string): void {
    const turn = this.#running.get(key);
    if (turn === undefined) return;
    this.#running.delete(key);
    if (this.#running.size === 0) this.close();
    const tookMs = this.#env.clock.monotonic() - turn.sinceMs;
    if (tookMs >= LONG_TURN_MS) turn.log.info("the long reconcile has ended", { tookMs });
  }

  /** Nothing runs any more, or nobody wants to hear of it. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #look(): void {
    this.#timer = undefined;
    const nowMs = this.#env.clock.monotonic();
    let nextMs = nowMs + LONG_TURN_AGAIN_MS;
    for (const turn of this.#running.values()) {
      if (nowMs >= turn.tellAtMs) tell(turn, nowMs);
      nextMs = Math.min(nextMs, turn.tellAtMs);
    }
    this.#timer = this.#env.timers.after(nextMs - nowMs, () => this.#look());
  }
}

function tell(turn: Running, nowMs: number): void {
  turn.tellAtMs = nowMs + LONG_TURN_AGAIN_MS;
  const calls = turn.calls();
  turn.log.warn("a reconcile has been running for long, and its key waits meanwhile", {
    runningMs: nowMs - turn.sinceMs,
    ...(calls.length === 0 ? {} : { calls }),
  });
}
