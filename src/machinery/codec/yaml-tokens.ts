import { Lexer, Parser, type CST, type LineCounter } from "yaml";
import { DecodeError } from "./decode-error.ts";

/** How much structure a text may have, whatever its length. */
export type TokenLimits = { readonly depthMax: number; readonly tokensMax: number };

/**
 * The token tree of each document in `text`. Throws a `DecodeError` as soon as a limit is passed:
 * before more of the text is read, and before anything that recurses sees the tree.
 */
export function* tokensOf(
  text: string,
  lines: LineCounter,
  { depthMax, tokensMax }: TokenLimits,
): Generator<CST.Token, void> {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > tokensMax) {
      const place = DecodeError.placeAt(text, parser.offset);
      throw new DecodeError(`yaml: the text has more than ${tokensMax} tokens`, place);
    }
    yield* parser.next(lexeme);
    if (parser.stack.length <= depthMax) continue;
    const depth = parser.stack.filter(isCollection).length;
    if (depth > depthMax) {
      const place = DecodeError.placeAt(text, parser.offset);
      throw new DecodeError(`yaml: exceeded max depth of ${depthMax}`, place);
    }
  }
  yield* parser.end();
}

function isCollection(token: CST.Token): boolean {
  return (
    token.type === "block-map" || token.type === "block-seq" || token.type === "flow-collection"
  );
}
