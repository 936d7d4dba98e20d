/**
 * Reads a long list while it comes: each item is parsed as soon as its bytes are there, and the
 * bytes are let go of. A list parsed in one go would hold up the whole process for a second where
 * it has a hundred megabytes, and would be in memory twice.
 *
 * What is around the items is kept as text, with a `0` in the place of each, and parsed at the end:
 * so all of it is checked as by one parse. What is no list is kept and parsed whole.
 */
import { EncodedObject } from "../machinery/encoded.ts";
import { isApiObject, isFields, own } from "../machinery/object.ts";
import type { ResponseBody } from "../machinery/request.ts";
import { bodyOfJson, decodeServerJson } from "./decode-json.ts";
import { UnexpectedResponseError } from "./response.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

const ITEMS = "items";
const PLACE: Uint8Array = new Uint8Array([0x30]); // 0
/** In the array of the outermost object. */
const ITEM_DEPTH = 2;

export class ListSplitter {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  readonly #envelope: Uint8Array[] = [];
  #items: EncodedObject[] = [];
  /** Of the item that has not ended, from earlier chunks. */
  #pieces: Uint8Array[] = [];
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  #isInItems = false;
  #isInItem = false;
  /** The last text in the outermost object, as far as it may be `items`. */
  #word = "";
  #key = "";

  /** Takes the next bytes; the chunk's memory may be reused afterwards. */
  push(chunk: Uint8Array): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#isInText) {
        at = this.#textEnd(chunk, at);
        continue;
      }
      const byte = chunk[at];
      if (byte === QUOTE) {
        this.#isInText = true;
        this.#word = "";
      } else if (byte === OPEN_OBJECT) {
        if (this.#isInItems && this.#depth === ITEM_DEPTH) {
          this.#envelope.push(chunk.slice(start, at), PLACE);
          this.#isInItem = true;
          start = at;
        }
        this.#depth += 1;
      } else if (byte === CLOSE_OBJECT) {
        this.#depth -= 1;
        if (this.#isInItem && this.#depth === ITEM_DEPTH) {
          this.#item(chunk.subarray(start, at + 1));
          start = at + 1;
        }
      } else if (byte === OPEN_ARRAY) {
        this.#depth += 1;
        if (this.#depth === ITEM_DEPTH && this.#key === ITEMS) this.#beginItems();
      } else if (byte === CLOSE_ARRAY) {
        if (this.#depth === ITEM_DEPTH) this.#isInItems = false;
        this.#depth -= 1;
      } else if (byte === COLON && this.#depth === 1) {
        this.#key = this.#word;
      }
    }
    const rest = chunk.slice(start);
    if (this.#isInItem) this.#pieces.push(rest);
    else this.#envelope.push(rest);
  }

  /** The body, when all of it has come. Throws `UnexpectedResponseError` for what is no JSON. */
  finish(): ResponseBody {
    const around = [...this.#envelope, ...this.#pieces]; // an item without an end is no JSON
    const value = decodeServerJson(this.#decoded(joined(around)));
    const places = isFields(value) ? own(value, ITEMS) : undefined;
    if (!isFields(value) || !Array.isArray(places) || this.#items.length === 0) {
      return bodyOfJson(value);
    }
    if (this.#items.length !== places.length) {
      throw new UnexpectedResponseError("an item of the server's list is no object");
    }
    const body = bodyOfJson({ ...value, items: [] });
    if (body.kind === "list") return { ...body, items: this.#items };
    return bodyOfJson({ ...value, items: this.#items.map((item) => item.value) });
  }

  /** Where the text that goes on at `from` ends, or the last byte of the chunk. */
  #textEnd(chunk: Uint8Array, from: number): number {
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at += 1;
    }
    while (at < chunk.length && chunk[at] !== QUOTE) {
      at += chunk[at] === BACKSLASH ? 2 : 1;
    }
    this.#isEscaped = at > chunk.length;
    this.#isInText = at >= chunk.length;
    // Escapes make the word longer than it is; `items` has none.
    if (this.#depth === 1 && this.#word.length <= ITEMS.length) {
      this.#word += String.fromCharCode(...chunk.subarray(from, Math.min(at, from + 8)));
    }
    return at;
  }

  /** A field that comes twice counts the second time. */
  #beginItems(): void {
    this.#isInItems = true;
    this.#items = [];
  }

  #item(last: Uint8Array): void {
    this.#isInItem = false;
    const bytes = this.#pieces.length === 0 ? last : joined([...this.#pieces, last]);
    this.#pieces = [];
    const value = decodeServerJson(this.#decoded(bytes));
    if (!isApiObject(value)) {
      throw new UnexpectedResponseError("an item of the server's list is no API object");
    }
    this.#items.push(EncodedObject.fromValue(value));
  }

  #decoded(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes);
    } catch (cause) {
      throw new UnexpectedResponseError("the server's JSON is not valid UTF-8", { cause });
    }
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
