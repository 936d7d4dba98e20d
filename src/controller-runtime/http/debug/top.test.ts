import fc from "fast-check";
import { expect, test } from "vitest";
import { topOf } from "./top.ts";

test("the first of many are those that a sort would put first, equal ones as they came", () => {
  const anyItems = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.nat()));
  fc.assert(
    fc.property(anyItems, fc.integer({ min: 1, max: 6 }), (items, max) => {
      const { count, first } = topOf(items, ([a], [b]) => a - b, max);
      expect(count).toBe(items.length);
      expect(first).toEqual(items.toSorted(([a], [b]) => a - b).slice(0, max));
    }),
  );
});
