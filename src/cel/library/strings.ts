/** Functions on strings: cut, search, replace, split, join. Places are counted in characters. */
import { CelError, noSuchOverload } from "../cel-error.ts";
import {
  FORMAT_COST,
  JOIN_COST,
  QUOTE_COST,
  REPLACE_COST,
  SCAN_COST,
  SPLIT_COST,
  TRANSFORM_COST,
} from "../cost/kubernetes-costs.ts";
import { ArrayList, elementsOf, tooLong } from "../eval/lists.ts";
import { show } from "../eval/show.ts";
import { characters, length, slice } from "../eval/text.ts";
import { declare, method, overload, type CelLibrary, type Implementation } from "../functions.ts";
import { RESULT_LENGTH_MAX, RESULT_SIZE_MAX } from "../limits.ts";
import { DYN, INT, listOf, STRING } from "../types.ts";
import type { CelResult, CelValue } from "../values.ts";
import { tooLarge } from "./arithmetic.ts";
import { formatText } from "./string-format.ts";
import { quoteText } from "./string-quote.ts";

export const STRINGS_LIBRARY: CelLibrary = {
  name: "strings",
  functions: [
    declare("charAt", [method("string_char_at_int", [STRING, INT], STRING, charAt)]),
    declare(
      "indexOf",
      [
        method("string_index_of_string", [STRING, STRING], INT, first),
        method("string_index_of_string_int", [STRING, STRING, INT], INT, first),
      ],
      SCAN_COST,
    ),
    declare(
      "lastIndexOf",
      [
        method("string_last_index_of_string", [STRING, STRING], INT, last),
        method("string_last_index_of_string_int", [STRING, STRING, INT], INT, last),
      ],
      SCAN_COST,
    ),
    declare(
      "lowerAscii",
      [method("string_lower_ascii", [STRING], STRING, textual(lowerAscii))],
      TRANSFORM_COST,
    ),
    declare(
      "upperAscii",
      [method("string_upper_ascii", [STRING], STRING, textual(upperAscii))],
      TRANSFORM_COST,
    ),
    declare("trim", [method("string_trim", [STRING], STRING, textual(trim))], TRANSFORM_COST),
    declare(
      "substring",
      [
        method("string_substring_int", [STRING, INT], STRING, substring),
        method("string_substring_int_int", [STRING, INT, INT], STRING, substring),
      ],
      TRANSFORM_COST,
    ),
    declare(
      "replace",
      [
        method("string_replace_string_string", [STRING, STRING, STRING], STRING, replace),
        method("string_replace_string_string_int", [STRING, STRING, STRING, INT], STRING, replace),
      ],
      REPLACE_COST,
    ),
    declare(
      "split",
      [
        method("string_split_string", [STRING, STRING], listOf(STRING), split),
        method("string_split_string_int", [STRING, STRING, INT], listOf(STRING), split),
      ],
      SPLIT_COST,
    ),
    declare(
      "join",
      [
        method("list_join", [listOf(STRING)], STRING, join),
        method("list_join_string", [listOf(STRING), STRING], STRING, join),
      ],
      JOIN_COST,
    ),
    declare(
      "format",
      [method("string_format", [STRING, listOf(DYN)], STRING, format)],
      FORMAT_COST,
    ),
    declare(
      "strings.quote",
      [overload("strings_quote", [STRING], STRING, textual(quoteText))],
      QUOTE_COST,
    ),
  ],
};

/** `reverse()` of strings, which Kubernetes does not have. */
export const STRING_REVERSE_LIBRARY: CelLibrary = {
  name: "string-reverse",
  functions: [
    declare("reverse", [
      method(
        "string_reverse",
        [STRING],
        STRING,
        textual((text) => characters(text).toReversed().join("")),
      ),
    ]),
  ],
};

function textual(transform: (text: string) => string): Implementation {
  return ([text = null]) => (typeof text === "string" ? transform(text) : noSuchOverload());
}

function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function upperAscii(text: string): string {
  return text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** Removes what Unicode takes for white space from both ends. */
function trim(text: string): string {
  const space = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
  let start = 0;
  let end = text.length;
  while (start < end && space.test(text.charAt(start))) start += 1;
  while (end > start && space.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function outOfRange(index: bigint): CelError {
  return new CelError(`index out of range: ${index}`);
}

function charAt([text = null, index = null]: readonly CelValue[]): CelResult {
  if (typeof text !== "string" || typeof index !== "bigint") return noSuchOverload();
  if (index < 0n || index > BigInt(length(text))) return outOfRange(index);
  return slice(text, Number(index), Number(index) + 1);
}

function first([text = null, part = null, from = 0n]: readonly CelValue[]): CelResult {
  if (typeof text !== "string" || typeof part !== "string" || typeof from !== "bigint") {
    return noSuchOverload();
  }
  if (part === "") return from;
  if (from < 0n) return outOfRange(from);
  if (from >= BigInt(length(text))) return -1n;
  const found = text.indexOf(part, slice(text, 0, Number(from)).length);
  return found < 0 ? -1n : BigInt(length(text.slice(0, found)));
}

function last([text = null, part = null, from]: readonly CelValue[]): CelResult {
  if (typeof text !== "string" || typeof part !== "string") return noSuchOverload();
  const size = BigInt(length(text));
  if (from === undefined) {
    if (part === "") return size;
    return size === 0n ? -1n : lastBefore(text, part, size - 1n);
  }
  if (typeof from !== "bigint") return noSuchOverload();
  if (part === "") return from;
  if (from < 0n) return outOfRange(from);
  return from >= size ? -1n : lastBefore(text, part, from);
}

function lastBefore(text: string, part: string, from: bigint): CelResult {
  const found = text.lastIndexOf(part, slice(text, 0, Number(from)).length);
  return found < 0 ? -1n : BigInt(length(text.slice(0, found)));
}

function substring([text = null, start = null, end]: readonly CelValue[]): CelResult {
  if (typeof text !== "string" || typeof start !== "bigint") return noSuchOverload();
  const size = BigInt(length(text));
  if (end !== undefined) {
    if (typeof end !== "bigint") return noSuchOverload();
    if (start > end) {
      return new CelError(`invalid substring range. start: ${start}, end: ${end}`);
    }
  }
  if (start < 0n || start > size) return outOfRange(start);
  if (end !== undefined && (end < 0n || end > size)) return outOfRange(end);
  return slice(text, Number(start), end === undefined ? undefined : Number(end));
}

function replace(args: readonly CelValue[]): CelResult {
  const [text = null, old = null, replacement = null, limit = -1n] = args;
  if (typeof text !== "string" || typeof old !== "string") return noSuchOverload();
  if (typeof replacement !== "string" || typeof limit !== "bigint") return noSuchOverload();
  if (limit === 0n || old === replacement) return text;
  const parts = old === "" ? ["", ...characters(text), ""] : text.split(old);
  const most = limit < 0n ? parts.length - 1 : Math.min(Number(limit), parts.length - 1);
  if (text.length + most * replacement.length > RESULT_SIZE_MAX) return tooLarge();
  const replaced = parts.slice(0, most + 1).join(replacement);
  const rest = parts.slice(most + 1);
  return rest.length === 0 ? replaced : [replaced, ...rest].join(old);
}

function split([text = null, separator = null, limit = -1n]: readonly CelValue[]): CelResult {
  if (typeof text !== "string" || typeof separator !== "string") return noSuchOverload();
  if (typeof limit !== "bigint") return noSuchOverload();
  if (limit === 0n) return ArrayList.of([]);
  const parts = separator === "" ? characters(text) : text.split(separator);
  if (parts.length > RESULT_LENGTH_MAX) return tooLong();
  if (limit < 0n || BigInt(parts.length) <= limit) return ArrayList.of(parts);
  const most = Number(limit);
  return ArrayList.of([...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)]);
}

function join([list = null, separator = ""]: readonly CelValue[]): CelResult {
  if (typeof list !== "object" || list === null || list instanceof Uint8Array) {
    return noSuchOverload();
  }
  if (list.kind !== "list" || typeof separator !== "string") return noSuchOverload();
  const elements = elementsOf(list);
  if (elements instanceof CelError) return elements;
  let size = separator.length * elements.length;
  const texts: string[] = [];
  for (const element of elements) {
    if (typeof element !== "string") return new CelError(`join: invalid input: ${show(element)}`);
    size += element.length;
    texts.push(element);
  }
  return size > RESULT_SIZE_MAX ? tooLarge() : texts.join(separator);
}

function format([text = null, args = null]: readonly CelValue[]): CelResult {
  if (typeof text !== "string" || typeof args !== "object" || args === null) {
    return noSuchOverload();
  }
  if (args instanceof Uint8Array || args.kind !== "list") return noSuchOverload();
  return formatText(text, args);
}
