/**
 * What services hold: read from the store at the first use, kept up to date by claims and releases
 * since. There is one per server, and one server per store, so the books are always right; a crash
 * between a claim and its write leaves nothing behind, because the books are not stored.
 */
import type { Context } from "../../base/context.ts";
import { keyOf, keyText } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Store } from "../../store/store.ts";
import { objectOf } from "./read.ts";
import type { Resource } from "./resource.ts";

/** A holder of numbers: one service, by the name it has while it exists. */
export function holderOf(object: ApiObject): string {
  return keyText(keyOf(object));
}

/** Loads what exists once, before the first claim is answered. */
export class Books {
  readonly #deps: { readonly store: Store; readonly resource: Resource };
  readonly #enter: (object: ApiObject) => void;
  #loading: Promise<void> | undefined;
  #goneMeanwhile = new Set<string>();
  #isLoaded = false;

  /** `enter` writes an existing object into the books. */
  constructor(
    deps: { readonly store: Store; readonly resource: Resource },
    enter: (object: ApiObject) => void,
  ) {
    this.#deps = deps;
    this.#enter = enter;
  }

  async open(context: Context): Promise<void> {
    this.#loading ??= this.#load(context);
    try {
      await this.#loading;
    } catch (error) {
      this.#loading = undefined; // the next claim tries again
      throw error;
    }
  }

  /** Must be told of every object that goes: it may be among those that are being read. */
  closeFor(object: ApiObject): void {
    if (!this.#isLoaded) this.#goneMeanwhile.add(object.metadata.uid ?? "");
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
}
