import { expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { openMemoryStore } from "../memory-store.ts";
import { aCause, bytes } from "../testing/changes.ts";
import { WatchReader } from "../testing/watch-reader.ts";
import { revision } from "../store.ts";
import { ROUSED_AT_ONCE } from "./watch-hub.ts";

const COUNT = 5 * ROUSED_AT_ONCE;

test("watchers: thousands are told of a change in turns, and miss nothing in between", async () => {
  const env = virtualEnv();
  const context = aContext(env);
  const store = await openMemoryStore(env);
  const after = revision(0);
  const readers = Array.from(
    { length: COUNT },
    () => new WatchReader(store, { prefix: "/", after }, context),
  );
  await Promise.all(readers.map((reader) => reader.next())); // progress
  let told = 0;
  const batches = readers.map(async (reader) => {
    const changes = await reader.changes();
    told += 1;
    return changes;
  });
  const turns: number[] = [];
  await store.create("/a", bytes("1"), aCause(), context);
  while (told < COUNT) {
    await env.timers.yield();
    turns.push(told);
  }
  const steps = turns.map((sum, index) => sum - (turns[index - 1] ?? 0));
  expect(Math.max(...steps)).toBeLessThanOrEqual(2 * ROUSED_AT_ONCE);
  expect(new Set((await Promise.all(batches)).flat())).toHaveLength(1);
  const last = readers.at(-1);
  const later = store.create("/b", bytes("1"), aCause(), context);
  await store.create("/c", bytes("1"), aCause(), context);
  await later;
  store.progress();
  expect(await last?.upTo(revision(3))).toHaveLength(2);
  await store.close();
});

test("watchers: one that is aborted before its turn ends at once", async () => {
  const env = virtualEnv();
  const context = aContext(env);
  const store = await openMemoryStore(env);
  const options = { prefix: "/", after: revision(0) };
  const readers = Array.from({ length: COUNT }, () => new WatchReader(store, options, context));
  await Promise.all(readers.map((reader) => reader.next())); // progress
  const waiting = readers.map((reader) => reader.next());
  await store.create("/a", bytes("1"), aCause(), context);
  for (const reader of readers) reader.abort();
  await Promise.all(waiting);
  expect(await Promise.all(readers.map((reader) => reader.next()))).toEqual(
    readers.map(() => undefined),
  );
  await store.close();
});
