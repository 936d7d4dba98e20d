import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deflate } from "../../base/real/deflate.ts";
import { deepFreeze } from "../../base/freeze.ts";
import { BLOCK_OBJECTS_MAX } from "./packed-block.ts";
import { Shelf } from "./shelf.ts";

type Value = { readonly id: string; readonly value: unknown };

function aShelf(): { readonly shelf: Shelf<Value>; readonly grown: () => number } {
  const shelf = new Shelf<Value>();
  let grown = 0;
  shelf.limit({ compression: deflate, grown: () => (grown += 1) });
  return { shelf, grown: () => grown };
}

const idOf = (at: number): string => `ns\u0000${String(at).padStart(4, "0")}`;
const value = (at: number, state: unknown): Value => deepFreeze({ id: idOf(at), value: state });

function packAll(shelf: Shelf<Value>): void {
  for (let turn = 0; shelf.valueCount > 0 && turn < 10_000; turn += 1) shelf.packSome();
  expect(shelf.valueCount).toBe(0);
}

const all = (shelf: Shelf<Value>): readonly Value[] =>
  [...shelf.cells()].map((cell) => shelf.peek(cell));

/** As it is read from text: without -0, for which JSON has no word. */
const json = fc.jsonValue().map((any): unknown => JSON.parse(JSON.stringify(any)));
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("put" as const), at: fc.nat(60), to: json }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), at: fc.nat(60) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("read" as const), at: fc.nat(60) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("pack" as const), times: fc.nat(9) }) },
);

test("whatever is packed, and when, each object is what was put", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const { shelf } = aShelf();
      const model = new Map<string, Value>();
      for (let at = 0; at < 40; at += 1) {
        model.set(idOf(at), value(at, at));
        shelf.put(idOf(at), value(at, at));
      }
      for (const each of steps) {
        const cell = each.kind === "pack" ? undefined : shelf.cell(idOf(each.at));
        if (each.kind === "pack") for (let turn = 0; turn < each.times; turn += 1) shelf.packSome();
        else if (each.kind === "read") {
          expect(cell && shelf.read(cell)).toEqual(model.get(idOf(each.at)));
        } else if (each.kind === "put") {
          shelf.put(idOf(each.at), value(each.at, each.to));
          model.set(idOf(each.at), value(each.at, each.to));
        } else if (cell !== undefined) {
          shelf.remove(cell);
          model.delete(idOf(each.at));
        }
        expect(shelf.size).toBe(model.size);
      }
      expect(all(shelf)).toEqual([...model.values()].sort((a, b) => (a.id < b.id ? -1 : 1)));
      packAll(shelf);
      expect(all(shelf)).toEqual([...model.values()].sort((a, b) => (a.id < b.id ? -1 : 1)));
      for (const id of model.keys()) {
        const cell = shelf.cell(id);
        if (cell !== undefined) shelf.remove(cell);
      }
      expect([shelf.size, shelf.valueCount, shelf.packedBytes]).toEqual([0, 0, 0]);
    }),
    { numRuns: 200 },
  );
});

test("without a limit nothing is ever packed", () => {
  const shelf = new Shelf<Value>();
  const object = value(1, "x");
  const cell = shelf.put(object.id, object);
  shelf.packSome();
  expect(shelf.read(cell)).toBe(object);
  expect(shelf.memory()).toEqual({ objects: 1, bytes: shelf.memory().bytes });
});

test("what is read stays a value for a round, and going back to bytes costs nothing", () => {
  const { shelf, grown } = aShelf();
  const cells = Array.from({ length: 32 }, (_, at) =>
    shelf.put(idOf(at), value(at, "x".repeat(99))),
  );
  packAll(shelf);
  const { packedBytes } = shelf;
  const [first, , , , , ...rest] = cells;
  if (first === undefined) throw new Error("there are cells");
  const before = grown();
  expect(shelf.read(first)).toEqual(value(0, "x".repeat(99)));
  expect(Object.isFrozen(shelf.read(first))).toBe(true);
  expect(grown()).toBe(before + 1);
  expect(shelf.packedBytes).toBe(packedBytes);
  expect(shelf.memory()).toMatchObject({ objects: 32, packedObjects: 31 });
  expect(rest.every(({ object }) => object === undefined)).toBe(true);
  packAll(shelf);
  expect(shelf.packedBytes).toBe(packedBytes);
  expect(shelf.memory()).toEqual({ objects: 32, bytes: packedBytes, packedObjects: 32 });
});

test("neighbours are packed together, and much alike takes little", () => {
  const { shelf } = aShelf();
  const text = Array.from({ length: 200 }, (_, at) => `word-${at}`);
  const count = BLOCK_OBJECTS_MAX * 10;
  for (let at = 0; at < count; at += 1) shelf.put(idOf(at), value(at, { text, at }));
  const asValues = shelf.memory().bytes;
  packAll(shelf);
  expect(shelf.packedBytes / count).toBeLessThan(300);
  expect(shelf.memory().bytes).toBe(shelf.packedBytes);
  expect(asValues).toBeGreaterThan(shelf.packedBytes);
});

test("a block of which little is true any more is given up", () => {
  const { shelf } = aShelf();
  for (let at = 0; at < BLOCK_OBJECTS_MAX; at += 1) shelf.put(idOf(at), value(at, 0));
  packAll(shelf);
  for (let at = 0; at < BLOCK_OBJECTS_MAX - 1; at += 1) shelf.put(idOf(at), value(at, 1));
  expect(shelf.packedBytes).toBe(0);
  expect(all(shelf).map((each) => each.value)).toEqual([...Array(15).fill(1), 0]);
});

test("integers beyond those of numbers survive", () => {
  const { shelf } = aShelf();
  const cell = shelf.put("a", value(1, { big: 9_007_199_254_740_993n, __proto__: null }));
  packAll(shelf);
  expect(shelf.read(cell).value).toEqual({ big: 9_007_199_254_740_993n });
});
