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
