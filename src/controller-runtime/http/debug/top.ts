/** The first few of many, without sorting all of them. */

/** Of each list so many are told. */
export const TOLD_MAX = 50;

/** Of a list that may be long: the first of its items, and how many there are. */
export type Top<T> = { readonly count: number; readonly first: readonly T[] };

/** The first `max` of all that are added, in the order of `compare`; equal ones as they came. */
export class TopList<T> implements Top<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #max: number;
  readonly #first: T[] = [];
  #count = 0;

  constructor(compare: (a: T, b: T) => number, max: number = TOLD_MAX) {
    this.#compare = compare;
    this.#max = max;
  }

  get count(): number {
    return this.#count;
  }

  get first(): readonly T[] {
    return this.#first;
  }

  add(item: T): void {
    const first = this.#first;
    this.#count += 1;
    if (first.length === this.#max) {
      const last = first.at(-1);
      if (last !== undefined && this.#compare(item, last) >= 0) return;
      first.pop();
    }
    let place = first.length;
    for (let before = first[place - 1]; before !== undefined; before = first[place - 1]) {
      if (this.#compare(before, item) <= 0) break;
      place -= 1;
    }
    first.splice(place, 0, item);
  }
}

/** The first `max` in the order of `compare`. */
export function topOf<T>(
  items: Iterable<T>,
  compare: (a: T, b: T) => number,
  max: number = TOLD_MAX,
): Top<T> {
  const list = new TopList(compare, max);
  for (const item of items) list.add(item);
  return { count: list.count, first: list.first };
}
