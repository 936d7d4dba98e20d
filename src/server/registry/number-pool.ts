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

  /** Whether the number is now the holder's; false if it is taken, by whomever. */
  take(number: number, holder: string): boolean {
    if (this.#holders.has(number)) return false;
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

  /** Who holds the number. */
  holderOf(number: number): string | undefined {
    return this.#holders.get(number);
  }

  /** The numbers that are held, with who holds them. */
  held(): readonly (readonly [number, string])[] {
    return [...this.#holders];
  }

  /** A number another holds is left to them. */
  free(number: number, holder: string): void {
    if (this.#holders.get(number) === holder) this.#holders.delete(number);
  }
}
