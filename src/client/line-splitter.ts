/**
 * Cuts a stream of bytes into lines, wherever the chunks were cut: in the middle of a line, or of a
 * character. Lines are decoded whole, so no character is ever decoded in parts.
 */

/**
 * Bytes of one line. Longer than any object a server keeps; a stream without newlines ends here.
 */
export const LINE_BYTES_MAX: number = 64 * 1024 * 1024;

/** A line that cannot be read: longer than the limit, or not UTF-8. */
export class BadLineError extends Error {
  override readonly name = "BadLineError";
}

const NEWLINE = 0x0a;

export class LineSplitter {
  readonly #bytesMax: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #pieces: Uint8Array[] = []; // of the line that has not ended yet
  #length = 0;

  constructor(bytesMax: number = LINE_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** The lines that `chunk` completes, without their newlines; empty ones are left out. */
  push(chunk: Uint8Array): readonly string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      const line = this.rest();
      if (line !== "") lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.slice(start)); // the chunk's memory may be reused
    return lines;
  }

  /** What has come of a line that has not ended; begins a new one. */
  rest(): string {
    const line = this.#joined();
    this.#pieces = [];
    this.#length = 0;
    try {
      return this.#decoder.decode(line);
    } catch (cause) {
      throw new BadLineError("a line is not valid UTF-8", { cause });
    }
  }

  #keep(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#length > this.#bytesMax) {
      throw new BadLineError(`a line has more than ${this.#bytesMax} bytes`);
    }
    this.#pieces.push(piece);
  }

  #joined(): Uint8Array {
    const [only] = this.#pieces;
    if (this.#pieces.length === 1 && only !== undefined) return only;
    const line = new Uint8Array(this.#length);
    let offset = 0;
    for (const piece of this.#pieces) {
      line.set(piece, offset);
      offset += piece.length;
    }
    return line;
  }
}
