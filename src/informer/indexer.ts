/**
 * Objects by key and by index: the memory behind a lister. Knows nothing of watches.
 *
 * Lists come in key order (namespace, then name), those of an index too, so that what a controller
 * decides does not hang on the order in which events happened to arrive.
 *
 * Invariant: an object is there exactly under its key, and in an index exactly under the
 * values its function gave when the object was put.
 */
import { assert } from "../base/assert.ts";
import { EVERYTHING, matchesLabels, type LabelQuery } from "../machinery/labels.ts";
import { compareText, keyOf, type ObjectKey } from "../machinery/key.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { IndexFunctions, Lister } from "./lister.ts";
import { memoryOf, type MemoryFigure } from "./memory.ts";
import { SortedMap } from "./sorted-map.ts";
import type { TypedIndex } from "./typed-index.ts";

type Entry<T> = { readonly id: string; readonly object: T };
type Index<T extends ApiObject> = {
  readonly valuesOf: (object: T) => readonly string[];
  readonly entries: Map<string, Map<string, Entry<T>>>;
};

/** Indexes of one view: more means that somebody declares one with every read. */
export const INDEXES_MAX = 100;

const SEPARATOR = "\u0000";

/** Told of an index function that throws: the object is not in that index. */
export type IndexFailure<T> = (index: string, object: T, error: unknown) => void;

export class Indexer<T extends ApiObject> implements Lister<T> {
  readonly #objects = new SortedMap<Entry<T>>();
  /** By name, and by value those that are declared as one. */
  readonly #indexes = new Map<string | TypedIndex<T>, Index<T>>();
  readonly #failed: IndexFailure<T>;
  /** Of the objects as they are; undefined until somebody asks. */
  #figure: MemoryFigure | undefined;

  constructor(indexes: IndexFunctions<T> = {}, failed: IndexFailure<T> = rethrow) {
    this.#failed = failed;
    this.addIndexes(indexes);
  }

  get size(): number {
    return this.#objects.size;
  }

  /** Adds the indexes there are none of that name yet; they cover the objects already here. */
  addIndexes(indexes: IndexFunctions<T>): void {
    for (const [name, valuesOf] of Object.entries(indexes)) {
      if (!this.#indexes.has(name)) this.#build(name, name, valuesOf);
    }
  }

  /** What the objects take; the indexes hold the same ones. */
  memory(): MemoryFigure {
    this.#figure ??= memoryOf(this.#objects.size, (index) => this.#objects.at(index)?.object);
    return this.#figure;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(idOf(key))?.object;
  }

  /** The keys of all objects, in their order. */
  keys(): readonly ObjectKey[] {
    return [...this.#objects.keys()].map(keyOfId);
  }

  list(options: { readonly namespace?: string; readonly labels?: LabelQuery } = {}): readonly T[] {
    const { namespace, labels = EVERYTHING } = options;
    const entries =
      namespace === undefined
        ? this.#objects.values()
        : this.#objects.values(`${namespace}\u0000`, `${namespace}\u0001`);
    const found: T[] = [];
    for (const { object } of entries) {
      if (matchesLabels(labels, object.metadata.labels)) found.push(object);
    }
    return found;
  }

  byIndex(index: string, value: string): readonly T[] {
    return found(this.#index(index), value);
  }

  by(index: TypedIndex<T>, value: string): readonly T[] {
    const known = this.#indexes.get(index);
    return found(known ?? this.#build(index, "of a value", index.valuesOf), value);
  }

  /** Puts `object` under its key; answers what was there. */
  put(object: T): T | undefined {
    const id = idOf(keyOf(object));
    const old = this.#objects.get(id);
    const entry = { id, object };
    for (const index of this.#indexes.values()) {
      if (old !== undefined) leave(index, old);
      enter(index, entry);
    }
    this.#objects.set(id, entry);
    this.#figure = undefined;
    return old?.object;
  }

  /** Removes the object at `key`; answers what was there. */
  remove(key: ObjectKey): T | undefined {
    const id = idOf(key);
    const old = this.#objects.get(id);
    if (old === undefined) return undefined;
    for (const index of this.#indexes.values()) leave(index, old);
    const isRemoved = this.#objects.delete(id);
    assert(isRemoved, "an object that was found can be removed");
    this.#figure = undefined;
    return old.object;
  }

  #build(
    key: string | TypedIndex<T>,
    name: string,
    valuesOf: (object: T) => readonly string[],
  ): Index<T> {
    assert(this.#indexes.size < INDEXES_MAX, "indexes are declared once, not with every read");
    const guarded = (object: T): readonly string[] => {
      try {
        return valuesOf(object);
      } catch (error) {
        this.#failed(name, object, error);
        return [];
      }
    };
    const index: Index<T> = { valuesOf: guarded, entries: new Map() };
    this.#indexes.set(key, index);
    for (const entry of this.#objects.values()) enter(index, entry);
    return index;
  }

  #index(name: string): Index<T> {
    const index = this.#indexes.get(name);
    assert(index !== undefined, `the index ${name} was declared when the informer was asked for`);
    return index;
  }
}

function rethrow(_index: string, _object: unknown, error: unknown): never {
  throw error;
}

function found<T extends ApiObject>(index: Index<T>, value: string): readonly T[] {
  const entries = [...(index.entries.get(value)?.values() ?? [])];
  return entries.sort((a, b) => compareText(a.id, b.id)).map((entry) => entry.object);
}

/** Orders like `compareKeys`: U+0000 is in no name and below all that are. */
function idOf(key: ObjectKey): string {
  return `${key.namespace}${SEPARATOR}${key.name}`;
}

function keyOfId(id: string): ObjectKey {
  const [namespace = "", name = ""] = id.split(SEPARATOR, 2);
  return { namespace, name };
}

function enter<T extends ApiObject>(index: Index<T>, entry: Entry<T>): void {
  for (const value of index.valuesOf(entry.object)) {
    const entries = index.entries.get(value);
    if (entries === undefined) index.entries.set(value, new Map([[entry.id, entry]]));
    else entries.set(entry.id, entry);
  }
}

function leave<T extends ApiObject>(index: Index<T>, entry: Entry<T>): void {
  for (const value of index.valuesOf(entry.object)) {
    const entries = index.entries.get(value);
    entries?.delete(entry.id);
    if (entries?.size === 0) index.entries.delete(value);
  }
}
