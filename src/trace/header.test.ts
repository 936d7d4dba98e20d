import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CallCause, causeId, NO_CAUSE, ROOTS } from "../base/context.ts";
import { normalTriggers } from "./cause.ts";
import { CAUSE_HEADER_LENGTH_MAX, decodeCauseHeader, encodeCauseHeader } from "./header.ts";

const TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

const plainText = fc
  .string({ unit: "grapheme", maxLength: 30 })
  .filter((text) => !/\p{Cc}/u.test(text));
const anyCause: fc.Arbitrary<CallCause> = fc.record({
  actor: plainText,
  id: plainText.map(causeId),
  triggers: fc.array(fc.integer({ min: 1, max: 2 ** 50 }), { maxLength: 40 }).map(normalTriggers),
  traceparent: fc.constantFrom("", TRACE),
  roots: fc.subarray([...ROOTS], { minLength: 1 }),
});

describe("cause header", () => {
  test("every cause comes back as it was, and nothing is said of no cause", () => {
    expect(encodeCauseHeader(NO_CAUSE)).toBeUndefined();
    fc.assert(
      fc.property(anyCause, (cause) => {
        expect(decodeCauseHeader(encodeCauseHeader(cause)) ?? NO_CAUSE).toEqual(cause);
      }),
    );
  });

  test("reads like the documented example", () => {
    const cause = { ...NO_CAUSE, actor: "a;b", id: causeId("r-7"), triggers: [107, 101] };
    expect(encodeCauseHeader(cause)).toBe("1;actor=a%3Bb;id=r-7;triggers=101,107");
  });

  test("is printable ASCII within the limit, whatever the cause", () => {
    const triggers = Array.from({ length: 50 }, (_, index) => Number.MAX_SAFE_INTEGER - index);
    const text = "\u20ac".repeat(10_000);
    const header = encodeCauseHeader({
      actor: text,
      id: causeId(text),
      triggers,
      traceparent: TRACE,
    });
    expect(header).toMatch(/^[!-~]+$/);
    expect(header?.length).toBeLessThanOrEqual(CAUSE_HEADER_LENGTH_MAX);
    expect(decodeCauseHeader(header)?.triggers).toHaveLength(32);
  });

  for (const text of [
    undefined,
    "",
    "1",
    "1;",
    "2;actor=x",
    "1;actor=",
    "1;actor=a;actor=b",
    "1;__proto__=x",
    "1;user=root",
    "1;actor=%",
    "1;actor=%00",
    "1;actor=a%0d%0ax",
    "1;actor=a b",
    "1;triggers=1,,2",
    "1;triggers=0",
    "1;triggers=-1",
    "1;triggers=1e3",
    "1;triggers=1,1",
    "1;triggers=9999999999999999",
    `1;triggers=${Array.from({ length: 33 }, (_, index) => index + 1).join(",")}`,
    "1;trace=zz",
    "1;roots=timer,timer",
    "1;roots=whim",
    `1;actor=${"x".repeat(129)}`,
    `1;actor=${"x".repeat(100_000)}`,
  ]) {
    test(`counts as absent: ${text?.slice(0, 40) ?? "no header"}`, () => {
      expect(decodeCauseHeader(text)).toBeUndefined();
    });
  }

  test("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void decodeCauseHeader(`1;${text}`)));
  });
});
