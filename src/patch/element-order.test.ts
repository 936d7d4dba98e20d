import fc from "fast-check";
import { expect, test } from "vitest";
import { arrangeItems } from "./element-order.ts";

const KEYS = ["a", "b", "c", "d", "e", "f", "g"];

function only(keys: readonly string[], kept: ReadonlySet<string>): readonly string[] {
  return keys.filter((key) => kept.has(key));
}

test("arranged items keep the wanted order, and the others the live order", () => {
  const anyOrder = fc.shuffledSubarray(KEYS);
  fc.assert(
    fc.property(anyOrder, anyOrder, (wanted, live) => {
      const all = [...new Set([...live, ...wanted])];
      const arranged = arrangeItems(all, (key) => key, wanted, live);

      const named = new Set(wanted);
      const others = new Set(live.filter((key) => !named.has(key)));
      expect(only(arranged, named)).toEqual(wanted);
      expect(only(arranged, others)).toEqual(only(live, others));
      expect([...arranged].sort()).toEqual([...all].sort());
    }),
  );
});

test("nothing moves when the wanted order is the live one", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(KEYS), fc.subarray(KEYS), (live, subset) => {
      const wanted = only(live, new Set(subset));
      expect(arrangeItems(live, (key) => key, wanted, live)).toEqual(live);
    }),
  );
});
