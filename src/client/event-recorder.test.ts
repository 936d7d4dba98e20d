import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { compareText } from "../machinery/key.ts";
import { forbidden } from "../machinery/status.ts";
import type { EventObject } from "./builtin.ts";
import {
  createEventRecorder,
  EVENT_QUEUE_MAX,
  EVENT_RETRY_MS,
  EVENT_TRIES_MAX,
} from "./event-recorder.ts";
import { FakeApi } from "./testing/fake-api.ts";
import { TransportError } from "./transport.ts";

const POD = { group: "", version: "v1", kind: "Pod" };
const NODE = { group: "", version: "v1", kind: "Node" };

function aPod(name: string) {
  return { metadata: { name, namespace: "web", uid: `uid-${name}`, resourceVersion: "7" } };
}

function nameOf(event: EventObject): string {
  return event.metadata.name ?? "";
}

function aWorld() {
  const env = virtualEnv();
  const api = new FakeApi();
  const recorder = createEventRecorder(
    { client: api.client(env), env },
    { component: "scheduler", host: "node-1" },
  );
  const controller = new AbortController();
  const run = recorder.run(aContext(env, controller.signal));
  const stop = async (): Promise<void> => {
    controller.abort();
    await run;
    expect(env.pendingTimers).toBe(0);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  };
  const events = () => [...api.objects.values()] as EventObject[];
  return { env, api, recorder, stop, events };
}

test("an event says what happened to which object, and who saw it", async () => {
  const { env, api, recorder, stop, events } = aWorld();
  recorder.normal(aPod("a"), POD, "Scheduled", "assigned to node-1");
  recorder.warning({ metadata: { name: "node-1", uid: "n" } }, NODE, "NotReady", "gone");
  await env.settle();
  const [first, second] = events();
  expect(first).toMatchObject({
    apiVersion: "v1",
    kind: "Event",
    metadata: { namespace: "web" },
    type: "Normal",
    reason: "Scheduled",
    message: "assigned to node-1",
    involvedObject: {
      apiVersion: "v1",
      kind: "Pod",
      namespace: "web",
      name: "a",
      uid: "uid-a",
      resourceVersion: "7",
    },
    source: { component: "scheduler", host: "node-1" },
    firstTimestamp: "2026-01-01T00:00:00Z",
    lastTimestamp: "2026-01-01T00:00:00Z",
    count: 1,
  });
  expect(first?.metadata.name).toMatch(/^a\.[0-9a-f]{16}$/);
  expect(second).toMatchObject({ type: "Warning", metadata: { namespace: "default" } });
  expect(api.log).toEqual(["POST events", "POST events"]);
  await stop();
});

test("the names of an object's events sort in the order in which they were told", async () => {
  const { env, recorder, stop, events } = aWorld();
  const reasons = Array.from({ length: 20 }, (_, index) => `Step${index}`);
  for (const [index, reason] of reasons.entries()) {
    recorder.normal(aPod("a"), POD, reason, "x");
    if (index % 5 === 4) await env.advance(1);
  }
  await env.settle();
  const byName = events().toSorted((a, b) => compareText(nameOf(a), nameOf(b)));
  expect(byName.map((event) => event.reason)).toEqual(reasons);
  const suffixes = byName.map((event) => BigInt(`0x${nameOf(event).split(".")[1]}`));
  const startMs = Date.parse("2026-01-01T00:00:00Z");
  expect(Number((suffixes[0] ?? 0n) / 1_000_000n)).toBe(startMs);
  expect(Number((suffixes.at(-1) ?? 0n) / 1_000_000n)).toBe(startMs + 3);
  await stop();
});

test("two recorders that tell of one object in one millisecond take two names", async () => {
  const { env, api, recorder, stop, events } = aWorld();
  const other = createEventRecorder({ client: api.client(env), env }, { component: "other" });
  const controller = new AbortController();
  const run = other.run(aContext(env, controller.signal));
  recorder.normal(aPod("a"), POD, "One", "x");
  other.normal(aPod("a"), POD, "Two", "x");
  await env.settle();
  expect(new Set(events().map((event) => event.metadata.name)).size).toBe(2);
  controller.abort();
  await run;
  await stop();
});

test("one recorder speaks for several components, and does not mix what they tell", async () => {
  const { env, recorder, stop, events } = aWorld();
  recorder.as("a-controller").normal(aPod("a"), POD, "Seen", "x");
  recorder.as("b-controller").warning(aPod("a"), POD, "Seen", "x");
  recorder.as("a-controller").normal(aPod("a"), POD, "Seen", "x");
  await env.settle();
  const told = events().map(({ source, reportingComponent, count, type }) => {
    return [source?.component, reportingComponent, type, count];
  });
  expect(told).toEqual([
    ["a-controller", "a-controller", "Normal", 2],
    ["b-controller", "b-controller", "Warning", 1],
  ]);
  await stop();
});

test("what happens again is counted on the first event", async () => {
  const { env, api, recorder, stop, events } = aWorld();
  recorder.normal(aPod("a"), POD, "Pulled", "image is there");
  await env.advance(60_000);
  recorder.normal(aPod("a"), POD, "Pulled", "image is there");
  await env.settle();
  expect(events().length).toBe(1);
  expect(events()[0]).toMatchObject({ count: 2, lastTimestamp: "2026-01-01T00:01:00Z" });
  api.objects.clear(); // events do not live for long
  recorder.normal(aPod("a"), POD, "Pulled", "image is there");
  await env.settle();
  expect(events()[0]).toMatchObject({ count: 3, firstTimestamp: "2026-01-01T00:00:00Z" });
  await stop();
});

test("a server that is away is tried again; what it refuses is not", async () => {
  const { env, api, recorder, stop, events } = aWorld();
  let tries = 0;
  api.before = () => {
    tries += 1;
    if (tries <= 2) return Promise.reject(new TransportError("away", { isRefused: true }));
    if (tries === 3) return Promise.reject(forbidden({ group: "", resource: "events" }, "", "no"));
    return Promise.resolve();
  };
  recorder.normal(aPod("a"), POD, "One", "x");
  recorder.normal(aPod("a"), POD, "Two", "x");
  await env.advance(2 * EVENT_RETRY_MS);
  expect(events().map((event) => event.reason)).toEqual(["Two"]);
  await stop();
});

test("an event that cannot be written is given up in time, and the next one is tried", async () => {
  const { env, api, recorder, stop, events } = aWorld();
  const isAway = () => env.clock.monotonic() < (EVENT_TRIES_MAX - 1) * EVENT_RETRY_MS + 1;
  api.before = () =>
    isAway() ? Promise.reject(new TransportError("away", { isRefused: true })) : Promise.resolve();
  recorder.normal(aPod("a"), POD, "One", "x");
  recorder.normal(aPod("a"), POD, "Two", "x");
  await env.advance((EVENT_TRIES_MAX + 1) * EVENT_RETRY_MS);
  expect(events().map((event) => event.reason)).toEqual(["Two"]);
  expect(env.lines.some((line) => line.level === "warn")).toBe(true);
  await stop();
});

test("telling never waits: a full queue drops what is new, and says how much", async () => {
  const { env, recorder, stop, events } = aWorld();
  for (let index = 0; index < EVENT_QUEUE_MAX + 5; index += 1) {
    recorder.normal(aPod(`p${index}`), POD, "One", "x");
  }
  await env.advance(1);
  await env.runUntil(() => events().length >= EVENT_QUEUE_MAX).catch(() => undefined);
  expect(events().length).toBe(EVENT_QUEUE_MAX);
  expect(env.lines.find((line) => line.level === "warn")?.fields).toEqual({ dropped: 5 });
  await stop();
});
