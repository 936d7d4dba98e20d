/**
 * The objects of a view in key order, each as a value, as compressed bytes, or as both. Without a
 * limit all are values, always. With one, `packSome()` is called while there is too much, and packs
 * what nobody has read lately; what is read is unpacked, and stays a value for a while.
 *
 * Which those are is found as a clock does it: a hand goes round, passes what was read since it
 * last came by, and packs the rest. What was unpacked and has not changed is still there as bytes,
 * so that letting go of its value costs nothing.
 */
import { assert } from "../../base/assert.ts";
import type { Compression } from "../../base/compression.ts";
import { deepFreeze } from "../../base/freeze.ts";
import { meanBytes, memoryOf, type MemoryFigure, type Sample } from "../memory.ts";
import { SortedMap } from "../sorted-map.ts";
import { BLOCK_BYTES_MAX, BLOCK_OBJECTS_MAX, packable, PackedBlock } from "./packed-block.ts";

/** Cells that the hand passes in one step, at most. */
export const PASSED_MAX = 20_000;
/** Values that are measured for one figure, and cells that are looked at to find one. */
const SAMPLES_MAX = 32;
const SAMPLE_PASSED_MAX = 32;
/** A block is given up when no more than this part of it is still true. */
const LIVE_PART_MIN = 1 / 4;

/** The place of one object: a value, a place in a block, or both. */
export type Cell<T> = {
  readonly id: string;
  object: T | undefined;
  block: PackedBlock | undefined;
  slot: number;
  /** Whether it was read since the hand last came by. */
  isUsed: boolean;
};

/** Whoever limits a shelf. */
export type Limit = {
  readonly compression: Compression;
  /** Called for each value that comes. */
  readonly grown: () => void;
};

export class Shelf<T> {
  readonly #cells = new SortedMap<Cell<T>>();
  readonly #members = new Map<PackedBlock, readonly Cell<T>[]>();
  #limit: Limit | undefined;
  #hand = 0;
  #values = 0;
  #packedBytes = 0;
  /** The block that was read last: its neighbours are likely to be next. */
  #last: { readonly block: PackedBlock; readonly bytes: Uint8Array } | undefined;
  #figure: MemoryFigure | undefined;
  /** Of a value, as it was last measured. */
  #meanBytes = 0;

  get size(): number {
    return this.#cells.size;
  }

  /** Of what is kept as bytes. */
  get packedBytes(): number {
    return this.#packedBytes;
  }

  /** Objects that are there as values. */
  get valueCount(): number {
    return this.#values;
  }

  /** From now on objects may be packed. */
  limit(limit: Limit): void {
    this.#limit = limit;
  }

  cell(id: string): Cell<T> | undefined {
    return this.#cells.get(id);
  }

  ids(): Iterable<string> {
    return this.#cells.keys();
  }

  /** In key order: all, or those from `low` on and below `high`. */
  cells(low?: string, high?: string): Iterable<Cell<T>> {
    return this.#cells.values(low, high);
  }

  /** The object, for somebody who may soon want it again. */
  read(cell: Cell<T>): T {
    cell.isUsed = true;
    return cell.object ?? this.#unpack(cell);
  }

  /** The object, for a look at it in passing. */
  peek(cell: Cell<T>): T {
    return cell.object ?? this.#unpack(cell);
  }

  /** Puts `object` under `id`: into the cell that is there, or into a new one. */
  put(id: string, object: T): Cell<T> {
    this.#figure = undefined;
    let cell = this.#cells.get(id);
    if (cell === undefined) {
      cell = { id, object, block: undefined, slot: 0, isUsed: false };
      this.#cells.set(id, cell);
      this.#values += 1;
    } else {
      if (cell.object === undefined) this.#values += 1;
      cell.object = object;
      this.#leaveBlock(cell);
    }
    this.#limit?.grown();
    return cell;
  }

  remove(cell: Cell<T>): void {
    this.#figure = undefined;
    const isRemoved = this.#cells.delete(cell.id);
    assert(isRemoved, "an object that was found can be removed");
    if (cell.object !== undefined) this.#values -= 1;
    this.#leaveBlock(cell);
  }

  memory(): MemoryFigure {
    this.#figure ??= this.#measured();
    return this.#figure;
  }

  /**
   * Packs some neighbours, or lets go of some values: a millisecond or two of work. Called often
   * enough, it leaves no values.
   */
  packSome(): void {
    if (this.#limit === undefined || this.#values === 0) return;
    const cells: Cell<T>[] = [];
    const parts: Uint8Array[] = [];
    let bytes = 0;
    let letGo = 0;
    for (let passed = 0; passed < Math.min(this.size, PASSED_MAX); passed += 1) {
      const cell = this.#next();
      if (cell?.object === undefined) continue;
      if (cell.isUsed) {
        cell.isUsed = false;
      } else if (cell.block !== undefined) {
        this.#letGo(cell);
        letGo += 1;
        if (letGo >= BLOCK_OBJECTS_MAX) break;
      } else {
        const part = packable(cell.object);
        cells.push(cell);
        parts.push(part);
        bytes += part.length;
        if (cells.length >= BLOCK_OBJECTS_MAX || bytes >= BLOCK_BYTES_MAX) break;
      }
    }
    if (cells.length > 0) this.#pack(cells, parts, this.#limit.compression);
    this.#figure = undefined;
  }

  #next(): Cell<T> | undefined {
    if (this.#hand >= this.size) this.#hand = 0;
    const cell = this.#cells.at(this.#hand);
    this.#hand += 1;
    return cell;
  }

  #pack(cells: readonly Cell<T>[], parts: readonly Uint8Array[], compression: Compression): void {
    const block = new PackedBlock(parts, compression);
    this.#packedBytes += block.bytes;
    this.#members.set(block, cells);
    for (const [slot, cell] of cells.entries()) {
      cell.block = block;
      cell.slot = slot;
      this.#letGo(cell);
    }
  }

  #letGo(cell: Cell<T>): void {
    cell.object = undefined;
    this.#values -= 1;
  }

  #unpack(cell: Cell<T>): T {
    const { block } = cell;
    assert(block !== undefined && this.#limit !== undefined, "what is no value is in a block");
    if (this.#last?.block !== block) {
      this.#last = { block, bytes: block.unpacked(this.#limit.compression) };
    }
    const object = deepFreeze(block.objectAt(cell.slot, this.#last.bytes)) as T; // as it was put
    cell.object = object;
    this.#values += 1;
    this.#figure = undefined;
    this.#limit.grown();
    return object;
  }

  /** What the block has of this object is true no more. */
  #leaveBlock(cell: Cell<T>): void {
    const { block } = cell;
    if (block === undefined) return;
    cell.block = undefined;
    block.live -= 1;
    if (block.live > block.size * LIVE_PART_MIN) return;
    for (const other of this.#members.get(block) ?? []) {
      if (other.block !== block) continue;
      this.peek(other);
      other.block = undefined; // it is packed with others in its turn
    }
    this.#members.delete(block);
    this.#packedBytes -= block.bytes;
    if (this.#last?.block === block) this.#last = undefined;
  }

  /** Values are measured, a sample of them; what is packed is known. */
  #measured(): MemoryFigure {
    const packedObjects = this.size - this.#values;
    if (packedObjects === 0) {
      return memoryOf(this.size, (index) => this.#cells.at(index)?.object);
    }
    const samples = this.#samples();
    if (samples.length > 0) this.#meanBytes = meanBytes(samples);
    const bytes = Math.round(this.#meanBytes * this.#values) + this.#packedBytes;
    return { objects: this.size, bytes, packedObjects };
  }

  /** Some values, spread over all. Where they are rare, few are found; the mean stays as it was. */
  #samples(): readonly Sample[] {
    const samples: Sample[] = [];
    for (let turn = 0; turn < SAMPLES_MAX; turn += 1) {
      const start = Math.floor((turn * this.size) / SAMPLES_MAX);
      for (let place = start; place < start + SAMPLE_PASSED_MAX; place += 1) {
        const object = this.#cells.at(place)?.object;
        if (object === undefined) continue;
        samples.push({ object, like: this.#cells.at(place - 1)?.object });
        break;
      }
    }
    return samples;
  }
}
