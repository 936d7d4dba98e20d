import { afterEach, expect, test } from "vitest";
import { causeId, rootContext, type Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { EventObject, EventsEvent } from "../client/builtin.ts";
import { openMemoryStore } from "../store/memory-store.ts";
import { revision, type Entry, type Store } from "../store/store.ts";
import type { CauseRow } from "../trace/cause.ts";
import { createControlPlane, type ControlPlane } from "./control-plane.ts";
import { EventExpiry, EXPIRED_AT_ONCE, type EventExpiryDeps } from "./event-expiry.ts";
import type { ControlPlaneOptions } from "./options.ts";

const HOUR_MS = 3_600_000;
const EVENTS = "/registry/core/events/default/";
const MINUTE_MS = 60_000;

const planes: ControlPlane[] = [];
afterEach(async () => {
  await Promise.all(planes.splice(0).map((plane) => plane.close()));
});

async function aPlane(env: Env, options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const plane = await createControlPlane({ env, hasControllers: false, ...options });
  planes.push(plane);
  return plane;
}

function anEvent(name: string): EventObject {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace: "default" },
    involvedObject: { kind: "Pod", namespace: "default", name: "web" },
    reason: "Pulled",
    message: "it is there",
    type: "Normal",
  };
}

async function names({ client, context }: ControlPlane): Promise<readonly string[]> {
  const { items } = await client.list(EventObject, { namespace: "default" }, context);
  return items.map(({ metadata }) => metadata.name ?? "");
}

test("an Event of either group goes an hour after it was last written", async () => {
  const env = virtualEnv();
  const plane = await aPlane(env);
  const { client, context, store } = plane;
  await client.create(EventObject, anEvent("told-once"), context);
  const again = await client.create(EventObject, anEvent("told-again"), context);
  const modern: EventsEvent = {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: "told-anew", namespace: "default" },
    eventTime: "2026-01-01T00:00:00.000000Z",
    reportingController: "test",
    reportingInstance: "test-1",
    action: "Testing",
    reason: "Tested",
    regarding: { kind: "Pod", namespace: "default", name: "web" },
    type: "Normal",
  };
  await client.create(EventsEvent, modern, context);
  await env.advance(30 * MINUTE_MS);
  await client.update(EventObject, { ...again, count: 2 }, context);
  await env.advance(29 * MINUTE_MS);
  expect(await names(plane)).toEqual(["told-again", "told-anew", "told-once"]);
  await env.advance(2 * MINUTE_MS);
  expect(await names(plane)).toEqual(["told-again"]);
  const causes = await store.causes(revision(0), { limit: 10_000 }, context);
  expect(causes.at(-1)?.cause).toMatchObject({ actor: "event-ttl", roots: ["timer"] });
  await env.advance(30 * MINUTE_MS);
  expect(await names(plane)).toEqual([]);
});

test("eventTtlMs says how long; 0 is for ever, and what cannot be is refused", async () => {
  const env = virtualEnv();
  const brief = await aPlane(env, { eventTtlMs: 5_000 });
  const endless = await aPlane(env, { eventTtlMs: 0 });
  for (const { client, context } of [brief, endless]) {
    await client.create(EventObject, anEvent("a"), context);
  }
  await env.advance(7_000);
  expect(await names(brief)).toEqual([]);
  await env.advance(3 * HOUR_MS);
  expect(await names(endless)).toEqual(["a"]);
  for (const eventTtlMs of [-1, Number.NaN, Infinity]) {
    await expect(aPlane(env, { eventTtlMs })).rejects.toThrow("eventTtlMs");
  }
});

test("time before a restart counts", async () => {
  const env = virtualEnv();
  const before = await aPlane(env);
  await before.client.create(EventObject, anEvent("old"), before.context);
  await env.advance(40 * MINUTE_MS);
  await before.client.create(EventObject, anEvent("new"), before.context);
  const after = await aPlane(env, { store: { kind: "memory", copyOf: before.store } });
  await before.close();
  await env.advance(22 * MINUTE_MS);
  expect(await names(after)).toEqual(["new"]);
  await env.advance(40 * MINUTE_MS);
  expect(await names(after)).toEqual([]);
});

/** A store with its expiry, without a server; `see`: what the expiry is given in its place. */
async function bareStore(
  env: Env,
  see: (store: Store) => EventExpiryDeps["store"] = (store) => store,
): Promise<{
  readonly store: Store;
  readonly context: Context;
  readonly put: (key: string) => Promise<Entry>;
  readonly end: () => Promise<void>;
}> {
  const store = await openMemoryStore(env, { retention: { changesMax: 50 } });
  const abort = new AbortController();
  const context = rootContext(env, abort.signal);
  const running = new EventExpiry({ store: see(store), env, ttlMs: HOUR_MS }).run(context);
  const end = async (): Promise<void> => {
    abort.abort();
    await running.catch(() => undefined);
    await store.close();
  };
  const put = (key: string): Promise<Entry> => store.create(key, VALUE, causeNow(env), context);
  return { store, context, put, end };
}

const VALUE = new Uint8Array([1]);

function causeNow(env: Env): CauseRow {
  const nobody = { user: "", actor: "", verb: "", id: causeId(""), traceparent: "" };
  return { ...nobody, triggers: [], timeMs: env.clock.now() };
}

test("many go in pages, also those whose history is forgotten, and nothing else does", async () => {
  const env = virtualEnv();
  const { store, context, put, end } = await bareStore(env);
  const count = 2 * EXPIRED_AT_ONCE + 7;
  for (let nth = 0; nth < count; nth += 1) await put(`${EVENTS}e-${nth}`);
  await put("/registry/core/pods/default/e");
  await put("/registry/core/eventsources/default/e");
  await env.advance(30 * MINUTE_MS);
  await put(`${EVENTS}later`);
  expect(store.status().compacted).toBeGreaterThan(100);
  await env.advance(31 * MINUTE_MS);
  const { entries } = await store.range({ prefix: "" }, context);
  expect(entries.map(({ key }) => key)).toEqual([
    `${EVENTS}later`,
    "/registry/core/eventsources/default/e",
    "/registry/core/pods/default/e",
  ]);
  await end();
});

test("an Event that is written while it is looked at stays", async () => {
  const env = virtualEnv();
  let onRange = (): Promise<unknown> => Promise.resolve();
  const see = (store: Store): EventExpiryDeps["store"] => ({
    status: () => store.status(),
    change: (...call) => store.change(...call),
    delete: (...call) => store.delete(...call),
    range: async (...call) => {
      const found = await store.range(...call);
      await onRange();
      return found;
    },
  });
  const { store, context, put, end } = await bareStore(env, see);
  const { revision: at } = await put(`${EVENTS}a`);
  await put(`${EVENTS}b`);
  onRange = () => {
    onRange = () => Promise.resolve();
    return store.update(`${EVENTS}a`, at, VALUE, causeNow(env), context);
  };
  await env.advance(HOUR_MS + 2 * MINUTE_MS);
  const { entries } = await store.range({ prefix: EVENTS }, context);
  expect(entries.map(({ key }) => key)).toEqual([`${EVENTS}a`]);
  await end();
});
