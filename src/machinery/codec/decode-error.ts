/** Where in a text, both counted from 1; columns in characters. */
export type TextPlace = { readonly line: number; readonly column: number };

/** Thrown for text that is not what it should be. The message does not repeat the place. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  readonly line: number;
  readonly column: number;

  constructor(message: string, place: TextPlace, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.line = place.line;
    this.column = place.column;
  }

  /** The place of an offset in UTF-16 units. */
  static placeAt(text: string, offset: number): TextPlace {
    let line = 1;
    let lineStart = 0;
    for (
      let end = text.indexOf("\n");
      end >= 0 && end < offset;
      end = text.indexOf("\n", lineStart)
    ) {
      line += 1;
      lineStart = end + 1;
    }
    return { line, column: Array.from(text.slice(lineStart, offset)).length + 1 };
  }
}

/** Thrown for text that is not JSON. The message is that of Go's decoder, word for word. */
export class JsonSyntaxError extends DecodeError {}
