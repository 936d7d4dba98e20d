/** `Warning` headers, as API servers send them: `299 - "text"`, several joined by commas. */

/** The texts of all warnings of code 299; what is malformed is left out. */
export function warningTexts(headers: readonly string[]): readonly string[] {
  return headers.flatMap(textsOf);
}

const START = /\s*([0-9]{3}) \S+ "/y;

function textsOf(header: string): readonly string[] {
  const texts: string[] = [];
  let position = 0;
  while (position < header.length) {
    START.lastIndex = position;
    const start = START.exec(header);
    if (start === null) return texts;
    const quoted = readQuoted(header, START.lastIndex);
    if (quoted === undefined) return texts;
    if (start[1] === "299") texts.push(quoted.text);
    const comma = header.indexOf(",", quoted.end); // a date may stand between
    position = comma < 0 ? header.length : comma + 1;
  }
  return texts;
}

/** The text up to the closing quote, with its escapes undone. */
function readQuoted(
  header: string,
  start: number,
): { readonly text: string; readonly end: number } | undefined {
  let text = "";
  for (let index = start; index < header.length; index += 1) {
    const char = header.charAt(index);
    if (char === '"') return { text, end: index + 1 };
    if (char === "\\") index += 1;
    text += header.charAt(index);
  }
  return undefined;
}
