/**
 * Pieces of an answer in chunks: few large writes cost much less than one write an item. Large
 * pieces are written as they are, a part at a time, so that many answers made of the same objects
 * are no copies of them.
 */
import { CHUNK_BYTES } from "./http-limits.ts";
import type { Sink } from "./sink.ts";

/** Pieces from this length on are not copied. */
export const VIEW_BYTES_MIN = 16_384;

export class ChunkWriter {
  readonly #sink: Sink;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Undefined: go on. Else it is to be awaited: the reader has yet to take what there is. */
  write(piece: Uint8Array): Promise<void> | undefined {
    if (piece.length === 0) return undefined; // an empty chunk would be a write for nothing
    if (piece.length >= VIEW_BYTES_MIN) return this.#writeLarge(piece);
    if (this.#length + piece.length > CHUNK_BYTES) return this.#writeAfterFlush(piece);
    this.#gather(piece);
    return undefined;
  }

  async flush(): Promise<void> {
    const [first] = this.#pieces;
    if (first === undefined) return;
    const chunk = this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces, this.#length);
    this.#pieces = [];
    this.#length = 0;
    await this.#sink.write(chunk);
  }

  async #writeLarge(piece: Uint8Array): Promise<void> {
    await this.flush();
    for (const chunk of chunksOf(piece)) await this.#sink.write(chunk);
  }

  async #writeAfterFlush(piece: Uint8Array): Promise<void> {
    await this.flush();
    this.#gather(piece);
  }

  #gather(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}

/** Views of `bytes`, none longer than what is written at a time. */
export function* chunksOf(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    yield bytes.subarray(at, at + CHUNK_BYTES);
  }
}
