import { expect, test } from "vitest";
import { eventStrategy } from "../../core/v1/event.ts";
import { created, NOW_MS, refusalOf, updateRefusalOf } from "../../testing.ts";
import { eventsEventStrategy } from "./event.ts";
import type { Event } from "./types.generated.ts";

const NEW = {
  metadata: { name: "e", namespace: "t" },
  eventTime: "2026-01-09T23:00:00.000000Z",
  regarding: { kind: "Pod", name: "p", namespace: "t" },
  reportingController: "example.com/agent",
  reportingInstance: "agent-1",
  action: "Pulling",
  reason: "Pulled",
  type: "Normal",
  note: "done",
};

const toCore = (event: Event): unknown => eventsEventStrategy.storedAs?.toStored(event);

test("events of both groups are the same ones under other names", () => {
  const event = created(eventsEventStrategy, NEW);
  expect(toCore(event)).toMatchObject({
    apiVersion: "v1",
    involvedObject: NEW.regarding,
    message: "done",
    reportingComponent: "example.com/agent",
    source: {},
    firstTimestamp: null,
  });
  const core = created(eventStrategy, {
    involvedObject: NEW.regarding,
    source: { component: "kubelet", host: "n" },
    count: 3,
    message: "m",
    lastTimestamp: "2026-01-09T23:59:00Z",
  });
  expect(eventsEventStrategy.storedAs?.fromStored(core)).toMatchObject({
    apiVersion: "events.k8s.io/v1",
    eventTime: null,
    regarding: NEW.regarding,
    deprecatedSource: { component: "kubelet", host: "n" },
    deprecatedCount: 3,
    deprecatedFirstTimestamp: null,
    deprecatedLastTimestamp: "2026-01-09T23:59:00Z",
    note: "m",
  });
});

for (const { name, fields, told } of [
  { name: "nothing wrong", fields: {}, told: "" },
  { name: "no time", fields: { eventTime: null }, told: "eventTime: Required value" },
  { name: "no action", fields: { action: "" }, told: "action: Required value" },
  {
    name: "an unknown type",
    fields: { type: "Odd" },
    told: 'type: Invalid value: "": has invalid value: Odd',
  },
  {
    name: "a series of one",
    fields: { series: { count: 1, lastObservedTime: "2026-01-09T23:00:00.000000Z" } },
    told: 'series.count: Invalid value: "": should be at least 2',
  },
  {
    name: "a count of the older form",
    fields: { deprecatedCount: 2 },
    told: 'count: Invalid value: "": needs to be unset',
  },
  {
    name: "a reporter without name",
    fields: { reportingController: "" },
    told: "reportingController: Required value",
  },
] as const) {
  test(`a new event with ${name} is ${told === "" ? "taken" : "refused"}`, () => {
    const said = refusalOf(eventsEventStrategy, { ...NEW, ...fields });
    if (told === "") expect(said).toBe("");
    else expect(said).toContain(told);
  });
}

test("of an event that was told only its series changes", () => {
  const old = created(eventsEventStrategy, NEW);
  const series = { count: 2, lastObservedTime: "2026-01-09T23:10:00.000000Z" };
  const change = (fields: object): string =>
    updateRefusalOf(eventsEventStrategy, old, (event) => ({ ...event, ...fields }));
  expect(change({ series })).toBe("");
  expect(change({ note: "other" })).toBe('message: Invalid value: "other": field is immutable');
});

test("an event is shown and selected under the names of its group", () => {
  const event = created(eventsEventStrategy, NEW);
  expect(eventsEventStrategy.row(event, NOW_MS).slice(0, 4)).toEqual([
    "60m",
    "Normal",
    "Pulled",
    "pod/p",
  ]);
  const { fieldSelectors } = eventsEventStrategy;
  expect(fieldSelectors["regarding.name"]?.(event)).toBe("p");
  expect(fieldSelectors).not.toHaveProperty("involvedObject.name");
});
