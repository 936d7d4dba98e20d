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

  private constructor(bytes: Uint8Array | undefined, value: T | undefined) {
    this.#bytes = bytes;
    this.#value = value;
  }

  /** Of JSON this program encoded itself; user input goes through `decodeJson` first. */
  static fromBytes<T extends ApiObject>(bytes: Uint8Array): EncodedObject<T> {
    return new EncodedObject<T>(bytes, undefined);
  }

  /** Freezes `value`. */
  static fromValue<T extends ApiObject>(value: T): EncodedObject<T> {
    return new EncodedObject<T>(undefined, deepFreeze(value));
  }

  get bytes(): Uint8Array {
    this.#bytes ??= encoder.encode(exactText(this.#value));
    return this.#bytes;
  }

  /** The value for one who looks once and keeps nothing: it is not remembered for others. */
  peek(): T {
    return this.#value ?? (parseExactly(decoder.decode(this.#bytes)) as T);
  }

  /** Frozen at every depth. */
  get value(): T {
    this.#value ??= deepFreeze(parseExactly(decoder.decode(this.#bytes)) as T);
    return this.#value;
  }
}
