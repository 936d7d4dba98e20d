/** Long work in short turns, so that one request does not hold up all others. */
import type { Env } from "../../base/env.ts";

/** How long one turn may take. */
export const TURN_MS_MAX = 8;

/** Looked at this often only: asking for the time costs more than most steps. */
const STEPS_A_LOOK = 16;

export class Pace {
  readonly #env: Env;
  #steps = 0;
  #endMs: number;

  constructor(env: Env) {
    this.#env = env;
    this.#endMs = env.clock.monotonic() + TURN_MS_MAX;
  }

  /** After each step of the work. Undefined: go on. */
  step(): Promise<void> | undefined {
    this.#steps += 1;
    if (this.#steps % STEPS_A_LOOK !== 0 || this.#env.clock.monotonic() < this.#endMs) {
      return undefined;
    }
    return this.#rest();
  }

  /** Between pieces of work that may each take a turn. */
  async rest(): Promise<void> {
    if (this.#env.clock.monotonic() >= this.#endMs) await this.#rest();
  }

  async #rest(): Promise<void> {
    await this.#env.timers.yield();
    this.#endMs = this.#env.clock.monotonic() + TURN_MS_MAX;
  }
}
