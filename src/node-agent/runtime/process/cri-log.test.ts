import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRecord } from "../../http/log-record.ts";
import { criRecords } from "./cri-log.ts";

const NOW_MS = Date.parse("2026-01-02T03:04:05.678Z");
const encoder = new TextEncoder();

function records(text: string): string {
  return Buffer.from(criRecords(encoder.encode(text), "stderr", NOW_MS)).toString();
}

test("each line is a record; a line without its end is a piece", () => {
  const head = "2026-01-02T03:04:05.678000000Z stderr";
  expect(records("one\n\ntwo")).toBe(`${head} F one\n${head} F \n${head} P two\n`);
  expect(records("")).toBe("");
});

test("the pieces of any output, read back, are the output", () => {
  const chunk = fc.string({ unit: fc.constantFrom("a", " ", "\n", "F", "ä", "\r") });
  fc.assert(
    fc.property(fc.array(chunk), (chunks) => {
      const text = chunks
        .map(records)
        .join("")
        .split("\n")
        .slice(0, -1)
        .map((line) => parseRecord(line))
        .map((record) => `${record?.text}${record?.isPartial === true ? "" : "\n"}`)
        .join("");
      expect(text).toBe(chunks.join(""));
    }),
  );
});
