import { Lexer, Parser, type CST, type LineCounter } from "yaml";
import { DecodeError } from "./decode-error.ts";

/**
 * The token tree of each document in `text`. Throws a `DecodeError` as soon as collections are
 * nested deeper than `depthMax`: before more of the text is read, and before anything that recurses
 * sees the tree.
 */
export function* tokensOf(
  text: string,
  lines: LineCounter,
  depthMax: number,
): Generator<CST.Token, void> {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
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
