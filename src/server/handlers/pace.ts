/**
 * Long work in short turns, so that one request does not hold up all others; nor do many together,
 * as they share what of a turn there is.
 */
import type { Env } from "../../base/env.ts";
import { Fifo } from "../../base/fifo.ts";

/** How long the paced work of one turn may take. */
export const TURN_MS_MAX = 8;

export class Pace {
  readonly #turns: Turns;

  constructor(env: Env) {
    const known = turnsOf.get(env);
    this.#turns = known ?? new Turns(env);
    if (known === undefined) turnsOf.set(env, this.#turns);
  }

  /** After each step of the work. Undefined: go on. */
  step(): Promise<void> | undefined {
    return this.#turns.step();
  }
}

const turnsOf = new WeakMap<Env, Turns>();

/** The turns of the event loop, and who waits for one. */
class Turns {
  readonly #env: Env;
  readonly #waiting = new Fifo<() => void>();
  /** Undefined: nothing paced was done in this turn yet. */
  #endMs: number | undefined;
  #isTurning = false;

  constructor(env: Env) {
    this.#env = env;
  }

  step(): Promise<void> | undefined {
    const now = this.#env.clock.monotonic();
    this.#endMs ??= now + TURN_MS_MAX;
    if (!this.#isTurning) void this.#turn();
    if (now < this.#endMs) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** One of those who wait goes on each turn: it may need the whole of it. */
  async #turn(): Promise<void> {
    this.#isTurning = true;
    do {
      await this.#env.timers.yield();
      this.#endMs = undefined;
      this.#waiting.shift()?.();
    } while (this.#waiting.size > 0);
    this.#isTurning = false;
  }
}
