/** Strings as rows of characters (code points), as CEL counts them. */

const SURROGATES = /[\ud800-\udfff]/;

/** Whether units and characters are the same, so that units can be counted instead. */
export function isPlain(text: string): boolean {
  return !SURROGATES.test(text);
}

/** How many characters a string has. */
export function length(text: string): number {
  if (isPlain(text)) return text.length;
  let count = text.length;
  for (let index = 0; index < text.length - 1; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(index + 1);
    if (next >= 0xdc00 && next <= 0xdfff) count -= 1;
  }
  return count;
}

/** The characters of a string. */
export function characters(text: string): readonly string[] {
  return isPlain(text) ? text.split("") : Array.from(text);
}

/** The characters from `start` up to `end`, both within the string. */
export function slice(text: string, start: number, end?: number): string {
  return isPlain(text) ? text.slice(start, end) : Array.from(text).slice(start, end).join("");
}
