/**
 * Objects as compressed bytes, some neighbours together: what they have in common is there once. To
 * read one of them, all bytes of the block are unpacked, and that one is parsed.
 */
import { assert } from "../../base/assert.ts";
import type { Compression } from "../../base/compression.ts";
import { exactText, parseExactly } from "../../machinery/codec/exact-json.ts";

/** Objects in a block: more are smaller together, and slower to read. */
export const BLOCK_OBJECTS_MAX = 16;
/** Bytes of a block before they are compressed, but for one object that is longer. */
export const BLOCK_BYTES_MAX: number = 256 * 1024;

/** Of a block: the block itself, its list of places, the object around the bytes. */
const BLOCK_OVERHEAD_BYTES = 250;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class PackedBlock {
  readonly #packed: Uint8Array;
  /** Where each object ends. */
  readonly #ends: readonly number[];
  /** Objects in it that are still what they were. */
  live: number;

  constructor(objects: readonly Uint8Array[], compression: Compression) {
    assert(objects.length > 0, "a block has an object");
    const ends: number[] = [];
    let length = 0;
    for (const { length: own } of objects) ends.push((length += own));
    const bytes = new Uint8Array(length);
    objects.forEach((object, index) => bytes.set(object, ends[index - 1] ?? 0));
    // A copy of its own: zlib answers a part of a larger buffer.
    this.#packed = new Uint8Array(compression.pack(bytes));
    this.#ends = ends;
    this.live = objects.length;
  }

  /** Memory that it takes. */
  get bytes(): number {
    return this.#packed.length + BLOCK_OVERHEAD_BYTES + this.#ends.length * 8;
  }

  get size(): number {
    return this.#ends.length;
  }

  /** All objects, as `objectAt` reads them. */
  unpacked(compression: Compression): Uint8Array {
    return compression.unpack(this.#packed);
  }

  /** One of the objects in `unpacked`. */
  objectAt(slot: number, unpacked: Uint8Array): unknown {
    const bytes = unpacked.subarray(this.#ends[slot - 1] ?? 0, this.#ends[slot]);
    return parseExactly(decoder.decode(bytes));
  }
}

/** What goes into a block of an object. */
export function packable(object: unknown): Uint8Array {
  return encoder.encode(exactText(object));
}
