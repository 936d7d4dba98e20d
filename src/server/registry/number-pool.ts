/** Numbers of a range, each held by at most one holder. */
import type { Random } from "../../base/env.ts";

/** Random guesses before the range is searched in order. */
const GUESSES_MAX = 16;

export class NumberPool {
  readonly #first: number;
  readonly #last: number;
  readonly #holders = new Map<number, string>();

  constructor(first: number, last: number) {
    this.#first = first;
    this.#last = last;
  }

  contains(number: number): boolean {
    return number >= this.#first && number <= this.#last;
  }

  /** Whether the number is now the holder's; false if another has it. */
  take(number: number, holder: string): boolean {
    const current = this.#holders.get(number);
    if (current !== undefined) return current === holder;
    this.#holders.set(number, holder);
    return true;
  }

  /** A free number but `besides`, taken at random; undefined if there is none. */
  takeAny(holder: string, random: Random, besides?: number): number | undefined {
    const size = this.#last - this.#first + 1;
    const start = Math.floor(random.next() * size);
    for (let step = -GUESSES_MAX; step < size; step += 1) {
      const offset = step < 0 ? Math.floor(random.next() * size) : start + step;
      const number = this.#first + (offset % size);
      if (number === besides || this.#holders.has(number)) continue;
      this.#holders.set(number, holder);
      return number;
    }
    return undefined;
  }

  /** A number another holds is left to them. */
  free(number: number, holder: string): void {
    if (this.#holders.get(number) === holder) this.#holders.delete(number);
  }
}
