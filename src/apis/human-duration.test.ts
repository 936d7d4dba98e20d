import { expect, test } from "vitest";
import { humanAge, humanDuration } from "./human-duration.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

for (const { ms, text } of [
  { ms: -5 * SECOND, text: "<invalid>" },
  { ms: -1 * SECOND, text: "0s" },
  { ms: 0, text: "0s" },
  { ms: 999, text: "0s" },
  { ms: 119 * SECOND, text: "119s" },
  { ms: 2 * MINUTE, text: "2m" },
  { ms: 3 * MINUTE + 20 * SECOND, text: "3m20s" },
  { ms: 10 * MINUTE + 59 * SECOND, text: "10m" },
  { ms: 179 * MINUTE, text: "179m" },
  { ms: 3 * HOUR + 5 * MINUTE, text: "3h5m" },
  { ms: 5 * HOUR + 10 * MINUTE, text: "5h10m" },
  { ms: 8 * HOUR + 59 * MINUTE, text: "8h" },
  { ms: 47 * HOUR, text: "47h" },
  { ms: 2 * DAY, text: "2d" },
  { ms: 7 * DAY + 23 * HOUR, text: "7d23h" },
  { ms: 8 * DAY + 5 * HOUR, text: "8d" },
  { ms: 400 * DAY, text: "400d" },
  { ms: 2 * 365 * DAY, text: "2y" },
  { ms: 2 * 365 * DAY + 10 * DAY, text: "2y10d" },
  { ms: 9 * 365 * DAY, text: "9y" },
]) {
  test(`${ms} ms are shown as ${text}`, () => {
    expect(humanDuration(ms)).toBe(text);
  });
}

test("an age without a time is unknown", () => {
  expect(humanAge(undefined, 0)).toBe("<unknown>");
  expect(humanAge("", 0)).toBe("<unknown>");
  expect(humanAge("1970-01-01T00:00:05Z", 65_000)).toBe("60s");
});
