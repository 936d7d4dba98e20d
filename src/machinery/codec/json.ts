/**
 * JSON from users. The text is scanned once, without recursion, before anything is built from it:
 * the scan bounds the depth, finds duplicate fields, refuses numbers that would be altered, and
 * words its complaints as Go's decoder does, because that is what users of this API search for.
 * Only then the engine's own parser makes the value; it treats `__proto__` as an ordinary key.
 */
import { VALUE_DEPTH_MAX } from "../json-value.ts";
import { DecodeError } from "./decode-error.ts";
import { exactText, parseExactly } from "./exact-json.ts";
import { JsonScanner } from "./json-scanner.ts";

export { DecodeError, JsonSyntaxError } from "./decode-error.ts";

/** Limits for a text that comes from outside, checked before it is parsed. */
export type JsonLimits = {
  /** Nesting of arrays and objects. Default: 100. */
  readonly depthMax?: number;
};

/** A value, and what was doubtful about its text. */
export type Decoded = {
  readonly value: unknown;
  /** Fields that stood there twice (the last one counts), as `spec.containers[0].name`. */
  readonly duplicates: readonly string[];
  /** How numbers are spelled that may be integers but do not look so (`1e3`), by their paths. */
  readonly spellings?: ReadonlyMap<string, string>;
};

const encoder = new TextEncoder();
// A byte order mark is kept, so that the scan refuses it as Go does.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The one JSON value in `bytes`. Throws a `DecodeError` for anything but valid JSON in UTF-8, for
 * integers beyond 64 bits, and for values nested too deep. An integer that a number would round is
 * a `bigint`. A surrogate that stands
 * alone in an escape becomes U+FFFD, as in Go: UTF-8 has no form for it.
 */
export function decodeJson(bytes: Uint8Array, limits: JsonLimits = {}): Decoded {
  return decodeJsonText(decodeUtf8(bytes), limits);
}

/** The same for text. */
export function decodeJsonText(text: string, limits: JsonLimits = {}): Decoded {
  const scanner = new JsonScanner(text, limits.depthMax ?? VALUE_DEPTH_MAX);
  const { sound, duplicates, spellings } = scanner.scan();
  const value = parseExactly(sound);
  return spellings.size === 0 ? { value, duplicates } : { value, duplicates, spellings };
}

/** Text of bytes that must be UTF-8. Throws a `DecodeError` naming the first bad byte's line. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    const { line, column } = placeOfBadByte(bytes);
    throw new DecodeError("the text is not valid UTF-8", { line, column }, { cause });
  }
}

/** JSON without spaces, fields in their order. */
export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(exactText(value));
}

/** The first replacement made by a forgiving decoder is where the text stops being UTF-8. */
function placeOfBadByte(bytes: Uint8Array): { readonly line: number; readonly column: number } {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const genuine = encoder.encode("\ufffd");
  let offset = text.indexOf("\ufffd");
  let byteOffset = encoder.encode(text.slice(0, Math.max(0, offset))).length;
  while (offset >= 0 && genuine.every((byte, index) => bytes[byteOffset + index] === byte)) {
    const next = text.indexOf("\ufffd", offset + 1);
    byteOffset += genuine.length + encoder.encode(text.slice(offset + 1, next)).length;
    offset = next;
  }
  return DecodeError.placeAt(text, Math.max(0, offset));
}
