/** The sleep of a loop that anyone may end early; a call while the loop is awake counts too. */
import type { Env } from "../../base/env.ts";

export class Wakeup {
  readonly #env: Env;
  #isWanted = false;
  #rouse: (() => void) | undefined;

  constructor(env: Env) {
    this.#env = env;
  }

  /** Ends the present sleep, or else makes the next one end at once. */
  wake(): void {
    this.#isWanted = true;
    this.#rouse?.();
  }

  /** From here on, calls of `wake()` are news. */
  forget(): void {
    this.#isWanted = false;
  }

  /** Until this wall clock, or a call of `wake()` since `forget()`. Rejects when aborted. */
  async sleepUntil(wallMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#isWanted) return;
    const { clock, timers } = this.#env;
    let cleanUp = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = timers.after(Math.max(0, wallMs - clock.now()), resolve);
        const onAbort = (): void => reject(signal.reason);
        signal.addEventListener("abort", onAbort, { once: true });
        this.#rouse = resolve;
        cleanUp = () => {
          timer.cancel();
          signal.removeEventListener("abort", onAbort);
          this.#rouse = undefined;
        };
      });
    } finally {
      cleanUp();
    }
  }
}
