import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BadLineError, LineSplitter } from "./line-splitter.ts";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** `whole` cut at the given places, which may repeat. */
function cutAt(whole: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (whole.length + 1)), whole.length];
  cuts.sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => whole.slice(cuts[index], end));
}

test("however the bytes are cut, the lines are the same", () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", ""));
  fc.assert(
    fc.property(fc.array(line), line, fc.array(fc.nat()), (lines, rest, places) => {
      const splitter = new LineSplitter();
      const whole = bytes(lines.map((each) => `${each}\n`).join("") + rest);
      const found = cutAt(whole, places).flatMap((chunk) => splitter.push(chunk));
      const text = (each: string) => new TextDecoder().decode(bytes(each)); // as UTF-8 keeps it
      expect(found).toEqual(lines.filter((each) => each !== "").map(text));
      expect(splitter.rest()).toBe(text(rest));
    }),
  );
});

test("the memory of a chunk may be used again by its owner", () => {
  const splitter = new LineSplitter();
  const chunk = bytes("begin");
  splitter.push(chunk);
  chunk.fill(0x78);
  expect(splitter.push(bytes(" end\n"))).toEqual(["begin end"]);
});

test("a line that does not end is refused at the limit, however it comes", () => {
  const splitter = new LineSplitter(10);
  expect(splitter.push(bytes("0123456789\n"))).toEqual(["0123456789"]);
  splitter.push(bytes("01234"));
  splitter.push(bytes("56789"));
  expect(() => splitter.push(bytes("x"))).toThrow(BadLineError);
});

test("a line that is not UTF-8 is refused", () => {
  const splitter = new LineSplitter();
  expect(() => splitter.push(new Uint8Array([0x61, 0xff, 0x0a]))).toThrow(BadLineError);
});
