/** What a literal means: without quotes, its escape sequences replaced. */

/** The meaning of a literal, or why it has none. */
export type Unescaped<T> =
  { readonly kind: "ok"; readonly value: T } | { readonly kind: "error"; readonly message: string };

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);

const HEX_LENGTH: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["X", 2],
  ["u", 4],
  ["U", 8],
]);

const utf8 = new TextEncoder();

/** The text of a string literal. The lexer has made sure of its form. */
export function unescapeString(literal: string): Unescaped<string> {
  const { content, isRaw } = contentOf(literal);
  if (isRaw || !content.includes("\\")) return { kind: "ok", value: content };
  let result = "";
  let index = 0;
  while (index < content.length) {
    const backslash = content.indexOf("\\", index);
    if (backslash < 0) break;
    result += content.slice(index, backslash);
    const { code, text, length } = escapeAt(content, backslash);
    if (code !== undefined) {
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        return { kind: "error", message: "invalid unicode code point" };
      }
      result += String.fromCodePoint(code);
    } else result += text;
    index = backslash + length;
  }
  return { kind: "ok", value: result + content.slice(index) };
}

/** The bytes of a bytes literal, given without its `b`. Escapes by code point are not allowed. */
export function unescapeBytes(literal: string): Unescaped<Uint8Array> {
  const { content, isRaw } = contentOf(literal);
  if (isRaw || !content.includes("\\")) return { kind: "ok", value: utf8.encode(content) };
  const parts: Uint8Array[] = [];
  let index = 0;
  while (index < content.length) {
    const backslash = content.indexOf("\\", index);
    const end = backslash < 0 ? content.length : backslash;
    parts.push(utf8.encode(content.slice(index, end)));
    if (backslash < 0) break;
    const { code, text, length } = escapeAt(content, backslash);
    if (length > 4) return { kind: "error", message: "unable to unescape string" };
    parts.push(code === undefined ? utf8.encode(text) : Uint8Array.of(code));
    index = backslash + length;
  }
  return { kind: "ok", value: concatenated(parts) };
}

function contentOf(literal: string): { readonly content: string; readonly isRaw: boolean } {
  const text = literal.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  const isRaw = /^[rR]/.test(text);
  const quoted = isRaw ? text.slice(1) : text;
  const isLong = quoted.length >= 6 && /^("""|''')/.test(quoted);
  return { content: isLong ? quoted.slice(3, -3) : quoted.slice(1, -1), isRaw };
}

/** The sequence at `offset`: a number, or a text; and how long it is. */
function escapeAt(
  content: string,
  offset: number,
): { readonly code?: number; readonly text: string; readonly length: number } {
  const letter = content.charAt(offset + 1);
  const hexLength = HEX_LENGTH.get(letter);
  if (hexLength !== undefined) {
    const digits = content.slice(offset + 2, offset + 2 + hexLength);
    return { code: Number.parseInt(digits, 16), text: "", length: 2 + hexLength };
  }
  if (/^[0-3]$/.test(letter)) {
    const code = Number.parseInt(content.slice(offset + 1, offset + 4), 8);
    return { code, text: "", length: 4 };
  }
  return { text: SIMPLE.get(letter) ?? letter, length: 2 };
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
