/**
 * Cause rows as bytes. There is one per revision, so a row is small (about 55 bytes when a
 * controller wrote, 80 with a trace) and cheap to make.
 *
 * Layout: version, flags, time, user, verb, actor, id, triggers, trace context. Numbers are varints
 * (7 bits a byte, low bits first); texts are a length and UTF-8, except for the frequent shapes the
 * flags announce: an id or trace context in canonical form is stored as its bits. A user is a code
 * for its well-known beginning and the rest; a verb is a code, or 0 and the text. Triggers are a
 * count and the steps between them.
 *
 * The tables below are part of the format: new entries go at the end, and old ones stay.
 */
import { causeId } from "../base/context.ts";
import { type CauseRow, normalTriggers, TRIGGERS_MAX } from "./cause.ts";

/** The first byte of every row. */
export const CAUSE_FORMAT = 1;

/** Longer texts of a row are cut to this many UTF-16 code units when it is encoded. */
export const CAUSE_TEXT_LENGTH_MAX = 256;

/** The bytes are no cause row this program can read. */
export class CauseFormatError extends Error {
  override readonly name = "CauseFormatError";
}

const USER_BEGINNINGS = [
  "",
  "system:serviceaccount:kube-system:",
  "system:serviceaccount:",
  "system:node:",
  "system:",
] as const;

const VERBS = [
  "", // code 0: the text follows
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
  "update/status",
  "patch/status",
  "update/scale",
  "patch/scale",
  "create/binding",
  "create/eviction",
] as const;

const ID_IS_UUID = 1;
const TRACE_IS_CANONICAL = 2;
const ACTOR_ENDS_USER = 4; // the actor is the user without its well-known beginning
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const CANONICAL_TRACE = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const UUID_BYTES = 16;
const TRACE_BYTES = 25;

/** Two digits for every byte: opening a store decodes every row in it. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The row as bytes. Texts beyond the limit are cut and ill-formed ones mended. */
export function encodeCause(row: CauseRow): Uint8Array {
  const isUuid = UUID.test(row.id);
  const isCanonical = CANONICAL_TRACE.test(row.traceparent);
  const beginning = userBeginning(row.user);
  const userRest = row.user.slice(USER_BEGINNINGS[beginning]?.length);
  const isActorInUser = row.actor === userRest;
  const flags =
    (isUuid ? ID_IS_UUID : 0) |
    (isCanonical ? TRACE_IS_CANONICAL : 0) |
    (isActorInUser ? ACTOR_ENDS_USER : 0);
  const out: number[] = [CAUSE_FORMAT, flags];
  putNumber(out, Number.isSafeInteger(row.timeMs) && row.timeMs > 0 ? row.timeMs : 0);
  out.push(beginning);
  putText(out, userRest);
  putVerb(out, row.verb);
  if (!isActorInUser) putText(out, row.actor);
  if (isUuid) putHex(out, row.id);
  else putText(out, row.id);
  putTriggers(out, normalTriggers(row.triggers));
  if (isCanonical) putHex(out, row.traceparent.slice("00-".length));
  else putText(out, row.traceparent);
  return Uint8Array.from(out);
}

/** The row of the bytes. Throws `CauseFormatError`. */
export function decodeCause(bytes: Uint8Array): CauseRow {
  const reader = new Reader(bytes);
  const format = reader.byte();
  if (format !== CAUSE_FORMAT) throw new CauseFormatError(`unknown format ${format}`);
  const flags = reader.byte();
  const timeMs = reader.number();
  const beginning = USER_BEGINNINGS[reader.byte()];
  if (beginning === undefined) throw new CauseFormatError("unknown beginning of a user");
  const userRest = reader.text();
  const user = beginning + userRest;
  const verb = takeVerb(reader);
  const actor = (flags & ACTOR_ENDS_USER) === 0 ? reader.text() : userRest;
  const id = causeId((flags & ID_IS_UUID) === 0 ? reader.text() : takeUuid(reader));
  const triggers = takeTriggers(reader);
  const traceparent = (flags & TRACE_IS_CANONICAL) === 0 ? reader.text() : takeTrace(reader);
  if (!reader.isAtEnd) throw new CauseFormatError("bytes beyond the end");
  return { user, actor, verb, id, triggers, traceparent, timeMs };
}

function userBeginning(user: string): number {
  const code = USER_BEGINNINGS.findIndex((start) => start !== "" && user.startsWith(start));
  return Math.max(code, 0);
}

function putVerb(out: number[], verb: string): void {
  const code = VERBS.findIndex((known) => known === verb);
  out.push(Math.max(code, 0));
  if (code <= 0) putText(out, verb);
}

function takeVerb(reader: Reader): string {
  const code = reader.byte();
  if (code === 0) return reader.text();
  const verb = VERBS[code];
  if (verb === undefined) throw new CauseFormatError("unknown verb");
  return verb;
}

function putTriggers(out: number[], triggers: readonly number[]): void {
  putNumber(out, triggers.length);
  let last = 0;
  for (const trigger of triggers) {
    putNumber(out, trigger - last);
    last = trigger;
  }
}

function takeTriggers(reader: Reader): readonly number[] {
  const count = reader.number();
  if (count > TRIGGERS_MAX) throw new CauseFormatError("too many triggers");
  const triggers: number[] = [];
  for (let last = 0; triggers.length < count;) {
    last += reader.number();
    triggers.push(last);
  }
  return triggers;
}

function takeUuid(reader: Reader): string {
  const hex = reader.hex(UUID_BYTES);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join("-");
}

function takeTrace(reader: Reader): string {
  const hex = reader.hex(TRACE_BYTES);
  return `00-${hex.slice(0, 32)}-${hex.slice(32, 48)}-${hex.slice(48)}`;
}

/** Safe integers only; division because bit operations stop at 32 bits. */
function putNumber(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}

function putText(out: number[], text: string): void {
  const bytes = textEncoder.encode(text.slice(0, CAUSE_TEXT_LENGTH_MAX).toWellFormed());
  putNumber(out, bytes.length);
  for (const byte of bytes) out.push(byte);
}

function putHex(out: number[], text: string): void {
  const hex = text.replaceAll("-", "");
  for (let at = 0; at < hex.length; at += 2) out.push(Number.parseInt(hex.slice(at, at + 2), 16));
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new CauseFormatError("ends too early");
    this.#at += 1;
    return byte;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (!Number.isSafeInteger(value)) throw new CauseFormatError("a number is too large");
      if (byte < 0x80) return value;
    }
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new CauseFormatError("ends too early");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  text(): string {
    const bytes = this.take(this.number());
    try {
      return textDecoder.decode(bytes);
    } catch (cause) {
      throw new CauseFormatError("a text is not UTF-8", { cause });
    }
  }

  hex(length: number): string {
    let text = "";
    for (const byte of this.take(length)) text += HEX[byte] ?? "";
    return text;
  }
}
