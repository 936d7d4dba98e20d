/**
 * The order of keys that wait for a worker: by priority, the earlier first within one, or by turns
 * of tenants (`fair-order.ts`).
 *
 * A stream of urgent keys would keep the others waiting for good, so keys age: of every
 * `AGED_TURN` turns one goes to the key that has waited longest, if it has waited `AGED_MS`. For
 * that long the order is strict; after it, the rest gets a share that no load can take away.
 */
import { assert } from "../../base/assert.ts";
import { FairOrder } from "./fair-order.ts";
import { PlaceHeap, type Place } from "./place-heap.ts";

/** A key that has waited this long has aged. */
export const AGED_MS = 10_000;

/** One turn in so many goes to a key that has aged. */
export const AGED_TURN = 4;

export class TurnOrder {
  readonly #places = new Map<string, Place>();
  readonly #depths = new Map<number, number>(); // by priority; none is 0
  // All also hold places that are gone: those that #places does not have.
  readonly #byRank: PlaceHeap;
  readonly #byAge: PlaceHeap;
  readonly #fair: FairOrder | undefined;
  #turnsSinceAged = 0;

  /** `tenantOf`: whose turn a key is; without it all keys are equal. */
  constructor(tenantOf?: (key: string) => string) {
    const isThere = (place: Place): boolean => this.#places.get(place.key) === place;
    this.#byRank = new PlaceHeap(compareRanks, isThere);
    this.#byAge = new PlaceHeap(compareAges, isThere);
    this.#fair = tenantOf === undefined ? undefined : new FairOrder(tenantOf, isThere);
  }

  get size(): number {
    return this.#places.size;
  }

  depthOf(priority: number): number {
    return this.#depths.get(priority) ?? 0;
  }

  /** In no order. */
  places(): Iterable<Place> {
    return this.#places.values();
  }

  add(place: Place): void {
    assert(!this.#places.has(place.key), "a key has one place");
    this.#places.set(place.key, place);
    this.#depths.set(place.priority, this.depthOf(place.priority) + 1);
    if (this.#fair === undefined) this.#byRank.push(place, this.size);
    else this.#fair.add(place);
    this.#byAge.push(place, this.size);
  }

  /** Takes away the place of a key, if it has one. */
  remove(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    this.#fair?.remove(place);
    const depth = this.depthOf(place.priority) - 1;
    if (depth === 0) this.#depths.delete(place.priority);
    else this.#depths.set(place.priority, depth);
  }

  /** The key whose turn it is: it is at work until `done`. */
  take(nowMs: number): string | undefined {
    const place = this.#choose(nowMs);
    if (place === undefined) return undefined;
    this.#fair?.taken(place);
    this.remove(place.key);
    return place.key;
  }

  /** The key is not at work any more. */
  done(key: string): void {
    this.#fair?.done(key);
  }

  clear(): void {
    this.#places.clear();
    this.#depths.clear();
    this.#byRank.clear();
    this.#byAge.clear();
    this.#fair?.clear();
  }

  #choose(nowMs: number): Place | undefined {
    const oldest = this.#byAge.first();
    this.#turnsSinceAged += 1;
    const isAged = oldest !== undefined && nowMs - oldest.sinceMs >= AGED_MS;
    if (!isAged || this.#turnsSinceAged < AGED_TURN) {
      return this.#fair === undefined ? this.#byRank.first() : this.#fair.first();
    }
    this.#turnsSinceAged = 0;
    return oldest;
  }
}

function compareRanks(a: Place, b: Place): number {
  return b.priority - a.priority || a.order - b.order;
}

function compareAges(a: Place, b: Place): number {
  return a.sinceMs - b.sinceMs || a.order - b.order;
}
