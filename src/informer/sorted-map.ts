/**
 * A map with its keys in order. Lookups cost what a `Map` costs; an insertion moves the keys behind
 * it, which is nothing when keys come in order, as from a list, and some microseconds for a hundred
 * thousand of them otherwise.
 *
 * Invariant: `#keys` holds each key of `#values` once, ascending by code unit.
 */
import { assert } from "../base/assert.ts";

export class SortedMap<V> {
  readonly #values = new Map<string, V>();
  readonly #keys: string[] = [];

  get size(): number {
    return this.#keys.length;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  /** The value at this place of the order. */
  at(index: number): V | undefined {
    const key = this.#keys[index];
    return key === undefined ? undefined : this.#values.get(key);
  }

  set(key: string, value: V): void {
    if (!this.#values.has(key)) this.#keys.splice(this.#lowerBound(key), 0, key);
    this.#values.set(key, value);
    assert(this.#keys.length === this.#values.size, "a sorted map orders each of its keys once");
  }

  delete(key: string): boolean {
    if (!this.#values.delete(key)) return false;
    const index = this.#lowerBound(key);
    assert(this.#keys[index] === key, "a sorted map finds the keys it holds");
    this.#keys.splice(index, 1);
    return true;
  }

  /** In their order. */
  keys(): IterableIterator<string> {
    return this.#keys.values();
  }

  /** The values of all keys from `low` on and below `high`; of all keys if both are left out. */
  *values(low?: string, high?: string): Generator<V, void, undefined> {
    const first = low === undefined ? 0 : this.#lowerBound(low);
    const end = high === undefined ? this.#keys.length : this.#lowerBound(high);
    for (let index = first; index < end; index += 1) {
      const key = this.#keys[index];
      const value = key === undefined ? undefined : this.#values.get(key);
      if (value !== undefined) yield value;
    }
  }

  /** Where `key` is, or would be. */
  #lowerBound(key: string): number {
    const last = this.#keys.at(-1);
    if (last === undefined || last < key) return this.#keys.length; // keys often come in order
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.#keys[middle];
      if (candidate !== undefined && candidate < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
