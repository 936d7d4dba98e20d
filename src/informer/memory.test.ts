import { expect, test } from "vitest";
import { memoryOf, SAMPLE_OBJECTS_MAX, SAMPLE_VALUES_MAX } from "./memory.ts";

function figureOf(objects: readonly unknown[]): ReturnType<typeof memoryOf> {
  return memoryOf(objects.length, (index) => objects[index]);
}

test("nothing takes nothing, and what is longer takes more", () => {
  expect(figureOf([])).toEqual({ objects: 0, bytes: 0 });
  const short = figureOf([{ a: "x" }]).bytes;
  expect(figureOf([{ a: "x".repeat(1_000) }]).bytes - short).toBe(1_016);
  expect(figureOf([{ a: "x", b: [1.5, true] }]).bytes).toBeGreaterThan(short);
});

test("all objects of a small view are measured, whatever their number", () => {
  for (let count = 1; count <= SAMPLE_OBJECTS_MAX; count += 1) {
    const objects = Array.from({ length: count }, () => ({ text: "" }));
    const seen = new Set<number>();
    memoryOf(count, (index) => {
      seen.add(index);
      return objects[index];
    });
    expect(seen.size).toBe(count);
  }
});

test("a large view is measured by an even sample, and its figure is near the truth", () => {
  // Sizes that grow with the name, as those of a sorted list may: the first would mislead.
  const objects = Array.from({ length: 10_000 }, (_, index) => ({ text: "x".repeat(index % 997) }));
  const truth = objects.map((object) => figureOf([object]).bytes).reduce((a, b) => a + b, 0);
  let asked = 0;
  const figure = memoryOf(objects.length, (index) => {
    asked += 1;
    return objects[index];
  });
  expect(asked).toBeLessThanOrEqual(2 * SAMPLE_OBJECTS_MAX); // each with the one before it
  expect(figure.objects).toBe(10_000);
  expect(Math.abs(figure.bytes / truth - 1)).toBeLessThan(0.15);
});

test("huge objects are measured until there are enough of their values", () => {
  const huge = Array.from({ length: SAMPLE_VALUES_MAX / 2 }, () => 1);
  let asked = 0;
  const figure = memoryOf(1_000, () => {
    asked += 1;
    return [...huge];
  });
  expect(asked).toBeLessThanOrEqual(4);
  expect(figure.bytes).toBeGreaterThan(1_000 * huge.length * 8);
});

test("parts that objects share are counted once", () => {
  const common = { text: "x".repeat(10_000) };
  const apart = figureOf(Array.from({ length: 10 }, () => ({ common: { ...common } }))).bytes;
  const together = figureOf(Array.from({ length: 10 }, () => ({ common }))).bytes;
  expect(together).toBeLessThan(apart / 5);
});
