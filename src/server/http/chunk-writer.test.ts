import fc from "fast-check";
import { expect, test } from "vitest";
import { ChunkWriter, VIEW_BYTES_MIN } from "./chunk-writer.ts";
import { CHUNK_BYTES } from "./http-limits.ts";

async function written(pieces: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  const write = (chunk: Uint8Array): Promise<void> => {
    chunks.push(chunk);
    return Promise.resolve();
  };
  const writer = new ChunkWriter({ write, end: () => Promise.resolve() });
  for (const piece of pieces) await writer.write(piece);
  await writer.flush();
  return chunks;
}

test("chunks: the same bytes whatever the pieces are, and none too long", async () => {
  const anyLength = fc.oneof(
    fc.nat({ max: 3_000 }),
    fc.constantFrom(VIEW_BYTES_MIN - 1, VIEW_BYTES_MIN, CHUNK_BYTES, 3 * CHUNK_BYTES + 1),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(anyLength, { maxLength: 40 }), async (lengths) => {
      const pieces = lengths.map((length, index) => new Uint8Array(length).fill(index));
      const chunks = await written(pieces);
      expect(Buffer.concat(chunks).equals(Buffer.concat(pieces))).toBe(true);
      expect(chunks.every(({ length }) => length > 0 && length <= CHUNK_BYTES)).toBe(true);
    }),
    { numRuns: 40, examples: [[[0]]] },
  );
});

test("chunks: large pieces are not copied, small ones are written together", async () => {
  const large = new Uint8Array(2 * CHUNK_BYTES);
  const chunks = await written([new Uint8Array(1), new Uint8Array(2), large, new Uint8Array(3)]);
  expect(chunks.map(({ length }) => length)).toEqual([3, CHUNK_BYTES, CHUNK_BYTES, 3]);
  expect(chunks.map(({ buffer }) => buffer === large.buffer)).toEqual([false, true, true, false]);
});
