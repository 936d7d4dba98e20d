/** Fifo and Heap against the plainest model there is: an array. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Fifo } from "./fifo.ts";
import { Heap } from "./heap.ts";

type Step = { readonly push: number } | { readonly unshift: number } | "shift";

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ push: fc.integer() }),
  fc.record({ unshift: fc.integer() }),
  fc.constant("shift" as const),
);

test("a fifo gives items back in the order of an array", () => {
  fc.assert(
    fc.property(fc.array(anyStep), (steps) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      for (const step of steps) {
        if (step === "shift") expect(fifo.shift()).toBe(model.shift());
        else if ("push" in step) {
          fifo.push(step.push);
          model.push(step.push);
        } else {
          fifo.unshift(step.unshift);
          model.unshift(step.unshift);
        }
        expect(fifo.size).toBe(model.length);
        expect(fifo.peek()).toBe(model[0]);
      }
    }),
  );
});

test("a cleared fifo is empty and can be used again", () => {
  const fifo = new Fifo<string>();
  fifo.push("a");
  fifo.unshift("b");
  fifo.clear();
  expect(fifo.shift()).toBeUndefined();
  fifo.push("c");
  expect(fifo.shift()).toBe("c");
});

test("a heap gives the least item, whatever was pushed and popped before", () => {
  const anyOperation = fc.oneof(fc.integer(), fc.constant("pop" as const));
  fc.assert(
    fc.property(fc.array(anyOperation), (operations) => {
      const heap = new Heap<number>((a, b) => a - b);
      let model: number[] = [];
      for (const operation of operations) {
        if (operation === "pop") {
          expect(heap.pop()).toBe(model[0]);
          model = model.slice(1);
        } else {
          heap.push(operation);
          model = [...model, operation].sort((a, b) => a - b);
        }
        expect(heap.size).toBe(model.length);
        expect(heap.peek()).toBe(model[0]);
      }
    }),
  );
});
