import { assert } from "./assert.ts";

/** Negative when `a` leaves before `b`. Must be a strict weak order. */
export type Compare<T> = (a: T, b: T) => number;

/** A binary min-heap: push and pop in O(log n). Equal items leave in no promised order. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #compare: Compare<T>;

  constructor(compare: Compare<T>) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  /** All of them, in no order. */
  items(): Iterable<T> {
    return this.#items;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#items.push(item);
    this.#rise(this.#items.length - 1);
  }

  pop(): T | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) {
      this.#items[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #at(index: number): T {
    assert(index >= 0 && index < this.#items.length, "a heap index is inside the heap");
    return this.#items[index] as T;
  }

  #rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#compare(this.#at(index), this.#at(parent)) >= 0) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.#items.length) return;
      const right = left + 1;
      const isRight =
        right < this.#items.length && this.#compare(this.#at(right), this.#at(left)) < 0;
      const child = isRight ? right : left;
      if (this.#compare(this.#at(child), this.#at(index)) >= 0) return;
      this.#swap(index, child);
      index = child;
    }
  }

  #swap(a: number, b: number): void {
    const item = this.#at(a);
    this.#items[a] = this.#at(b);
    this.#items[b] = item;
  }
}
