/**
 * Cause rows as bytes. There is one per revision, so a row is small (about 55 bytes when a
 * controller wrote, 80 with a trace) and cheap to make.
 *
 * Layout: version, flags, time, user, verb, actor, id, triggers, trace context, and, where the
 * flags say so, roots (a bit each) and edits (a count, then codes, or 0 and a text). Numbers are
 * varints (7 bits a byte, low bits first); texts are a length and UTF-8, except for the frequent
 * shapes the flags announce: an id or trace context in canonical form is stored as its bits. A user
 * is a code for its well-known beginning and the rest; a verb is a code, or 0 and the text.
 * Triggers are a count and the steps between them.
 *
 * The tables below are part of the format: new entries go at the end, and old ones stay.
 */
import { causeId, ROOTS, type Root } from "../base/context.ts";
import { type CauseRow, normalTriggers, TRIGGERS_MAX } from "./cause.ts";

/** The first byte of every row. */
export const CAUSE_FORMAT = 1;

/** Longer texts of a row are cut to this many UTF-16 code units when it is encoded. */
export const CAUSE_TEXT_LENGTH_MAX = 256;

/**
 * Edits that would make a row longer than this many bytes are told as one, `others`. Only a row
 * with long names or many triggers is longer.
 */
export const CAUSE_ROW_BYTES = 100;

/** More edits are never told. */
export const EDITS_MAX = 15;

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

/** What edits begin with; the whole of those without a space at the end. */
const EDITS = [
  "", // code 0: the text follows
  "others",
  "webhook ",
  "policy ",
  "defaults",
  "NamespaceLifecycle",
  "LimitRanger",
  "ServiceAccount",
  "TaintNodesByCondition",
  "AlwaysPullImages",
  "Priority",
  "DefaultTolerationSeconds",
  "DefaultStorageClass",
  "StorageObjectInUseProtection",
  "RuntimeClass",
  "DefaultIngressClass",
] as const;
const OTHERS = 1;

const ID_IS_UUID = 1;
const TRACE_IS_CANONICAL = 2;
const ACTOR_ENDS_USER = 4; // the actor is the user without its well-known beginning
const HAS_ROOTS = 8;
const HAS_EDITS = 16;
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
  const { roots = [], edits = [] } = row;
  const flags =
    (isUuid ? ID_IS_UUID : 0) |
    (isCanonical ? TRACE_IS_CANONICAL : 0) |
    (isActorInUser ? ACTOR_ENDS_USER : 0) |
    (roots.length > 0 ? HAS_ROOTS : 0) |
    (edits.length > 0 ? HAS_EDITS : 0);
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
  if (roots.length > 0) out.push(rootBits(roots));
  if (edits.length > 0) putEdits(out, edits);
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
  const roots = (flags & HAS_ROOTS) === 0 ? undefined : takeRoots(reader);
  const edits = (flags & HAS_EDITS) === 0 ? undefined : takeEdits(reader);
  if (!reader.isAtEnd) throw new CauseFormatError("bytes beyond the end");
  const row = { user, actor, verb, id, triggers, traceparent, timeMs };
  if (roots === undefined && edits === undefined) return row;
  return {
    ...row,
    ...(roots === undefined ? {} : { roots }),
    ...(edits === undefined ? {} : { edits }),
  };
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

function rootBits(roots: readonly Root[]): number {
  return roots.reduce((bits, root) => bits | (1 << ROOTS.indexOf(root)), 0);
}

/** Bits that a later program has given a meaning are left out. */
function takeRoots(reader: Reader): readonly Root[] {
  const bits = reader.byte();
  return ROOTS.filter((_, index) => (bits & (1 << index)) !== 0);
}

function putEdits(out: number[], edits: readonly string[]): void {
  const countAt = out.push(0) - 1;
  const roomAt = CAUSE_ROW_BYTES - 1; // the last byte is for `others`
  let count = 0;
  for (const edit of edits) {
    const start = out.length;
    putEdit(out, edit);
    count += 1;
    const isLast = count === edits.length && out.length <= CAUSE_ROW_BYTES;
    if (isLast || (out.length <= roomAt && count < EDITS_MAX)) continue;
    out.length = start;
    out.push(OTHERS);
    break;
  }
  out[countAt] = count;
}

function putEdit(out: number[], edit: string): void {
  const code = EDITS.findIndex((known) => {
    return known.endsWith(" ") ? edit.startsWith(known) : known !== "" && edit === known;
  });
  out.push(Math.max(code, 0));
  if (code <= 0) putText(out, edit);
  else if (EDITS[code]?.endsWith(" ") === true) putText(out, edit.slice(EDITS[code]?.length));
}

function takeEdits(reader: Reader): readonly string[] {
  const edits: string[] = [];
  for (let left = reader.byte(); left > 0; left -= 1) {
    const known = EDITS[reader.byte()];
    if (known === undefined) throw new CauseFormatError("unknown edit");
    const isWhole = known !== "" && !known.endsWith(" ");
    edits.push(isWhole ? known : known + reader.text());
  }
  return edits;
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
