/**
 * The order of keys that wait for a worker: by priority, the earlier first within one.
 *
 * A stream of urgent keys would keep the others waiting for good, so keys age: of every
 * `AGED_TURN` turns one goes to the key that has waited longest, if it has waited `AGED_MS`. For
 * that long the order is strict; after it, the rest gets a share that no load can take away.
 */
import { assert } from "../../base/assert.ts";
import { Heap } from "../../base/heap.ts";

/** A key that has waited this long has aged. */
export const AGED_MS = 10_000;

/** One turn in so many goes to a key that has aged. */
export const AGED_TURN = 4;

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

export class TurnOrder {
  readonly #places = new Map<string, Place>();
  readonly #depths = new Map<number, number>(); // by priority; none is 0
  // Both also hold places that are gone: those that #places does not have.
  #byRank = new Heap<Place>(compareRanks);
  #byAge = new Heap<Place>(compareAges);
  #turnsSinceAged = 0;

  get size(): number {
    return this.#places.size;
  }

  depthOf(priority: number): number {
    return this.#depths.get(priority) ?? 0;
  }

  add(place: Place): void {
    assert(!this.#places.has(place.key), "a key has one place");
    this.#places.set(place.key, place);
    this.#depths.set(place.priority, this.depthOf(place.priority) + 1);
    this.#byRank.push(place);
    this.#byAge.push(place);
    this.#byRank = this.#trimmed(this.#byRank, compareRanks);
    this.#byAge = this.#trimmed(this.#byAge, compareAges);
  }

  /** Takes away the place of a key, if it has one. */
  remove(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    const depth = this.depthOf(place.priority) - 1;
    if (depth === 0) this.#depths.delete(place.priority);
    else this.#depths.set(place.priority, depth);
  }

  /** The key whose turn it is. */
  take(nowMs: number): string | undefined {
    const place = this.#choose(nowMs);
    if (place !== undefined) this.remove(place.key);
    return place?.key;
  }

  clear(): void {
    this.#places.clear();
    this.#depths.clear();
    this.#byRank = new Heap(compareRanks);
    this.#byAge = new Heap(compareAges);
  }

  #choose(nowMs: number): Place | undefined {
    const oldest = this.#first(this.#byAge);
    this.#turnsSinceAged += 1;
    const isAged = oldest !== undefined && nowMs - oldest.sinceMs >= AGED_MS;
    if (!isAged || this.#turnsSinceAged < AGED_TURN) return this.#first(this.#byRank);
    this.#turnsSinceAged = 0;
    return oldest;
  }

  #first(heap: Heap<Place>): Place | undefined {
    for (let top = heap.peek(); top !== undefined; top = heap.peek()) {
      if (this.#places.get(top.key) === top) return top;
      heap.pop();
    }
    return undefined;
  }

  #trimmed(heap: Heap<Place>, compare: (a: Place, b: Place) => number): Heap<Place> {
    if (heap.size <= 2 * this.#places.size + SLACK) return heap;
    const trimmed = new Heap<Place>(compare);
    for (const place of this.#places.values()) trimmed.push(place);
    return trimmed;
  }
}

function compareRanks(a: Place, b: Place): number {
  return b.priority - a.priority || a.order - b.order;
}

function compareAges(a: Place, b: Place): number {
  return a.sinceMs - b.sinceMs || a.order - b.order;
}
