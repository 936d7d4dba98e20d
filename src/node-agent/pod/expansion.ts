/**
 * `$(NAME)` references in env values, commands and arguments. An unknown name stays as it is
 * written; `$$` is a dollar sign.
 */

/** `text` with the references that `valueOf` knows replaced. Linear in the length of the text. */
export function expandReferences(
  text: string,
  valueOf: (name: string) => string | undefined,
): string {
  let result = "";
  let index = 0;
  while (index < text.length) {
    const dollar = text.indexOf("$", index);
    if (dollar < 0) break;
    result += text.slice(index, dollar);
    const next = text[dollar + 1];
    if (next === "(") {
      const end = text.indexOf(")", dollar + 2);
      if (end < 0) return result + text.slice(dollar);
      result += valueOf(text.slice(dollar + 2, end)) ?? text.slice(dollar, end + 1);
      index = end + 1;
    } else {
      result += next === "$" ? "$" : text.slice(dollar, dollar + 2);
      index = dollar + 2;
    }
  }
  return result + text.slice(index);
}
