import type { Env } from "../base/env.ts";
import { MemoryEngine } from "./engine/memory/memory-engine.ts";
import { MvccStore } from "./mvcc/mvcc-store.ts";
import type { RetentionPolicy } from "./mvcc/retention.ts";
import type { Store } from "./store.ts";

/** Options of a store in memory. */
export type MemoryStoreOptions = {
  /** How much history is kept. Default: at most 100,000 changes and 256 MiB, as it is in memory. */
  readonly retention?: RetentionPolicy;
  /** A store in memory to begin with a copy of: all of its keys, history and causes. */
  readonly copyOf?: Store;
};

const RETENTION: RetentionPolicy = { changesMax: 100_000, bytesMax: 256 * 2 ** 20 };

/** Which engine is under which store: a copy is made of the engine. */
const engines = new WeakMap<Store, MemoryEngine>();

/**
 * Opens a store that forgets everything when it is closed. It is empty, or a copy of another one in
 * memory: what that one had answered is in it; the two know nothing of each other afterwards.
 */
export async function openMemoryStore(env: Env, options: MemoryStoreOptions = {}): Promise<Store> {
  const retention = { ...RETENTION, ...options.retention };
  const engine = options.copyOf === undefined ? new MemoryEngine() : copyOf(options.copyOf);
  const store = await MvccStore.open({ engine, env }, retention);
  engines.set(store, engine);
  return store;
}

function copyOf(store: Store): MemoryEngine {
  const engine = engines.get(store);
  if (engine === undefined) throw new TypeError("copyOf: only a store in memory can be copied");
  return engine.copy();
}
