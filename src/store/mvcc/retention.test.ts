import { describe, expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { MemoryEngine } from "../engine/memory/memory-engine.ts";
import type { Store } from "../store.ts";
import { aCause, bytes } from "../testing/changes.ts";
import { MoodyEngine } from "../testing/moody-engine.ts";
import { MvccStore } from "./mvcc-store.ts";
import type { RetentionPolicy } from "./retention.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

async function aStore(retention: RetentionPolicy): Promise<{
  readonly env: ReturnType<typeof virtualEnv>;
  readonly store: Store;
  readonly engine: MoodyEngine;
}> {
  const env = virtualEnv();
  const engine = new MoodyEngine(new MemoryEngine());
  return { env, engine, store: await MvccStore.open({ engine, env }, retention) };
}

async function write(store: Store, env: ReturnType<typeof virtualEnv>, count = 1): Promise<void> {
  const timeMs = env.clock.now();
  for (let written = 0; written < count; written += 1) {
    const key = `/${store.status().revision}`;
    await store.create(key, bytes("0123456789"), aCause({ timeMs }), aContext(env));
  }
}

describe("retention", () => {
  test("forgets changes older than the window, within a small fraction of it", async () => {
    const { store, env } = await aStore({ windowMs: 6 * HOUR_MS });
    for (let hour = 0; hour < 12; hour += 1) {
      await write(store, env);
      await env.advance(HOUR_MS);
    }
    // Change n was made n - 1 hours after the start; now is hour 12.
    const { compacted, revision, keys } = store.status();
    expect(compacted).toBeGreaterThanOrEqual(5);
    expect(compacted).toBeLessThanOrEqual(6);
    expect({ revision, keys }).toEqual({ revision: 12, keys: 12 });
    await store.close();
  });

  test("forgets changes beyond a number of changes", async () => {
    const { store, env } = await aStore({ changesMax: 128 });
    await write(store, env, 500);
    await env.advance(2 * MINUTE_MS);
    const kept = store.status().revision - store.status().compacted;
    expect(kept).toBeGreaterThanOrEqual(128);
    expect(kept).toBeLessThanOrEqual(132);
    await store.close();
  });

  test("forgets changes beyond a number of bytes", async () => {
    const { store, env } = await aStore({ bytesMax: 1_280 });
    await write(store, env, 500);
    await env.advance(2 * MINUTE_MS);
    const kept = store.status().revision - store.status().compacted;
    expect(kept).toBeGreaterThanOrEqual(128);
    expect(kept).toBeLessThanOrEqual(132);
    await store.close();
  });

  test("keeps everything within the policy", async () => {
    const { store, env } = await aStore({});
    await write(store, env, 100);
    await env.advance(23 * HOUR_MS);
    expect(store.status().compacted).toBe(0);
    await env.advance(2 * HOUR_MS);
    expect(store.status().compacted).toBeGreaterThan(0);
    await store.close();
  });

  test("a jump of the wall clock makes no history vanish", async () => {
    const { store, env } = await aStore({ windowMs: HOUR_MS });
    await write(store, env, 10);
    env.jumpWallClock(10 * 365 * 24 * HOUR_MS);
    await write(store, env, 10);
    await env.advance(10 * MINUTE_MS);
    expect(store.status().compacted).toBe(0);
    await store.close();
  });

  test("counts the age of what was written before it was opened", async () => {
    const { store, env, engine } = await aStore({ windowMs: HOUR_MS });
    await write(store, env, 5);
    await store.close();
    await env.advance(50 * MINUTE_MS);
    const again = await MvccStore.open({ engine, env }, { windowMs: HOUR_MS });
    await env.advance(8 * MINUTE_MS);
    expect(again.status().compacted).toBe(0);
    await env.advance(5 * MINUTE_MS);
    expect(again.status().compacted).toBeGreaterThan(0);
    await again.close();
  });

  test("a failing disk is told to the log and to the next writer", async () => {
    const { store, env, engine } = await aStore({ windowMs: HOUR_MS });
    await write(store, env, 5);
    engine.failOnce(new Error("I/O error"));
    await env.advance(2 * HOUR_MS);
    expect(env.lines.map(({ message }) => message)).toEqual(["history cannot be compacted"]);
    await expect(write(store, env)).rejects.toThrow("I/O error");
    await store.close();
  });

  test("leaves no timer behind when the store is closed", async () => {
    const { store, env } = await aStore({});
    await env.settle();
    expect(env.pendingTimers).toBe(1);
    await store.close();
    expect(env.pendingTimers).toBe(0);
  });

  test("refuses limits that are not positive, by name", async () => {
    await expect(aStore({ windowMs: 0 })).rejects.toThrow("retention.windowMs must be positive");
    await expect(aStore({ bytesMax: Number.NaN })).rejects.toThrow("retention.bytesMax");
  });
});
