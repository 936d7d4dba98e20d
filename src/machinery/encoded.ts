import { deepFreeze } from "../base/freeze.ts";
import { exactText, parseExactly } from "./codec/exact-json.ts";
import type { ApiObject } from "./object.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * An object together with its JSON bytes. Either form is made from the other when first asked for,
 * once, and then shared: by all readers of a list and all watchers of an event.
 */
export class EncodedObject<T extends ApiObject = ApiObject> {
  #bytes: Uint8Array | undefined;
  #value: T | undefined;
  #parts: readonly Uint8Array[] | undefined;
  #isFrozen = false;

  private constructor(bytes: Uint8Array | undefined, value: T | undefined) {
    this.#bytes = bytes;
    this.#value = value;
  }

  /** Of JSON this program encoded itself; user input goes through `decodeJson` first. */
  static fromBytes<T extends ApiObject>(bytes: Uint8Array): EncodedObject<T> {
    return new EncodedObject<T>(bytes, undefined);
  }

  /** The same of JSON in parts, which are put together only for who wants them in one. */
  static fromParts<T extends ApiObject>(parts: readonly Uint8Array[]): EncodedObject<T> {
    const made = new EncodedObject<T>(undefined, undefined);
    made.#parts = parts;
    return made;
  }

  /** Freezes `value`. */
  static fromValue<T extends ApiObject>(value: T): EncodedObject<T> {
    const made = new EncodedObject<T>(undefined, deepFreeze(value));
    made.#isFrozen = true;
    return made;
  }

  /** Of a value that nobody else has: it is frozen for the first who asks for `value`. */
  static fromDecoded<T extends ApiObject>(value: T): EncodedObject<T> {
    return new EncodedObject<T>(undefined, value);
  }

  get bytes(): Uint8Array {
    this.#bytes ??= this.#made();
    return this.#bytes;
  }

  /** `bytes` for who writes them one after the other: large objects are not copied for it. */
  get parts(): readonly Uint8Array[] {
    return this.#parts ?? [this.bytes];
  }

  /** The value for one who looks once and keeps nothing: it is not remembered for others. */
  peek(): T {
    return this.#value ?? (parseExactly(decoder.decode(this.#made())) as T);
  }

  /** Frozen at every depth. */
  get value(): T {
    this.#value ??= parseExactly(decoder.decode(this.#made())) as T;
    if (!this.#isFrozen) {
      deepFreeze(this.#value);
      this.#isFrozen = true;
    }
    return this.#value;
  }

  /**
   * The value for one who keeps it, and freezes what is kept: that spares freezing the parts that
   * are not. Frozen already, unless it is `fromDecoded` and nobody has asked for `value`. Equal
   * parts may take the place of others in it, nothing else may change.
   */
  get unfrozen(): T {
    return this.#value ?? this.value;
  }

  #made(): Uint8Array {
    if (this.#bytes !== undefined) return this.#bytes;
    return this.#parts === undefined ? encoder.encode(exactText(this.#value)) : joined(this.#parts);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
