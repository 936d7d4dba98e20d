import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addQuantities,
  compareQuantities,
  milliValue,
  parseQuantity,
  quantityOf,
  quantityOfMilli,
  quantityText,
  subtractQuantities,
  value,
  type Quantity,
} from "./quantity.ts";

function parse(text: string): Quantity {
  const quantity = parseQuantity(text);
  if (quantity === undefined) throw new Error(`not a quantity: ${text}`);
  return quantity;
}

for (const [text, canonical] of [
  ["0", "0"],
  ["-0", "0"],
  ["0.0Gi", "0"],
  ["1.5", "1500m"],
  [".5", "500m"],
  ["5.", "5"],
  ["+2", "2"],
  ["-1.5", "-1500m"],
  ["1000m", "1"],
  ["1000", "1k"],
  ["1500", "1500"],
  ["2000000k", "2G"],
  ["1E", "1E"],
  ["1000E", "9223372036854775807"],
  ["1024Mi", "1Gi"],
  ["0.5Gi", "512Mi"],
  ["1.5Gi", "1536Mi"],
  ["1000Ki", "1000Ki"],
  ["1.1Ki", "1126400m"],
  ["0.5Ki", "512"],
  ["1023Ki", "1023Ki"],
  ["1e3", "1e3"],
  ["1E3", "1e3"],
  ["10e2", "1e3"],
  ["12e-3", "12e-3"],
  ["1e0", "1"],
  ["0.0000000001", "1n"],
  ["-1.0000000001", "-1000000001n"],
  ["1e-1000000000000", "1e-9"],
  ["1e1000000000000", "9223372036854775807"],
  ["9223372036854775808", "9223372036854775807"],
  ["-1e30", "-9223372036854775807"],
] as const) {
  test(`quantity: ${text} is written ${canonical}`, () => {
    expect(quantityText(parse(text))).toBe(canonical);
  });
}

for (const text of [
  "",
  "lots",
  "1.1.1",
  "1Kib",
  "1 Gi",
  "Gi",
  ".",
  "1e",
  "1e+",
  "1k3",
  "--1",
  "1KI",
]) {
  test(`quantity: ${JSON.stringify(text)} is none`, () => {
    expect(parseQuantity(text)).toBeUndefined();
  });
}

test("quantity: a text of a million digits takes no time to speak of", () => {
  const digits = "7".repeat(1_000_000);
  expect(quantityText(parse(digits))).toBe("9223372036854775807");
  expect(quantityText(parse(`0.${digits}`))).toBe("777777778n");
  expect(quantityText(parse(`1.${"0".repeat(1_000_000)}1`))).toBe("1000000001n");
});

test("quantity: whole and milli values are rounded up, away from zero", () => {
  expect([value(parse("1001m")), value(parse("-1001m")), value(parse("2"))]).toEqual([2n, -2n, 2n]);
  expect([milliValue(parse("1u")), milliValue(parse("1500u"))]).toEqual([1n, 2n]);
});

const anyNano = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
const anyQuantity: fc.Arbitrary<Quantity> = fc.record({
  nano: fc.oneof(
    anyNano,
    anyNano.map((units) => units * 10n ** 9n),
    fc.integer({ min: -4096, max: 4096 }).map((units) => BigInt(units) * 1024n ** 3n * 10n ** 9n),
  ),
  format: fc.constantFrom("DecimalSI", "BinarySI", "DecimalExponent"),
});

test("quantity: the canonical form reads back to the same amount and the same form", () => {
  fc.assert(
    fc.property(anyQuantity, (quantity) => {
      const text = quantityText(quantity);
      expect(parse(text).nano).toBe(quantity.nano);
      // A binary amount that no binary suffix divides looks like a decimal one.
      const isPlain = quantity.format === "BinarySI" && !text.endsWith("i");
      if (!isPlain) expect(quantityText(parse(text))).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});

test("quantity: the canonical form has no fraction and could have no larger suffix", () => {
  fc.assert(
    fc.property(anyQuantity, (quantity) => {
      const [, mantissa = "", suffix = ""] = /^-?(\d+)(.*)$/.exec(quantityText(quantity)) ?? [];
      // A binary amount of whole units that no binary suffix divides stands without one.
      const isPlain = suffix === "" && quantity.format === "BinarySI" && BigInt(mantissa) >= 1024n;
      const step = suffix.endsWith("i") || isPlain ? 1024n : 1000n;
      const isLargest = suffix === "E" || suffix === "Ei" || suffix === "e18";
      if (mantissa !== "0" && !isLargest) expect(BigInt(mantissa) % step).not.toBe(0n);
    }),
    { examples: [[{ nano: 5_000n * 10n ** 9n, format: "BinarySI" }]] },
  );
});

test("quantity: addition is exact", () => {
  fc.assert(
    fc.property(anyQuantity, anyQuantity, (a, b) => {
      expect(addQuantities(a, b).nano).toBe(a.nano + b.nano);
      expect(compareQuantities(subtractQuantities(addQuantities(a, b), b), a)).toBe(0);
    }),
  );
  const tenth = parse("0.1");
  expect(quantityText(addQuantities(addQuantities(tenth, tenth), tenth))).toBe("300m");
});

test("quantity: comparison is a total order, whatever the formats", () => {
  fc.assert(
    fc.property(anyQuantity, anyQuantity, anyQuantity, (a, b, c) => {
      const [first, second, third] = [a, b, c].toSorted(compareQuantities);
      expect((first?.nano ?? 0n) <= (second?.nano ?? 0n)).toBe(true);
      expect((second?.nano ?? 0n) <= (third?.nano ?? 0n)).toBe(true);
      expect(compareQuantities(a, b)).toBe(-compareQuantities(b, a) || 0);
    }),
  );
  expect(compareQuantities(parse("1Ki"), parse("1024"))).toBe(0);
  expect(compareQuantities(parse("1e3"), parse("1k"))).toBe(0);
});

test("quantity: a sum keeps the format of the first amount that is not zero", () => {
  expect(quantityText(addQuantities(parse("0"), parse("1Gi")))).toBe("1Gi");
  expect(quantityText(addQuantities(parse("1Gi"), parse("1G")))).toBe("2073741824");
  expect(quantityText(quantityOf(2048n, "BinarySI"))).toBe("2Ki");
  expect(quantityText(quantityOfMilli(1500n))).toBe("1500m");
});
