/**
 * Characters to tokens. Always the longest token that fits; where none fits, the characters that
 * looked like the start of one are reported, and scanning goes on behind them.
 */
import type { Issue, Source } from "./source.ts";
import { TOKEN, type Token, type TokenKind } from "./tokens.ts";

/** What stands at an offset: a token up to `end`, or a start of one that breaks at `end`. */
type Match =
  | { readonly kind: TokenKind; readonly end: number }
  | { readonly kind: "broken"; readonly end: number };

const KEYWORDS: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ["in", TOKEN.in],
  ["true", TOKEN.true],
  ["false", TOKEN.false],
  ["null", TOKEN.null],
]);

const DOUBLE_OPERATORS: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ["==", TOKEN.equals],
  ["!=", TOKEN.notEquals],
  ["<=", TOKEN.lessEquals],
  [">=", TOKEN.greaterEquals],
  ["&&", TOKEN.and],
  ["||", TOKEN.or],
]);

const OPERATORS: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ["<", TOKEN.less],
  [">", TOKEN.greater],
  ["[", TOKEN.leftBracket],
  ["]", TOKEN.rightBracket],
  ["{", TOKEN.leftBrace],
  ["}", TOKEN.rightBrace],
  ["(", TOKEN.leftParenthesis],
  [")", TOKEN.rightParenthesis],
  [".", TOKEN.dot],
  [",", TOKEN.comma],
  ["-", TOKEN.minus],
  ["!", TOKEN.exclamation],
  ["?", TOKEN.question],
  [":", TOKEN.colon],
  ["+", TOKEN.plus],
  ["*", TOKEN.star],
  ["/", TOKEN.slash],
  ["%", TOKEN.percent],
]);

const SPACE = /^[\t \r\n\f]$/;
const LETTER = /^[A-Za-z_]$/;
const DIGIT = /^[0-9]$/;
const HEX = /^[0-9a-fA-F]$/;
const QUOTED_NAME = /^[A-Za-z0-9_.\-/ ]$/;
const SIMPLE_ESCAPE = /^[abfnrtv"'\\?`]$/;

/** All tokens, the last one being the end, and what was no token. */
export function tokensOf(source: Source): {
  readonly tokens: readonly Token[];
  readonly issues: readonly Issue[];
} {
  const { characters } = source;
  const tokens: Token[] = [];
  const issues: Issue[] = [];
  let offset = 0;
  let blank = "";
  while (offset < characters.length) {
    const end = blankEnd(characters, offset);
    if (end > offset) {
      blank += characters.slice(offset, end).join("");
      offset = end;
      continue;
    }
    const match = matchAt(characters, offset);
    const text = characters.slice(offset, match.end).join("");
    if (match.kind === "broken") {
      const message = `Syntax error: token recognition error at: '${text}'`;
      issues.push({ place: source.placeOf(offset), message });
    } else {
      tokens.push({ kind: match.kind, text, offset, blank });
      blank = "";
    }
    offset = match.end;
  }
  tokens.push({ kind: TOKEN.end, text: "", offset: characters.length, blank });
  return { tokens, issues };
}

/** The end of white space or of a comment. */
function blankEnd(characters: readonly string[], offset: number): number {
  let end = offset;
  while (SPACE.test(characters[end] ?? "")) end += 1;
  if (end > offset) return end;
  if (characters[offset] !== "/" || characters[offset + 1] !== "/") return offset;
  while (end < characters.length && characters[end] !== "\n") end += 1;
  return end;
}

function matchAt(characters: readonly string[], offset: number): Match {
  const first = characters[offset] ?? "";
  if (DIGIT.test(first) || (first === "." && DIGIT.test(characters[offset + 1] ?? ""))) {
    return numberAt(characters, offset);
  }
  if (first === '"' || first === "'") return stringAt(characters, offset, false, TOKEN.string);
  if (LETTER.test(first)) return wordAt(characters, offset);
  if (first === "`") return quotedNameAt(characters, offset);
  const double = DOUBLE_OPERATORS.get(`${first}${characters[offset + 1] ?? ""}`);
  if (double !== undefined) return { kind: double, end: offset + 2 };
  const single = OPERATORS.get(first);
  if (single !== undefined) return { kind: single, end: offset + 1 };
  // `&`, `|` and `=` are the start of an operator, and break at the character behind them.
  const breaksAt = /^[&|=]$/.test(first) ? offset + 1 : offset;
  return broken(characters, breaksAt);
}

/** A start of a token that cannot go on at `at`. */
function broken(characters: readonly string[], at: number): Match {
  return { kind: "broken", end: Math.min(at + 1, characters.length) };
}

/** The end of a run of characters. */
function runEnd(characters: readonly string[], offset: number, allowed: RegExp): number {
  let end = offset;
  while (allowed.test(characters[end] ?? "")) end += 1;
  return end;
}

function numberAt(characters: readonly string[], offset: number): Match {
  const isUnsigned = (end: number): boolean => /^[uU]$/.test(characters[end] ?? "");
  if (characters[offset] === "0" && characters[offset + 1] === "x") {
    const end = runEnd(characters, offset + 2, HEX);
    if (end > offset + 2) return intOrUint(end, isUnsigned(end));
  }
  const whole = runEnd(characters, offset, DIGIT);
  let end = whole;
  let isFloat = false;
  if (characters[end] === "." && DIGIT.test(characters[end + 1] ?? "")) {
    end = runEnd(characters, end + 1, DIGIT);
    isFloat = true;
  }
  const exponent = exponentEnd(characters, end);
  if (exponent > end) return { kind: TOKEN.float, end: exponent };
  return isFloat ? { kind: TOKEN.float, end } : intOrUint(whole, isUnsigned(whole));
}

function intOrUint(end: number, isUnsigned: boolean): Match {
  return isUnsigned ? { kind: TOKEN.uint, end: end + 1 } : { kind: TOKEN.int, end };
}

function exponentEnd(characters: readonly string[], offset: number): number {
  if (!/^[eE]$/.test(characters[offset] ?? "")) return offset;
  const digits = /^[+-]$/.test(characters[offset + 1] ?? "") ? offset + 2 : offset + 1;
  const end = runEnd(characters, digits, DIGIT);
  return end > digits ? end : offset;
}

function wordAt(characters: readonly string[], offset: number): Match {
  const prefixed = prefixedStringAt(characters, offset);
  if (prefixed !== undefined && prefixed.kind !== "broken") return prefixed;
  const end = runEnd(characters, offset, /^[A-Za-z0-9_]$/);
  const word = characters.slice(offset, end).join("");
  return { kind: KEYWORDS.get(word) ?? TOKEN.identifier, end };
}

/** A literal with `r`, `b` or `br` before its quotes. */
function prefixedStringAt(characters: readonly string[], offset: number): Match | undefined {
  const isBytes = /^[bB]$/.test(characters[offset] ?? "");
  const raw = isBytes ? offset + 1 : offset;
  const isRaw = /^[rR]$/.test(characters[raw] ?? "");
  const quote = isRaw ? raw + 1 : raw;
  if (quote === offset || !/^["']$/.test(characters[quote] ?? "")) return undefined;
  return stringAt(characters, quote, isRaw, isBytes ? TOKEN.bytes : TOKEN.string);
}

function stringAt(
  characters: readonly string[],
  offset: number,
  isRaw: boolean,
  kind: TokenKind,
): Match {
  const quote = characters[offset] ?? "";
  if (characters[offset + 1] === quote && characters[offset + 2] === quote) {
    const end = longStringEnd(characters, offset + 3, quote, isRaw);
    // Without an end, the first two quotes are an empty string.
    return { kind, end: end ?? offset + 2 };
  }
  let index = offset + 1;
  for (;;) {
    const character = characters[index];
    if (character === quote) return { kind, end: index + 1 };
    if (character === undefined || character === "\n" || character === "\r") {
      return broken(characters, index);
    }
    if (character === "\\" && !isRaw) {
      const escape = escapeAt(characters, index);
      if (escape.kind === "broken") return escape;
      index = escape.end;
    } else index += 1;
  }
}

function longStringEnd(
  characters: readonly string[],
  offset: number,
  quote: string,
  isRaw: boolean,
): number | undefined {
  let index = offset;
  while (index < characters.length) {
    const character = characters[index];
    if (character === quote && characters[index + 1] === quote && characters[index + 2] === quote) {
      return index + 3;
    }
    if (character === "\\" && !isRaw) {
      const escape = escapeAt(characters, index);
      if (escape.kind === "broken") return undefined;
      index = escape.end;
    } else index += 1;
  }
  return undefined;
}

/** The escape sequence whose backslash is at `offset`. */
function escapeAt(characters: readonly string[], offset: number): Match {
  const letter = characters[offset + 1] ?? "";
  if (SIMPLE_ESCAPE.test(letter)) return { kind: TOKEN.string, end: offset + 2 };
  if (/^[0-3]$/.test(letter)) return digitsAt(characters, offset + 2, 2, /^[0-7]$/);
  if (/^[xX]$/.test(letter)) return digitsAt(characters, offset + 2, 2, HEX);
  if (letter === "u") return digitsAt(characters, offset + 2, 4, HEX);
  if (letter === "U") return digitsAt(characters, offset + 2, 8, HEX);
  return broken(characters, offset + 1);
}

function digitsAt(
  characters: readonly string[],
  offset: number,
  count: number,
  allowed: RegExp,
): Match {
  for (let index = offset; index < offset + count; index += 1) {
    if (!allowed.test(characters[index] ?? "")) return broken(characters, index);
  }
  return { kind: TOKEN.string, end: offset + count };
}

function quotedNameAt(characters: readonly string[], offset: number): Match {
  const end = runEnd(characters, offset + 1, QUOTED_NAME);
  if (end > offset + 1 && characters[end] === "`") {
    return { kind: TOKEN.quotedIdentifier, end: end + 1 };
  }
  return broken(characters, end);
}
