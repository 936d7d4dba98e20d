import fc from "fast-check";
import { expect, test } from "vitest";
import { matchingBlocks } from "./matching-blocks.ts";

const blocksOf = (old: string, next: string): readonly (readonly number[])[] =>
  (matchingBlocks(old.split(""), next.split(""), 1_000_000) ?? []).map(({ at, to, size }) => [
    at,
    to,
    size,
  ]);

test("matching blocks: the longest run is found before what is around it", () => {
  expect(blocksOf("ab", "acab")).toEqual([[0, 2, 2]]);
  expect(blocksOf("abxcd", "abcd")).toEqual([
    [0, 0, 2],
    [3, 2, 2],
  ]);
  expect(blocksOf("qabxcd", "abycdf")).toEqual([
    [1, 0, 2],
    [4, 3, 2],
  ]);
});

test("matching blocks: of equally long runs, the first is taken", () => {
  expect(blocksOf("a", "aa")).toEqual([[0, 0, 1]]);
  expect(blocksOf("xaya", "a")).toEqual([[1, 0, 1]]);
});

test("matching blocks: in long lists, frequent lines only lengthen runs", () => {
  const long = Array.from({ length: 200 }, (_, index) => `line ${index}`);
  const frequent = ["{", "{", "{", "{"];
  const blocks = matchingBlocks(frequent, [...long, ...frequent], 1_000_000);
  expect(blocks).toEqual([]);
  const joined = matchingBlocks(["line 199", ...frequent], [...long, ...frequent], 1_000_000);
  expect(joined).toEqual([{ at: 0, to: 199, size: 5 }]);
});

test("matching blocks: nothing is answered once it takes too many steps", () => {
  const lines = Array.from({ length: 150 }, () => "a");
  expect(matchingBlocks(lines, lines, 1_000)).toBeUndefined();
  expect(matchingBlocks(lines, lines, 100_000)).toEqual([{ at: 0, to: 0, size: 150 }]);
});

const texts = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 30 });

test("matching blocks: they are equal, in order, and none is missing between them", () => {
  fc.assert(
    fc.property(texts, texts, (old, next) => {
      const blocks = matchingBlocks(old, next, 1_000_000) ?? [];
      let [at, to] = [0, 0];
      for (const block of [...blocks, { at: old.length, to: next.length, size: 0 }]) {
        expect(block.at).toBeGreaterThanOrEqual(at);
        expect(block.to).toBeGreaterThanOrEqual(to);
        const removed = new Set(old.slice(at, block.at));
        expect(next.slice(to, block.to).filter((line) => removed.has(line))).toEqual([]);
        expect(old.slice(block.at, block.at + block.size)).toEqual(
          next.slice(block.to, block.to + block.size),
        );
        [at, to] = [block.at + block.size, block.to + block.size];
      }
    }),
  );
});
