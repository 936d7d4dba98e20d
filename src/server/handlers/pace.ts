/**
 * Long work in short turns, so that one request does not hold up all others; nor do many together,
 * as they share what of a turn there is.
 *
 * Who waits goes before who comes later: in a turn, the work that has waited longest goes on for a
 * slice, then hands over to the next and waits behind all others. Without that, a caller whose
 * calls follow each other at once would have the turn for itself, and each of the others would wait
 * for as many turns as there are callers.
 */
import type { Env } from "../../base/env.ts";
import { Fifo } from "../../base/fifo.ts";

/** How long the paced work of one turn may take. */
export const TURN_MS_MAX = 8;

/** How long one work may go on while others wait. */
export const SLICE_MS_MAX = 1;

export class Pace {
  readonly #env: Env;
  readonly #turns: Turns;

  constructor(env: Env) {
    this.#env = env;
    const known = turnsOf.get(env);
    this.#turns = known ?? new Turns();
    if (known === undefined) turnsOf.set(env, this.#turns);
  }

  /** After each step of the work. Undefined: go on. */
  step(): Promise<void> | undefined {
    return this.#turns.step(this.#env);
  }
}

const turnsOf = new WeakMap<Env, Turns>();

/**
 * The turns of the event loop, and who waits for one. The world they are of is passed in: held by
 * it, a world that is over would stay in memory until the next full collection.
 */
class Turns {
  readonly #waiting = new Fifo<() => void>();
  /** Undefined: nothing paced was done in this turn yet. */
  #endMs: number | undefined;
  /** While others wait. */
  #sliceEndMs = 0;

  step(env: Env): Promise<void> | undefined {
    const now = env.clock.monotonic();
    if (this.#endMs === undefined) void this.#turn(now, env);
    const isInTurn = now < (this.#endMs ?? 0);
    if (isInTurn && (this.#waiting.size === 0 || now < this.#sliceEndMs)) return undefined;
    if (isInTurn) this.#goOn(now);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /**
   * From now on, and on to the next ones while somebody waits. Work that has ended hands over to
   * nobody: so each turn begins with one of those who wait, and not more, as it may need all of it.
   */
  async #turn(now: number, env: Env): Promise<void> {
    this.#begin(now);
    while (this.#endMs !== undefined) {
      await env.timers.yield();
      this.#endMs = undefined;
      if (this.#waiting.size > 0) this.#begin(env.clock.monotonic());
    }
  }

  #begin(now: number): void {
    this.#endMs = now + TURN_MS_MAX;
    this.#goOn(now);
  }

  /** With a slice for who has waited longest, or for who is running if nobody has. */
  #goOn(now: number): void {
    this.#sliceEndMs = now + SLICE_MS_MAX;
    this.#waiting.shift()?.();
  }
}
