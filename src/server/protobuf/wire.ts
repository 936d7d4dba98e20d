/** The protobuf wire format: numbered fields of four kinds, one after another. */

/** The bytes are no protobuf, or hold a number that JSON cannot. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}

export type WireField =
  | { readonly number: number; readonly kind: "varint"; readonly value: bigint }
  | { readonly number: number; readonly kind: "fixed"; readonly bytes: Uint8Array }
  | { readonly number: number; readonly kind: "bytes"; readonly bytes: Uint8Array };

/** The fields of a message, in order. Throws `ProtobufError`. */
export function readFields(message: Uint8Array): readonly WireField[] {
  const fields: WireField[] = [];
  const reader = new WireReader(message);
  while (!reader.isAtEnd) fields.push(reader.field());
  return fields;
}

/** The numbers of a packed list. */
export function readPacked(bytes: Uint8Array): readonly bigint[] {
  const values: bigint[] = [];
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd) values.push(reader.varint());
  return values;
}

/** A varint as a signed number. Throws when JSON readers would see another one. */
export function signedNumber(value: bigint): number {
  const signed = Number(BigInt.asIntN(64, value));
  if (!Number.isSafeInteger(signed)) throw new ProtobufError("an integer is too large");
  return signed;
}

const VARINT_BYTES_MAX = 10;

class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  field(): WireField {
    const tag = this.varint();
    const number = Number(tag >> 3n);
    if (number === 0 || number > 536_870_911) throw new ProtobufError("proto: illegal tag");
    switch (Number(tag & 7n)) {
      case 0:
        return { number, kind: "varint", value: this.varint() };
      case 1:
        return { number, kind: "fixed", bytes: this.#take(8) };
      case 2:
        return { number, kind: "bytes", bytes: this.#take(Number(this.varint())) };
      case 5:
        return { number, kind: "fixed", bytes: this.#take(4) };
      default:
        throw new ProtobufError("proto: illegal wireType");
    }
  }

  varint(): bigint {
    let value = 0n;
    for (let index = 0; index < VARINT_BYTES_MAX; index += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new ProtobufError("unexpected EOF");
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return value;
    }
    throw new ProtobufError("proto: integer overflow");
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new ProtobufError("unexpected EOF");
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }
}
