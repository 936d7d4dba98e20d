/** Strings as rows of characters (code points), as CEL counts them. */

/** How many characters a string has. */
export function length(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(index + 1);
    if (next >= 0xdc00 && next <= 0xdfff) count -= 1;
  }
  return count;
}

/** Whether units and characters are the same, so that units can be counted instead. */
export function isPlain(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text);
}

/** The characters of a string. */
export function characters(text: string): readonly string[] {
  return Array.from(text);
}
