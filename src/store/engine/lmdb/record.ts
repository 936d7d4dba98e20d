/**
 * A record of the store as bytes:
 *
 *     checksum (CRC-32 of all that follows) · format · flags
 *     · revision · previous · createRevision · length and bytes of the key
 *     · length and bytes of the cause row · the value, to the end
 *
 * Numbers after the flags are varints. The revision is in it although it is the key of the record,
 * so that a record in the wrong place is noticed too.
 */
import { crc32 } from "node:zlib";
import { decodeCause, encodeCause } from "../../../trace/codec.ts";
import { type Revision, revision as asRevision } from "../../store.ts";
import { CorruptRecordError, type StoredRecord } from "../engine.ts";

const FORMAT = 1;
const IS_DELETION = 1;
const CHECKSUM_BYTES = 4;
const VARINT_BYTES_MAX = 8; // safe integers have 53 bits
const HEAD_BYTES_MAX = CHECKSUM_BYTES + 2 + 5 * VARINT_BYTES_MAX;

const NO_BYTES = new Uint8Array(0);

export function encodeRecord(record: StoredRecord): Buffer {
  const { key, revision, previous, createRevision, value, cause } = record;
  const causeBytes = encodeCause(cause);
  const keyLength = Buffer.byteLength(key);
  const valueBytes = value ?? NO_BYTES;
  const lengthMax = HEAD_BYTES_MAX + keyLength + causeBytes.length + valueBytes.length;
  const bytes = Buffer.allocUnsafeSlow(lengthMax);
  bytes[CHECKSUM_BYTES] = FORMAT;
  bytes[CHECKSUM_BYTES + 1] = value === undefined ? IS_DELETION : 0;
  let at = CHECKSUM_BYTES + 2;
  for (const number of [revision, previous, createRevision, keyLength]) {
    at = putNumber(bytes, at, number);
  }
  at += bytes.write(key, at);
  at = putNumber(bytes, at, causeBytes.length);
  bytes.set(causeBytes, at);
  bytes.set(valueBytes, at + causeBytes.length);
  const whole = bytes.subarray(0, at + causeBytes.length + valueBytes.length);
  whole.writeUInt32LE(crc32(whole.subarray(CHECKSUM_BYTES)), 0);
  return whole;
}

/** Throws `CorruptRecordError` unless the bytes are what was written for this revision. */
export function decodeRecord(bytes: Buffer, at: Revision, folder: string): StoredRecord {
  try {
    return decode(bytes, at);
  } catch (cause) {
    const what = `in the data folder ${folder} is damaged: restore the folder from a backup`;
    throw new CorruptRecordError(at, what, { cause });
  }
}

/**
 * Opening a store decodes every record in it, so this makes as few views of the bytes as it can.
 */
function decode(bytes: Buffer, at: Revision): StoredRecord {
  if (bytes.length < CHECKSUM_BYTES + 2) throw new Error("too short");
  const sum = crc32(view(bytes, CHECKSUM_BYTES, bytes.length));
  if (sum !== bytes.readUInt32LE(0)) throw new Error("the checksum does not match");
  if (bytes[CHECKSUM_BYTES] !== FORMAT) throw new Error("unknown format of a record");
  const isDeletion = ((bytes[CHECKSUM_BYTES + 1] ?? 0) & IS_DELETION) !== 0;
  const reader = new Reader(bytes, CHECKSUM_BYTES + 2);
  const revision = asRevision(reader.number());
  if (revision !== at) throw new Error(`it is the record of revision ${revision}`);
  const previous = asRevision(reader.number());
  const createRevision = asRevision(reader.number());
  const keyStart = reader.skip(reader.number());
  const key = bytes.toString("utf8", keyStart, reader.at);
  const causeStart = reader.skip(reader.number());
  const cause = decodeCause(view(bytes, causeStart, reader.at));
  const value = isDeletion ? undefined : view(bytes, reader.at, bytes.length);
  return { key, revision, previous, createRevision, value, cause };
}

function putNumber(bytes: Buffer, at: number, value: number): number {
  let rest = value;
  let position = at;
  for (; rest >= 0x80; position += 1) {
    bytes[position] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[position] = rest;
  return position + 1;
}

class Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new Error("it ends too early");
      this.#at += 1;
      value += (byte & 0x7f) * scale;
      if (!Number.isSafeInteger(value)) throw new Error("a number is too large");
      if (byte < 0x80) return value;
    }
  }

  /** Passes over some bytes and returns where they start. */
  skip(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.length) throw new Error("it ends too early");
    this.#at = start + length;
    return start;
  }
}

/** The same memory as plain bytes: a `Buffer` behaves differently (slice, JSON, equality). */
function view(bytes: Buffer, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
}
