/**
 * Writes the protobuf wire format from the last byte to the first: the length of a message stands
 * before it, and written this way it is known by then, without measuring anything twice.
 */

const BYTES_MIN = 1_024;
const SHORT_TEXT_MAX = 64;

const encoder = new TextEncoder();

/** Fields are written in descending order, each value before its tag. */
export class BackwardWriter {
  #bytes = new Uint8Array(BYTES_MIN);
  /** What is written begins here. */
  #at = BYTES_MIN;

  /** How much is written: the difference of two is the length of what came between them. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  /** A copy of all that is written. */
  finish(): Uint8Array {
    return this.#bytes.slice(this.#at);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#at -= value.length;
    this.#bytes.set(value, this.#at);
  }

  text(value: string): void {
    if (value.length > SHORT_TEXT_MAX || !this.#ascii(value)) this.bytes(encoder.encode(value));
  }

  /** A number from 0 to 2^53. */
  varint(value: number): void {
    if (value < 0x80) {
      this.#reserve(1);
      this.#at -= 1;
      this.#bytes[this.#at] = value;
      return;
    }
    const groups: number[] = [];
    let rest = value;
    while (rest >= 0x80) {
      groups.push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    groups.push(rest);
    this.bytes(Uint8Array.from(groups));
  }

  /** A whole number as int32 and int64 are written: negative ones as 64 bits. */
  integer(value: number): void {
    if (value >= 0) {
      this.varint(value);
      return;
    }
    const groups: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 0x80n) {
      groups.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    groups.push(Number(rest));
    this.bytes(Uint8Array.from(groups));
  }

  double(value: number): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.bytes(bytes);
  }

  /** `type`: 0 varint, 1 fixed 64 bits, 2 bytes. */
  tag(field: number, type: 0 | 1 | 2): void {
    this.varint(field * 8 + type);
  }

  /** Length and tag of what was written since `length` was `before`. */
  close(field: number, before: number): void {
    this.varint(this.length - before);
    this.tag(field, 2);
  }

  /** Names and values are short and plain nearly always. False: nothing was written. */
  #ascii(value: string): boolean {
    this.#reserve(value.length);
    const start = this.#at - value.length;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code >= 0x80) return false;
      this.#bytes[start + index] = code;
    }
    this.#at = start;
    return true;
  }

  #reserve(count: number): void {
    if (count <= this.#at) return;
    const { length } = this;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, length + count));
    grown.set(this.#bytes.subarray(this.#at), grown.length - length);
    this.#at = grown.length - length;
    this.#bytes = grown;
  }
}
