import { DecodeError, JsonSyntaxError } from "./decode-error.ts";
import { KeySet } from "./key-set.ts";

/** What the scan found out besides that the text is JSON. */
export type ScannedJson = {
  /** The text, with lone surrogate escapes replaced. */
  readonly sound: string;
  /** Paths of fields that occur twice, each once; at most `DUPLICATES_MAX`. */
  readonly duplicates: readonly string[];
  /** Numbers that are spelled as no integer is, by their paths; at most `SPELLINGS_MAX`. */
  readonly spellings: ReadonlyMap<string, string>;
};

/** Duplicate fields that are reported; more would say nothing new. */
export const DUPLICATES_MAX = 100;

/** Numbers whose spelling is told. */
export const SPELLINGS_MAX = 100;

/** An object or array that is open at the current position. */
type Frame =
  | { readonly kind: "object"; readonly keys: KeySet; key: string }
  | { readonly kind: "array"; index: number };

const SPACE = /[ \t\n\r]*/y;
// oxlint-disable-next-line no-control-regex -- JSON forbids control characters in strings.
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const DIGITS = /[0-9]*/y;
const HEX_DIGIT = /[0-9a-fA-F]/;
const LITERALS: Readonly<Record<string, string>> = { t: "true", f: "false", n: "null" };

/** Every integer of at most this many digits is exact in a double. */
const SAFE_DIGITS = 15;

/**
 * Walks over one JSON text with its own stack. Throws a `JsonSyntaxError` where the text is not
 * JSON, and a `DecodeError` where it nests deeper than `depthMax` and at numbers that a double
 * would alter.
 */
export class JsonScanner {
  readonly #text: string;
  readonly #depthMax: number;
  readonly #frames: Frame[] = [];
  readonly #duplicates = new Set<string>();
  readonly #spellings = new Map<string, string>();
  readonly #loneSurrogates: number[] = []; // offsets of escapes
  #at = 0;

  constructor(text: string, depthMax: number) {
    this.#text = text;
    this.#depthMax = depthMax;
  }

  scan(): ScannedJson {
    do this.#value();
    while (this.#more());
    if (this.#at < this.#text.length) throw this.#invalid("after top-level value");
    return { sound: this.#sound(), duplicates: [...this.#duplicates], spellings: this.#spellings };
  }

  /** Moves over a scalar, or into an object or array as far as its first value. */
  #value(): void {
    for (;;) {
      this.#skip(SPACE);
      const char = this.#char();
      if (char === "{") {
        if (this.#openObject()) return;
      } else if (char === "[") {
        if (this.#openArray()) return;
      } else {
        this.#scalar(char);
        return;
      }
    }
  }

  /** Moves over what follows a value. False at the end of the outermost one. */
  #more(): boolean {
    for (;;) {
      this.#skip(SPACE);
      const frame = this.#frames.at(-1);
      if (frame === undefined) return false;
      const char = this.#char();
      if (char === (frame.kind === "object" ? "}" : "]")) {
        this.#at += 1;
        this.#frames.pop();
        continue;
      }
      const place = frame.kind === "object" ? "after object key:value pair" : "after array element";
      if (char !== ",") throw this.#invalid(place);
      this.#at += 1;
      if (frame.kind === "object") this.#key(frame);
      else frame.index += 1;
      return true;
    }
  }

  /** Whether the object is empty, and so already over. */
  #openObject(): boolean {
    const frame: Frame = { kind: "object", keys: new KeySet(), key: "" };
    this.#push(frame);
    this.#skip(SPACE);
    if (this.#char() !== "}") {
      this.#key(frame);
      return false;
    }
    this.#at += 1;
    this.#frames.pop();
    return true;
  }

  /** Whether the array is empty, and so already over. */
  #openArray(): boolean {
    this.#push({ kind: "array", index: 0 });
    this.#skip(SPACE);
    if (this.#char() !== "]") return false;
    this.#at += 1;
    this.#frames.pop();
    return true;
  }

  #push(frame: Frame): void {
    if (this.#frames.length >= this.#depthMax) {
      throw this.#refused(`exceeded max depth of ${this.#depthMax}`);
    }
    this.#frames.push(frame);
    this.#at += 1;
  }

  #key(frame: Frame & { readonly kind: "object" }): void {
    this.#skip(SPACE);
    if (this.#char() !== '"') throw this.#invalid("looking for beginning of object key string");
    frame.key = this.#string();
    if (!frame.keys.add(frame.key) && this.#duplicates.size < DUPLICATES_MAX) {
      this.#duplicates.add(this.#path());
    }
    this.#skip(SPACE);
    if (this.#char() !== ":") throw this.#invalid("after object key");
    this.#at += 1;
  }

  #scalar(char: string): void {
    const literal = LITERALS[char];
    if (char === '"') this.#string();
    else if (literal !== undefined) this.#literal(literal);
    else if (char === "-" || (char >= "0" && char <= "9")) this.#number();
    else throw this.#invalid("looking for beginning of value");
  }

  #literal(literal: string): void {
    for (let index = 1; index < literal.length; index += 1) {
      this.#at += 1;
      const expected = literal.charAt(index);
      if (this.#char() !== expected) {
        throw this.#invalid(`in literal ${literal} (expecting '${expected}')`);
      }
    }
    this.#at += 1;
  }

  /** Moves over a string; its value. */
  #string(): string {
    const start = this.#at;
    let hasEscape = false;
    this.#at += 1;
    for (;;) {
      this.#skip(PLAIN);
      const char = this.#char();
      if (char === '"') break;
      if (char !== "\\") throw this.#invalid("in string literal");
      hasEscape = true;
      this.#escape();
    }
    this.#at += 1;
    if (!hasEscape) return this.#text.slice(start + 1, this.#at - 1);
    const value: unknown = JSON.parse(this.#text.slice(start, this.#at));
    return String(value).toWellFormed();
  }

  #escape(): void {
    this.#at += 1;
    const char = this.#char();
    if (char !== "u") {
      if (!'"\\/bfnrt'.includes(char)) throw this.#invalid("in string escape code");
      this.#at += 1;
      return;
    }
    const start = this.#at - 1;
    const unit = this.#hex();
    if (unit < 0xd800 || unit > 0xdfff) return;
    const low = /^\\u[dD][c-fC-F][0-9a-fA-F]{2}/.test(this.#text.slice(this.#at, this.#at + 6));
    if (unit < 0xdc00 && low) this.#at += 6;
    else this.#loneSurrogates.push(start);
  }

  /** Moves over `u` and four hexadecimal digits. */
  #hex(): number {
    for (let digit = 0; digit < 4; digit += 1) {
      this.#at += 1;
      if (!HEX_DIGIT.test(this.#char())) {
        throw this.#invalid("in \\u hexadecimal character escape");
      }
    }
    this.#at += 1;
    return Number.parseInt(this.#text.slice(this.#at - 4, this.#at), 16);
  }

  #number(): void {
    const start = this.#at;
    if (this.#text[this.#at] === "-") this.#at += 1;
    if (this.#text[this.#at] === "0") this.#at += 1;
    else this.#digits("in numeric literal");
    let isInteger = true;
    if (this.#text[this.#at] === ".") {
      isInteger = false;
      this.#at += 1;
      this.#digits("after decimal point in numeric literal");
    }
    if (this.#text[this.#at] === "e" || this.#text[this.#at] === "E") {
      isInteger = false;
      this.#at += 1;
      if (this.#text[this.#at] === "-" || this.#text[this.#at] === "+") this.#at += 1;
      this.#digits("in exponent of numeric literal");
    }
    this.#exact(start, isInteger);
  }

  #digits(place: string): void {
    const start = this.#at;
    this.#skip(DIGITS);
    if (this.#at > start) return;
    this.#char();
    throw this.#invalid(place);
  }

  /** Refuses a number that would come back as another one. */
  #exact(start: number, isInteger: boolean): void {
    if (isInteger && this.#at - start <= SAFE_DIGITS) return;
    const token = this.#text.slice(start, this.#at);
    const value = Number(token);
    const shown = token.length > 40 ? `${token.slice(0, 40)}...` : token;
    if (!Number.isFinite(value)) {
      this.#at = start;
      throw this.#notJson(`json: cannot unmarshal number ${shown} into Go value of type float64`);
    }
    if (!isInteger && String(value) !== token && this.#spellings.size < SPELLINGS_MAX) {
      this.#spellings.set(this.#path(), shown);
    }
    // Printed again, 2^60 loses its last digits although a double holds it: text is what counts.
    if (!isInteger || String(value) === token || token === "-0") return;
    if (BigInt.asIntN(64, BigInt(token)) === BigInt(token)) return;
    this.#at = start;
    throw this.#refused(`the integer ${shown} is too large to be kept exactly`);
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    pattern.test(this.#text);
    this.#at = pattern.lastIndex;
  }

  /** The character at the position. Throws at the end of the text. */
  #char(): string {
    if (this.#at >= this.#text.length) throw this.#notJson("unexpected end of JSON input");
    return this.#text.charAt(this.#at);
  }

  #path(): string {
    let path = "";
    for (const frame of this.#frames) {
      if (frame.kind === "array") path += `[${frame.index}]`;
      else path += path === "" ? frame.key : `.${frame.key}`;
    }
    return path;
  }

  #sound(): string {
    if (this.#loneSurrogates.length === 0) return this.#text;
    const parts: string[] = [];
    let end = 0;
    for (const offset of this.#loneSurrogates) {
      parts.push(this.#text.slice(end, offset), "\\ufffd");
      end = offset + "\\ufffd".length;
    }
    return parts.join("") + this.#text.slice(end);
  }

  #invalid(place: string): JsonSyntaxError {
    return this.#notJson(`invalid character ${quotedByte(this.#text, this.#at)} ${place}`);
  }

  #notJson(message: string): JsonSyntaxError {
    return new JsonSyntaxError(message, DecodeError.placeAt(this.#text, this.#at));
  }

  #refused(message: string): DecodeError {
    return new DecodeError(message, DecodeError.placeAt(this.#text, this.#at));
  }
}

const NAMED_CONTROLS: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "'": "\\'",
  "\\": "\\\\",
};

/** The first byte of the character there, quoted as Go's decoder shows bytes. */
function quotedByte(text: string, offset: number): string {
  const point = text.codePointAt(offset) ?? 0;
  const byte = new TextEncoder().encode(String.fromCodePoint(point))[0] ?? 0;
  const char = String.fromCharCode(byte);
  const named = NAMED_CONTROLS[char];
  if (named !== undefined) return `'${named}'`;
  const isPrintable = (byte >= 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  if (isPrintable) return `'${char}'`;
  const hex = byte.toString(16);
  return byte < 0x80 ? `'\\x${hex.padStart(2, "0")}'` : `'\\u${hex.padStart(4, "0")}'`;
}
