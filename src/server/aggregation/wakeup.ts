/** Lets one loop sleep until something has happened; what happens meanwhile is not lost. */
export class Wakeup {
  readonly #signal: AbortSignal;
  #isAwake = false;
  #wake: () => void = () => undefined;

  /** An abort wakes too, for good: who sleeps in a loop asks the signal. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#wake(), { once: true });
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
    if (this.#isAwake || this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
