import { Fifo } from "./fifo.ts";

/** Runs critical sections one after another, in the order they came. */
export class Mutex {
  readonly #waiting = new Fifo<() => void>();
  #isHeld = false;

  async run<T>(section: () => Promise<T>): Promise<T> {
    await this.#acquire();
    try {
      return await section();
    } finally {
      this.#release();
    }
  }

  #acquire(): Promise<void> {
    if (!this.#isHeld) {
      this.#isHeld = true;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isHeld = false;
    else next();
  }
}
