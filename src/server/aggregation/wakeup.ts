/** Lets one loop sleep until something has happened; what happens meanwhile is not lost. */
export class Wakeup {
  #isAwake = false;
  #wake: () => void = () => undefined;

  /** An abort wakes too. */
  constructor(signal: AbortSignal) {
    signal.addEventListener("abort", () => this.wake(), { once: true });
  }

  wake(): void {
    this.#isAwake = true;
    this.#wake();
  }

  /** From now on only what is new wakes. */
  reset(): void {
    this.#isAwake = false;
  }

  /** Resolves as soon as something has happened since `reset`. */
  next(): Promise<void> {
    if (this.#isAwake) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
