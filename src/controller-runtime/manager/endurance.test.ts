/** 24 hours of bad weather: processes that work all day keep no more of it in the end. */
import { beforeAll, describe, expect, test } from "vitest";
import { endureDay, type Day, type Hour } from "../testing/endured-day.ts";

const HOURS = 24;
/**
 * Compared with the last hour. By then every memory that is bounded by number is full, and the last
 * restart of the server is as long ago as at the end.
 */
const SETTLED_HOUR = 6;
/** Of the figures that depend on what is under way by chance. */
const LEEWAY = 1.05;
/** Three sites with page and token, three shops with key and stock, three signed maps. */
const OBJECTS_THAT_STAY = 3 * (3 + 3 + 1);

describe("a day with faults", () => {
  let day: Day;
  beforeAll(async () => {
    day = await endureDay(HOURS, [SETTLED_HOUR, HOURS]);
  }, 600_000);
  const hour = (number: number): Hour | undefined => day.hours[number - 1];

  test("has met with every fault, and changes of leaders", () => {
    const kinds = ["refused", "lost before", "lost after", "late", "nobody there"];
    const ofWatches = ["watch expired", "watch falters", "watch broken", "watch ended"];
    for (const kind of [...kinds, ...ofWatches]) {
      expect(day.faults.get(kind), kind).toBeGreaterThan(HOURS);
    }
    expect(day.leaders).toEqual(new Set(["a", "b"]));
    expect(day.lostLeads).toBeGreaterThan(HOURS / 4);
    expect(day.restarts).toBe(HOURS / 3);
    expect(day.reconciles).toBeGreaterThan(5_000);
  });

  test("ends each hour as the first: only what belongs to the objects that stay is there", () => {
    expect(day.hours.map(({ objects }) => objects)).toEqual(day.hours.map(() => OBJECTS_THAT_STAY));
  });

  test("leaves no timers behind", () => {
    const timers = day.hours.map((each) => each.timers);
    expect(Math.max(...timers.slice(SETTLED_HOUR))).toBeLessThanOrEqual(
      Math.max(...timers.slice(0, SETTLED_HOUR)),
    );
  });

  test("makes no series of metrics of what comes and goes", () => {
    expect(hour(HOURS)?.series).toBe(hour(1)?.series);
  });

  test("leaves no listeners, signals or promises behind", () => {
    const [before, after] = [hour(SETTLED_HOUR)?.census, hour(HOURS)?.census];
    for (const figure of ["listeners", "signals", "promises"] as const) {
      expect(after?.[figure], figure).toBeLessThanOrEqual((before?.[figure] ?? 0) * LEEWAY);
    }
  });

  test("leaves nothing in maps and sets, least of all by the names of what is long gone", () => {
    const [before, after] = [hour(SETTLED_HOUR)?.census, hour(HOURS)?.census];
    expect(after?.named).toEqual([]);
    expect(after?.entries).toBeLessThanOrEqual((before?.entries ?? 0) * LEEWAY);
  });

  test("leaves nothing on the heap", () => {
    const bytes = day.hours.map((each) => each.bytes);
    const [most, atNoon] = [Math.max(...bytes.slice(HOURS / 2)), Math.max(...bytes.slice(0, 12))];
    expect(most).toBeLessThanOrEqual(atNoon * LEEWAY);
  });
});
