import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { causeId, ROOTS } from "../base/context.ts";
import { type CauseRow, normalRoots, normalTriggers, TRIGGERS_MAX } from "./cause.ts";
import {
  CAUSE_ROW_BYTES,
  CAUSE_TEXT_LENGTH_MAX,
  CauseFormatError,
  decodeCause,
  EDITS_MAX,
  encodeCause,
} from "./codec.ts";

const aRow = (parts: Partial<CauseRow> = {}): CauseRow => ({
  user: "system:serviceaccount:kube-system:deployment-controller",
  actor: "deployment-controller",
  verb: "update/status",
  id: causeId("7d1e2f30-9a4b-4c5d-8e6f-001122334455"),
  triggers: [104_233, 104_240],
  traceparent: "",
  timeMs: 1_795_392_000_123,
  ...parts,
});

const anyText = fc.oneof(
  fc.constantFrom(
    "",
    "create",
    "patch/status",
    "system:",
    "system:node:n",
    "system:serviceaccount:",
  ),
  fc.string({ unit: "grapheme", maxLength: 40 }),
);
const anyTriggers = fc
  .array(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { maxLength: TRIGGERS_MAX })
  .map(normalTriggers);
const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(..."0123456789abcdef".split("")),
    minLength: length,
    maxLength: length,
  });
const anyTrace = fc.oneof(
  anyText,
  fc.tuple(hex(32), hex(16), hex(2)).map(([trace, span, flags]) => `00-${trace}-${span}-${flags}`),
);
const anyRoots = fc.subarray([...ROOTS]).map(normalRoots);
const anyEdit = fc.oneof(
  fc.constantFrom(
    "defaults",
    "LimitRanger",
    "webhook a.b.c",
    "policy labels",
    "webhook ",
    "others",
  ),
  fc.string({ maxLength: 20 }),
);
const anyRow: fc.Arbitrary<CauseRow> = fc.record({
  user: anyText,
  actor: anyText,
  verb: anyText,
  id: fc.oneof(anyText, fc.uuid()).map(causeId),
  triggers: anyTriggers,
  traceparent: anyTrace,
  timeMs: fc.maxSafeNat(),
});

describe("cause codec", () => {
  test("every row comes back as it was", () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        expect(decodeCause(encodeCause(row))).toEqual(row);
      }),
    );
  });

  test("roots and edits come back, as long as there is room", () => {
    fc.assert(
      fc.property(anyRow, anyRoots, fc.array(anyEdit, { maxLength: 20 }), (row, roots, edits) => {
        const bare = encodeCause(row).length;
        const whole: CauseRow = { ...row, edits, ...(roots === undefined ? {} : { roots }) };
        const bytes = encodeCause(whole);
        const decoded = decodeCause(bytes);
        expect(decoded.roots).toEqual(roots);
        expect(bytes.length).toBeLessThanOrEqual(Math.max(CAUSE_ROW_BYTES, bare + 3));
        const told = decoded.edits ?? [];
        expect(told.length).toBeLessThanOrEqual(EDITS_MAX);
        if (told.length === edits.length && told.at(-1) === edits.at(-1)) {
          expect(told).toEqual(edits);
        } else {
          expect(told).toEqual([...edits.slice(0, told.length - 1), "others"]);
        }
        expect(decodeCause(encodeCause({ ...row, roots: [], edits: [] }))).toEqual(row);
      }),
    );
  });

  test("what was added to format 1 stays the same, too", () => {
    const row = aRow({ actor: "a", id: causeId("r"), verb: "patch", user: "u", timeMs: 300 });
    const edits = ["defaults", "ServiceAccount", "webhook w", "Mine"];
    const bytes = [...encodeCause({ ...row, roots: ["start", "retry"], edits })];
    expect(bytes.slice(0, 2)).toEqual([1, 24]);
    const tail = [5, 4, 4, 7, 2, 1, 119, 0, 4, 77, 105, 110, 101];
    expect(bytes.slice(-tail.length)).toEqual(tail);
  });

  test("a typical row takes at most 100 bytes, with a trace context and without", () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    expect(encodeCause(aRow()).length).toBeLessThanOrEqual(60);
    expect(encodeCause(aRow({ traceparent })).length).toBeLessThanOrEqual(100);
  });

  test("the bytes of format 1 stay the same", () => {
    const row = aRow({ actor: "a", id: causeId("r"), verb: "patch", user: "u", timeMs: 300 });
    const bytes = [1, 0, 172, 2, 0, 1, 117, 3, 1, 97, 1, 114, 2, 169, 174, 6, 7, 0];
    expect([...encodeCause(row)]).toEqual(bytes);
  });

  test("cuts long texts, mends ill-formed ones, and drops the oldest triggers", () => {
    const triggers = Array.from({ length: 40 }, (_, index) => 100 - index);
    const row = aRow({ actor: "x".repeat(5_000), user: "\ud800", triggers });
    const decoded = decodeCause(encodeCause(row));
    expect(decoded.actor).toBe("x".repeat(CAUSE_TEXT_LENGTH_MAX));
    expect(decoded.user).toBe("\ufffd");
    expect(decoded.triggers).toEqual(Array.from({ length: 32 }, (_, index) => 69 + index));
  });

  test("refuses other formats, cut rows and trailing or random bytes", () => {
    const bytes = encodeCause(aRow());
    expect(() => decodeCause(Uint8Array.of(9, ...bytes.subarray(1)))).toThrow(CauseFormatError);
    expect(() => decodeCause(Uint8Array.of(...bytes, 0))).toThrow(CauseFormatError);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeCause(bytes.subarray(0, length))).toThrow(CauseFormatError);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        try {
          decodeCause(Uint8Array.of(1, ...noise));
        } catch (error) {
          expect(error).toBeInstanceOf(CauseFormatError);
        }
      }),
    );
  });
});
