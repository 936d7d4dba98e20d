/**
 * What services hold: read from the store at the first use, kept up to date by claims and releases
 * since. There is one per server, and one server per store, so the books are always right; a crash
 * between a claim and its write leaves nothing behind, because the books are not stored.
 */
import type { Context } from "../../base/context.ts";
import { keyOf, keyText } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Store } from "../../store/store.ts";
import type { NumberPool } from "./number-pool.ts";
import { objectOf } from "./read.ts";
import type { Resource } from "./resource.ts";

/** A holder of numbers: one service, by the name it has while it exists. */
export function holderOf(object: ApiObject): string {
  return keyText(keyOf(object));
}

export type BooksDeps = {
  readonly store: Store;
  readonly resource: Resource;
  readonly pool: NumberPool;
  /** The numbers an object has. */
  readonly numbersOf: (object: ApiObject) => readonly number[];
};

/** Who holds which number of one pool. */
export class Books {
  readonly #deps: BooksDeps;
  #loading: Promise<void> | undefined;
  #goneMeanwhile = new Set<string>();
  #isLoaded = false;

  constructor(deps: BooksDeps) {
    this.#deps = deps;
  }

  /** Loads what exists once, before the first claim is answered. */
  async open(context: Context): Promise<void> {
    this.#loading ??= this.#load(context);
    try {
      await this.#loading;
    } catch (error) {
      this.#loading = undefined; // the next claim tries again
      throw error;
    }
  }

  /** What `object` held and `kept` does not is free; undefined: the object is gone. */
  release(object: ApiObject, kept: ApiObject | undefined): void {
    const { pool, numbersOf } = this.#deps;
    // One that goes may be among those that are being read.
    if (kept === undefined && !this.#isLoaded) this.#goneMeanwhile.add(object.metadata.uid ?? "");
    const still = kept === undefined ? [] : numbersOf(kept);
    for (const number of numbersOf(object)) {
      if (!still.includes(number)) pool.free(number, holderOf(object));
    }
  }

  async #load(context: Context): Promise<void> {
    const { store, resource } = this.#deps;
    const { entries } = await store.range({ prefix: resource.keyPrefix }, context);
    for (const entry of entries) {
      const { value } = objectOf(entry, resource);
      if (!this.#goneMeanwhile.has(value.metadata.uid ?? "")) this.#enter(value);
    }
    this.#isLoaded = true;
    this.#goneMeanwhile = new Set();
  }

  #enter(object: ApiObject): void {
    const { pool, numbersOf } = this.#deps;
    for (const number of numbersOf(object)) pool.take(number, holderOf(object));
  }
}
