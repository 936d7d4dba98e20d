/** The first few of many, without sorting all of them. */

/** Of a list that may be long: the first of its items, and how many there are. */
export type Top<T> = { readonly count: number; readonly first: readonly T[] };

/** The first `max` in the order of `compare`. */
export function topOf<T>(
  items: Iterable<T>,
  compare: (a: T, b: T) => number,
  max: number = TOLD_MAX,
): Top<T> {
  const first: T[] = [];
  let count = 0;
  for (const item of items) {
    count += 1;
    const last = first.at(-1);
    if (first.length === max && last !== undefined && compare(item, last) >= 0) continue;
    if (first.length === max) first.pop();
    let place = first.length;
    for (let before = first[place - 1]; before !== undefined; before = first[place - 1]) {
      if (compare(before, item) <= 0) break;
      place -= 1;
    }
    first.splice(place, 0, item);
  }
  return { count, first };
}

/** Of each list so many are told. */
export const TOLD_MAX = 50;
