import { deepFreeze } from "../base/freeze.ts";
import { exactText, parseExactly } from "./codec/exact-json.ts";
import type { ApiObject } from "./object.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where an object is kept, from which either form of it is made when somebody wants it. */
export interface ObjectSource<T extends ApiObject = ApiObject> {
  /** Its JSON, in parts that follow one another. */
  parts(): readonly Uint8Array[];
  /** What a parse of them would give, frozen at every depth. */
  value(): T;
}

/**
 * An object together with its JSON bytes. Either form is made from the other when first asked for,
 * once, and then shared: by all readers of a list and all watchers of an event.
 */
export class EncodedObject<T extends ApiObject = ApiObject> {
  #bytes: Uint8Array | undefined;
  #value: T | undefined;
  #parts: readonly Uint8Array[] | undefined;
  #source: ObjectSource<T> | undefined;
  #isFrozen = false;

  private constructor(bytes: Uint8Array | undefined, value: T | undefined) {
    this.#bytes = bytes;
    this.#value = value;
  }

  /** Of JSON this program encoded itself; user input goes through `decodeJson` first. */
  static fromBytes<T extends ApiObject>(bytes: Uint8Array): EncodedObject<T> {
    return new EncodedObject<T>(bytes, undefined);
  }

  /** Of what is kept elsewhere. Its parts are put together only for who wants them in one. */
  static fromSource<T extends ApiObject>(source: ObjectSource<T>): EncodedObject<T> {
    const made = new EncodedObject<T>(undefined, undefined);
    made.#source = source;
    made.#isFrozen = true;
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
    if (this.#source === undefined) return [this.bytes];
    this.#parts ??= this.#source.parts();
    return this.#parts;
  }

  /** The value for one who looks once and keeps nothing: it is not remembered for others. */
  peek(): T {
    return this.#value ?? this.#read();
  }

  /** Frozen at every depth. */
  get value(): T {
    this.#value ??= this.#read();
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

  #read(): T {
    return this.#source?.value() ?? (parseExactly(decoder.decode(this.#made())) as T);
  }

  #made(): Uint8Array {
    if (this.#bytes !== undefined) return this.#bytes;
    if (this.#source !== undefined) return joined(this.parts);
    return encoder.encode(exactText(this.#value));
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
