/** Warnings as headers: `299 - "text"`, as many and as long as upstream sends. */

/** Letters of all warnings together before they are cut. */
export const WARNING_LETTERS_MAX = 4_096;

/** What is left of each when they are. */
export const CUT_WARNING_LETTERS_MAX = 256;

/** The values of Warning headers. What cannot be said in a header is left out. */
export function warningHeaders(texts: readonly string[]): readonly string[] {
  const distinct = [...new Set(texts)].filter((text) => text !== "" && isPrintable(text));
  const length = distinct.reduce((sum, text) => sum + lettersOf(text), 0);
  if (length <= WARNING_LETTERS_MAX) return distinct.map(headerOf);
  const headers: string[] = [];
  let written = 0;
  for (const text of distinct) {
    if (written >= WARNING_LETTERS_MAX) break;
    const cut = Array.from(text).slice(0, CUT_WARNING_LETTERS_MAX).join("");
    headers.push(headerOf(cut));
    written += lettersOf(cut);
  }
  return headers;
}

function isPrintable(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}

function lettersOf(text: string): number {
  return Array.from(text).length;
}

/** Headers hold bytes, one a letter; these are those of the text in UTF-8. */
function headerOf(text: string): string {
  const quoted = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return Buffer.from(`299 - "${quoted}"`).toString("latin1");
}
