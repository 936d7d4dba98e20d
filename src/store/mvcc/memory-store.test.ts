import { expect, test } from "vitest";
import type { Env } from "../../base/env.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { storeConformance } from "../conformance.ts";
import { MemoryEngine } from "../engine/memory/memory-engine.ts";
import { openMemoryStore } from "../memory-store.ts";
import type { Store } from "../store.ts";
import { aCause, bytes } from "../testing/changes.ts";
import { MvccStore } from "./mvcc-store.ts";

const engines = new WeakMap<Store, MemoryEngine>();

async function openOn(engine: MemoryEngine, env: Env): Promise<Store> {
  const store = await MvccStore.open({ engine, env });
  engines.set(store, engine);
  return store;
}

storeConformance("memory store", {
  open: (env) => openOn(new MemoryEngine(), env),
  reopen: async (store, env) => {
    await store.close();
    return openOn(engines.get(store) ?? new MemoryEngine(), env);
  },
});

test("every memory store is a new one", async () => {
  const env = virtualEnv();
  const store = await openMemoryStore(env);
  await store.create("/a", bytes("1"), aCause(), aContext(env));
  await store.close();
  expect((await openMemoryStore(env)).status()).toEqual({ revision: 0, compacted: 0, keys: 0 });
});
