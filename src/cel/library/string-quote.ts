/** Strings in quotes. */

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\u0007", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ["\\", "\\\\"],
  ['"', '\\"'],
]);

/** A text as `strings.quote` gives it: only what has a short escape is escaped. */
export function quoteText(text: string): string {
  const escape = (character: string): string => ESCAPES.get(character) ?? character;
  // oxlint-disable-next-line eslint/no-control-regex -- control characters are what is escaped.
  return `"${text.replaceAll(/[\u0007-\r\\"]/g, escape)}"`;
}

/** A text as Go's `%q` gives it: also everything that cannot be printed is escaped. */
export function goQuoted(text: string): string {
  const parts = Array.from(text, (character) => {
    const short = ESCAPES.get(character);
    if (short !== undefined) return short;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
    if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) return character;
    if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, "0")}`;
    return `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return `"${parts.join("")}"`;
}
