import { expect, test } from "vitest";
import {
  EVENT_BURST_MAX,
  EVENT_MEMORY_MAX,
  EVENT_MEMORY_MS,
  EVENT_REFILL_MS,
  EventCorrelator,
  SIMILAR_MESSAGES_MAX,
  SIMILAR_WINDOW_MS,
} from "./event-correlator.ts";

function aHappening(message: string, objectId = "pod") {
  return { objectId, type: "Normal", reason: "Scheduled", message };
}

/** `3 text` for the third time it is counted on one event; `dropped`. */
function tell(correlator: EventCorrelator<never>, message: string, nowMs = 0, objectId = "pod") {
  const correlation = correlator.correlate(aHappening(message, objectId), nowMs);
  if (correlation.kind === "dropped") return "dropped";
  return `${correlation.tally.count} ${correlation.message}`;
}

test("the same event counts up; another message is another event", () => {
  const correlator = new EventCorrelator<never>();
  const told = ["a", "a", "b", "a"].map((message) => tell(correlator, message));
  expect(told).toEqual(["1 a", "2 a", "1 b", "3 a"]);
  expect(tell(correlator, "a", 0, "other pod")).toBe("1 a");
});

test("many messages of one kind become one event that says so", () => {
  const correlator = new EventCorrelator<never>();
  for (let index = 0; index < SIMILAR_MESSAGES_MAX; index += 1) {
    expect(tell(correlator, `m${index}`)).toBe(`1 m${index}`);
  }
  expect(tell(correlator, "x")).toBe("1 (combined from similar events): x");
  expect(tell(correlator, "y")).toBe("2 (combined from similar events): y");
  expect(tell(correlator, "z", SIMILAR_WINDOW_MS + 1)).toBe("1 z");
});

test("one object is told of in bursts, then ever so often", () => {
  const correlator = new EventCorrelator<never>();
  for (let count = 1; count <= EVENT_BURST_MAX; count += 1) {
    expect(tell(correlator, "a")).toBe(`${count} a`);
  }
  expect(tell(correlator, "a")).toBe("dropped");
  expect(tell(correlator, "a", 0, "other pod")).toBe("1 a");
  expect(tell(correlator, "a", EVENT_REFILL_MS - 1)).toBe("dropped");
  expect(tell(correlator, "a", EVENT_REFILL_MS)).toBe(`${EVENT_BURST_MAX + 1} a`);
  expect(tell(correlator, "a", EVENT_REFILL_MS)).toBe("dropped");
});

test("memory is bounded: what was not told of for long is forgotten", () => {
  const correlator = new EventCorrelator<never>();
  tell(correlator, "a");
  for (let index = 0; index < EVENT_MEMORY_MAX; index += 1) {
    tell(correlator, "a", 0, `pod-${index}`);
  }
  expect(tell(correlator, "a")).toBe("1 a");
  expect(tell(correlator, "a", 0, `pod-${EVENT_MEMORY_MAX - 1}`)).toBe("2 a");
});

test("what nobody has told of for some hours is forgotten", () => {
  const correlator = new EventCorrelator<never>();
  for (let index = 0; index < 500; index += 1) tell(correlator, "a", index, `pod-${index}`);
  const count = (nowMs: number, pod: number): string => tell(correlator, "a", nowMs, `pod-${pod}`);
  expect(count(EVENT_MEMORY_MS, 0)).toBe("2 a");
  expect(count(EVENT_MEMORY_MS + 10, 1)).toBe("1 a");
  expect(count(EVENT_MEMORY_MS + 10, 20)).toBe("2 a");
  expect(count(2 * EVENT_MEMORY_MS + 11, 20)).toBe("1 a");
});
