import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCronSchedule } from "./cron-schedule.ts";

for (const { text, hours, days } of [
  { text: "0 9-17/4 * * mon-fri", hours: [9, 13, 17], days: [1, 2, 3, 4, 5] },
  { text: "0 22/1 * * 0", hours: [22, 23], days: [0] },
  { text: "@weekly", hours: [0], days: [0] },
  { text: "0 1,5,1 ? * SUN,2", hours: [1, 5], days: [0, 2] },
] as const) {
  test(`the schedule ${text} is read`, () => {
    const parsed = parseCronSchedule(text);
    const schedule = parsed.kind === "schedule" ? parsed.schedule : undefined;
    expect(schedule?.kind === "fields" ? [...schedule.hours] : []).toEqual(hours);
    expect(schedule?.kind === "fields" ? [...schedule.daysOfWeek] : []).toEqual(days);
  });
}

test("an interval is whole seconds, and a zone may stand before a schedule", () => {
  expect(parseCronSchedule("@every 1h30m0.7s")).toEqual({
    kind: "schedule",
    schedule: { kind: "every", seconds: 5400 },
  });
  expect(parseCronSchedule("CRON_TZ=Asia/Tokyo 0 0 * * *")).toMatchObject({
    timeZone: "Asia/Tokyo",
  });
});

for (const [text, told] of [
  ["", "empty spec string"],
  ["@often", "unrecognized descriptor: @often"],
  ["* * * * 7", "end of range (7) above maximum (6): 7"],
  ["5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"],
  ["*/0 * * * *", "step of range should be a positive number: */0"],
  ["1-2-3 * * * *", "too many hyphens: 1-2-3"],
  ["1/2/3 * * * *", "too many slashes: 1/2/3"],
  ["* * 0 * *", "beginning of range (0) below minimum (1): 0"],
  ["TZ=Nowhere/At 0 0 * * *", "provided bad location Nowhere/At: unknown time zone Nowhere/At"],
  ["@every soon", 'failed to parse duration @every soon: time: invalid duration "soon"'],
] as const) {
  test(`the schedule ${JSON.stringify(text)} is refused`, () => {
    expect(parseCronSchedule(text)).toEqual({ kind: "problem", text: told });
  });
}

test("whatever is written, it is a schedule or a problem", () => {
  const part = fc.constantFrom(
    "*",
    "?",
    "1",
    "-",
    "/",
    ",",
    "mon",
    " ",
    "@every ",
    "TZ=",
    "é",
    "99",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
      const { kind } = parseCronSchedule(parts.join(""));
      expect(["schedule", "problem"]).toContain(kind);
    }),
  );
});
