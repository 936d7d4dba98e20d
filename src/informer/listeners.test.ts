import { expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { RESYNC_JITTER, RESYNC_OBJECTS_MAX } from "./listeners.ts";
import { ReflectingInformer } from "./shared-informer.ts";
import type { InformerEvent } from "./shared-informer-types.ts";
import { FakeHistory, type Thing } from "./testing/fake-history.ts";

const MINUTE_MS = 60_000;

/** An informer of `count` things that runs until `stop()`. */
async function aWorld(count = 2) {
  const env = virtualEnv();
  const history = new FakeHistory(env);
  for (let at = 0; at < count; at += 1) history.set(`ns/${at}`, at);
  const informer = new ReflectingInformer<Thing>({ source: history, env });
  const controller = new AbortController();
  const running = informer.run(aContext(env, controller.signal));
  await env.advance(1_000);
  const stop = async (): Promise<void> => {
    controller.abort();
    await running;
  };
  return { env, history, informer, stop };
}

const short = (event: InformerEvent<Thing>): string =>
  `${event.kind} ${event.object.metadata.name}=${event.object.value}`;

test("who asks for it is shown all objects again, and nobody else is", async () => {
  const { env, history, informer, stop } = await aWorld();
  const told: string[] = [];
  const others: string[] = [];
  const events: InformerEvent<Thing>[] = [];
  informer.addListener((event) => others.push(short(event)));
  informer.addListener(
    (event) => {
      told.push(short(event));
      events.push(event);
    },
    { resyncEvery: "10m" },
  );
  const requests = history.requests.length;
  await env.advance(9 * MINUTE_MS);
  history.set("ns/1", 7);
  await env.advance(2 * MINUTE_MS);
  expect(told).toEqual(["add 0=0", "add 1=1", "update 1=7", "update 0=0", "update 1=7"]);
  expect(others).toEqual(["add 0=0", "add 1=1", "update 1=7"]);
  const last = events.at(-1);
  expect(last?.kind === "update" && last.old === last.object).toBe(true);
  const watches = history.requests.slice(requests).filter((each) => !each.startsWith("watch"));
  expect(watches).toEqual([]); // no list
  await stop();
  expect(env.pendingTimers).toBe(0);
});

test("resyncs of several listeners do not stay together", async () => {
  const { env, informer, stop } = await aWorld(1);
  const times: number[][] = [[], []];
  for (const own of times) {
    informer.addListener(() => own.push(env.clock.monotonic()), { resyncEvery: MINUTE_MS });
  }
  await env.advance(MINUTE_MS * 5 * (1 + RESYNC_JITTER));
  for (const own of times) {
    const periods = own.slice(1).map((at, index) => at - (own[index] ?? 0));
    expect(periods.length).toBeGreaterThanOrEqual(5);
    for (const period of periods) {
      expect(period).toBeGreaterThanOrEqual(MINUTE_MS);
      expect(period).toBeLessThanOrEqual(MINUTE_MS * (1 + RESYNC_JITTER));
    }
  }
  expect(times[0]?.[2]).not.toBe(times[1]?.[2]);
  await stop();
});

test("a listener that is removed, even in the middle of a resync, is shown no more", async () => {
  const { env, informer, stop } = await aWorld(RESYNC_OBJECTS_MAX * 2);
  let shown = 0;
  const registration = informer.addListener(
    ({ kind }) => {
      if (kind !== "update") return;
      shown += 1;
      if (shown === RESYNC_OBJECTS_MAX) registration.remove();
    },
    { resyncEvery: "1m" },
  );
  await env.advance(10 * MINUTE_MS);
  expect(shown).toBe(RESYNC_OBJECTS_MAX);
  await stop();
  expect(env.pendingTimers).toBe(0);
});

test("objects that go while others are shown again are not", async () => {
  const { env, history, informer, stop } = await aWorld(RESYNC_OBJECTS_MAX + 10);
  const last = `${RESYNC_OBJECTS_MAX - 1}`;
  const told: string[] = [];
  informer.addListener(
    (event) => {
      if (event.kind === "update" && told.length === 0) history.delete("ns/99");
      if (event.kind !== "add") told.push(short(event));
    },
    { resyncEvery: "1m" },
  );
  await env.advance(1.5 * MINUTE_MS);
  expect(told.filter((each) => each.endsWith("=99"))).toEqual(["delete 99=99"]);
  expect(told).toContain(`update ${last}=${last}`);
  await stop();
});

test("what a listener writes itself is shown again only once the watch has told it", async () => {
  const { env, history, informer, stop } = await aWorld(1);
  const told: string[] = [];
  informer.addListener((event) => told.push(short(event)), { resyncEvery: "1m" });
  history.silenceWatches();
  informer.ownWrites.wrote(history.set("ns/0", 5));
  await env.advance(1.2 * MINUTE_MS);
  expect(told).toEqual(["add 0=0", "update 0=0"]);
  await stop();
});

test("a resync every moment is a mistake", async () => {
  const { informer, stop } = await aWorld(0);
  expect(() => informer.addListener(() => undefined, { resyncEvery: "10ms" })).toThrow(
    "resyncEvery: 10ms is less than 1000 ms",
  );
  await stop();
});
