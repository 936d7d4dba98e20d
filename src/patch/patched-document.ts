import { setField, type MutableFields } from "../machinery/json-value.ts";
import { isFields } from "../machinery/object.ts";
import { arrayIndex } from "./json-pointer.ts";
import { PatchError } from "./patch-error.ts";

/** Items that insertions and removals may shift in all: long arrays times many operations. */
export const SHIFTED_ITEMS_MAX = 1_000_000_000;

type Container = MutableFields | unknown[];

/**
 * A JSON document being edited by pointers. Each array and object is copied once, when something
 * in it first changes, so that many operations on one long list cost one copy.
 *
 * Invariant: an own container is reachable by one path only, and all on that path are own.
 */
export class PatchedDocument {
  #root: unknown;
  /** The containers made here: they alone may be changed. */
  readonly #own = new Set<Container>();
  #shiftedCount = 0;

  constructor(document: unknown) {
    this.#root = document;
  }

  get value(): unknown {
    return this.#root;
  }

  /** The value at the path. Throws if there is none. */
  get(path: readonly string[]): unknown {
    let value = this.#root;
    for (const step of path) value = member(value, step);
    return value;
  }

  /** As `get`, but null for a field that its object does not have. */
  field(path: readonly string[]): unknown {
    const step = path.at(-1);
    const parent = step === undefined ? undefined : this.get(path.slice(0, -1));
    if (step !== undefined && isFields(parent) && !Object.hasOwn(parent, step)) return null;
    return this.get(path);
  }

  /** As `field`, to be put in a second place: neither sees changes of the other. */
  share(path: readonly string[]): unknown {
    const value = this.field(path);
    this.#disown(value);
    return value;
  }

  /** Inserts into an array or sets a field. */
  add(path: readonly string[], value: unknown): void {
    const place = this.#place(path);
    if (place === undefined) this.#root = value;
    else if (!Array.isArray(place.container)) setField(place.container, place.step, value);
    else {
      const { length } = place.container;
      const index = place.step === "-" ? length : arrayIndex(place.step, length + 1);
      if (index === undefined) throw absent(place.step);
      this.#splice(place.container, index, 0, value);
    }
  }

  /** Sets an item that is there, or any field. */
  replace(path: readonly string[], value: unknown): void {
    const place = this.#place(path);
    if (place === undefined) {
      this.#root = value;
      return;
    }
    const { container, step } = place;
    if (Array.isArray(container)) container[indexOf(container, step)] = value;
    else setField(container, step, value);
  }

  remove(path: readonly string[]): void {
    const place = this.#place(path);
    if (place === undefined) {
      this.#root = null;
      return;
    }
    const { container, step } = place;
    member(container, step);
    if (Array.isArray(container)) this.#splice(container, indexOf(container, step), 1);
    else delete container[step];
  }

  #splice(items: unknown[], index: number, removed: number, ...added: readonly unknown[]): void {
    this.#shiftedCount += items.length - index;
    if (this.#shiftedCount > SHIFTED_ITEMS_MAX) {
      throw new PatchError("unprocessable", "the patch changes long lists too often");
    }
    items.splice(index, removed, ...added);
  }

  /** The container that holds the end of the path, made own; undefined for the root. */
  #place(
    path: readonly string[],
  ): { readonly container: Container; readonly step: string } | undefined {
    const step = path.at(-1);
    if (step === undefined) return undefined;
    let container = this.#ownContainer(this.#root, (copy) => {
      this.#root = copy;
    });
    for (const next of path.slice(0, -1)) {
      const parent = container;
      container = this.#ownContainer(member(parent, next), (copy) => {
        if (Array.isArray(parent)) parent[indexOf(parent, next)] = copy;
        else setField(parent, next, copy);
      });
    }
    return { container, step };
  }

  #ownContainer(value: unknown, put: (copy: Container) => void): Container {
    if (Array.isArray(value) || isFields(value)) {
      if (this.#own.has(value as Container)) return value as Container;
      const copy: Container = Array.isArray(value) ? [...value] : { ...value };
      this.#own.add(copy);
      put(copy);
      return copy;
    }
    throw new PatchError("unprocessable", "a path of the patch goes through a scalar");
  }

  /** What is own here is reachable from own containers alone, so the walk ends at others. */
  #disown(value: unknown): void {
    const pending: unknown[] = [value];
    while (pending.length > 0) {
      const item = pending.pop() as Container;
      if (!this.#own.delete(item)) continue;
      for (const next of Array.isArray(item) ? item : Object.values(item)) pending.push(next);
    }
  }
}

function member(container: unknown, step: string): unknown {
  if (Array.isArray(container)) return container[indexOf(container, step)];
  if (!isFields(container) || !Object.hasOwn(container, step)) throw absent(step);
  return container[step];
}

function indexOf(items: readonly unknown[], step: string): number {
  const index = arrayIndex(step, items.length);
  if (index === undefined) throw absent(step);
  return index;
}

function absent(step: string): PatchError {
  return new PatchError("unprocessable", `nothing is at ${JSON.stringify(step)}`);
}
