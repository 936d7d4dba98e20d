/** Places in an order, of which any may go at any time: those that are gone are passed over. */
import { Heap, type Compare } from "../../base/heap.ts";

/** Where a key that waits for a worker stands. */
export type Place = {
  readonly key: string;
  readonly priority: number;
  /** Unique; the lower goes first within a priority. */
  readonly order: number;
  /** Since when it waits. */
  readonly sinceMs: number;
};

/** Places that are gone are left in a heap up to this many more than those that are not. */
const SLACK = 64;

export class PlaceHeap {
  readonly #compare: Compare<Place>;
  readonly #isThere: (place: Place) => boolean;
  #heap: Heap<Place>;

  /** `isThere`: whether a place that was pushed is not gone. */
  constructor(compare: Compare<Place>, isThere: (place: Place) => boolean) {
    this.#compare = compare;
    this.#isThere = isThere;
    this.#heap = new Heap(compare);
  }

  /** `count`: places that are there, this one included. */
  push(place: Place, count: number): void {
    this.#heap.push(place);
    if (this.#heap.size > 2 * count + SLACK) this.#trim();
  }

  first(): Place | undefined {
    for (let top = this.#heap.peek(); top !== undefined; top = this.#heap.peek()) {
      if (this.#isThere(top)) return top;
      this.#heap.pop();
    }
    return undefined;
  }

  clear(): void {
    this.#heap = new Heap(this.#compare);
  }

  #trim(): void {
    const kept = new Heap(this.#compare);
    for (let place = this.#heap.pop(); place !== undefined; place = this.#heap.pop()) {
      if (this.#isThere(place)) kept.push(place);
    }
    this.#heap = kept;
  }
}
