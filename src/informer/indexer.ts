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
import type { MemoryFigure } from "./memory.ts";
import type { Packable } from "./packing/memory-budget.ts";
import { Shelf, type Cell } from "./packing/shelf.ts";
import type { TypedIndex } from "./typed-index.ts";

type Index<T extends ApiObject> = {
  readonly valuesOf: (object: T) => readonly string[];
  readonly entries: Map<string, Map<string, Cell<T>>>;
};

/** Indexes of one view: more means that somebody declares one with every read. */
export const INDEXES_MAX = 100;

const SEPARATOR = "\u0000";

/** Told of an index function that throws: the object is not in that index. */
export type IndexFailure<T> = (index: string, object: T, error: unknown) => void;

export class Indexer<T extends ApiObject> implements Lister<T> {
  readonly #shelf = new Shelf<T>();
  /** By name, and by value those that are declared as one. */
  readonly #indexes = new Map<string | TypedIndex<T>, Index<T>>();
  readonly #failed: IndexFailure<T>;

  constructor(indexes: IndexFunctions<T> = {}, failed: IndexFailure<T> = rethrow) {
    this.#failed = failed;
    this.addIndexes(indexes);
  }

  get size(): number {
    return this.#shelf.size;
  }

  /** Adds the indexes there are none of that name yet; they cover the objects already here. */
  addIndexes(indexes: IndexFunctions<T>): void {
    for (const [name, valuesOf] of Object.entries(indexes)) {
      if (!this.#indexes.has(name)) this.#build(name, name, valuesOf);
    }
  }

  /** What the objects take; the indexes hold the same ones. */
  memory(): MemoryFigure {
    return this.#shelf.memory();
  }

  /** What a budget may pack. */
  get packable(): Packable {
    return this.#shelf;
  }

  get(key: ObjectKey): T | undefined {
    const cell = this.#shelf.cell(idOf(key));
    return cell === undefined ? undefined : this.#shelf.read(cell);
  }

  /** The same, for the keeper of the view: this is not somebody's read. */
  peek(key: ObjectKey): T | undefined {
    const cell = this.#shelf.cell(idOf(key));
    return cell === undefined ? undefined : this.#shelf.peek(cell);
  }

  /** The keys of all objects, in their order. */
  keys(): readonly ObjectKey[] {
    return Array.from(this.#shelf.ids(), keyOfId);
  }

  list(options: { readonly namespace?: string; readonly labels?: LabelQuery } = {}): readonly T[] {
    const { namespace, labels = EVERYTHING } = options;
    const cells =
      namespace === undefined
        ? this.#shelf.cells()
        : this.#shelf.cells(`${namespace}\u0000`, `${namespace}\u0001`);
    const found: T[] = [];
    for (const cell of cells) {
      const object = this.#shelf.read(cell);
      if (matchesLabels(labels, object.metadata.labels)) found.push(object);
    }
    return found;
  }

  byIndex(index: string, value: string): readonly T[] {
    return this.#found(this.#index(index), value);
  }

  by(index: TypedIndex<T>, value: string): readonly T[] {
    const known = this.#indexes.get(index);
    return this.#found(known ?? this.#build(index, "of a value", index.valuesOf), value);
  }

  /** Puts `object` under its key. */
  put(object: T): void {
    const id = idOf(keyOf(object));
    const there = this.#shelf.cell(id);
    if (there !== undefined) this.#leaveAll(there);
    const cell = this.#shelf.put(id, object);
    for (const index of this.#indexes.values()) enter(index, cell, object);
  }

  /** Removes the object at `key`, if there is one. */
  remove(key: ObjectKey): void {
    const cell = this.#shelf.cell(idOf(key));
    if (cell === undefined) return;
    this.#leaveAll(cell);
    this.#shelf.remove(cell);
  }

  #leaveAll(cell: Cell<T>): void {
    if (this.#indexes.size === 0) return;
    const object = this.#shelf.peek(cell);
    for (const index of this.#indexes.values()) leave(index, cell, object);
  }

  #found(index: Index<T>, value: string): readonly T[] {
    const cells = [...(index.entries.get(value)?.values() ?? [])];
    return cells.sort((a, b) => compareText(a.id, b.id)).map((cell) => this.#shelf.read(cell));
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
    for (const cell of this.#shelf.cells()) enter(index, cell, this.#shelf.peek(cell));
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

/** Orders like `compareKeys`: U+0000 is in no name and below all that are. */
function idOf(key: ObjectKey): string {
  return `${key.namespace}${SEPARATOR}${key.name}`;
}

function keyOfId(id: string): ObjectKey {
  const [namespace = "", name = ""] = id.split(SEPARATOR, 2);
  return { namespace, name };
}

function enter<T extends ApiObject>(index: Index<T>, cell: Cell<T>, object: T): void {
  for (const value of index.valuesOf(object)) {
    const cells = index.entries.get(value);
    if (cells === undefined) index.entries.set(value, new Map([[cell.id, cell]]));
    else cells.set(cell.id, cell);
  }
}

function leave<T extends ApiObject>(index: Index<T>, cell: Cell<T>, object: T): void {
  for (const value of index.valuesOf(object)) {
    const cells = index.entries.get(value);
    cells?.delete(cell.id);
    if (cells?.size === 0) index.entries.delete(value);
  }
}
