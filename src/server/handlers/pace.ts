/** Long work in short turns, so that one request does not hold up all others. */
import type { Env } from "../../base/env.ts";

/** How long one turn may take. */
export const TURN_MS_MAX = 8;

export class Pace {
  readonly #env: Env;
  #endMs: number;

  constructor(env: Env) {
    this.#env = env;
    this.#endMs = env.clock.monotonic() + TURN_MS_MAX;
  }

  /** After each step of the work. Undefined: go on. */
  step(): Promise<void> | undefined {
    return this.#env.clock.monotonic() < this.#endMs ? undefined : this.#rest();
  }

  async #rest(): Promise<void> {
    await this.#env.timers.yield();
    this.#endMs = this.#env.clock.monotonic() + TURN_MS_MAX;
  }
}
