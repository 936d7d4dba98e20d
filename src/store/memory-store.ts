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

/**
 * Opens a store that forgets everything when it is closed. It is empty, or a copy of another one in
 * memory: what that one had answered is in it; the two know nothing of each other afterwards.
 */
export async function openMemoryStore(env: Env, options: MemoryStoreOptions = {}): Promise<Store> {
  const retention = { ...RETENTION, ...options.retention };
  const engine = options.copyOf === undefined ? new MemoryEngine() : copyOf(options.copyOf);
  return MvccStore.open({ engine, env }, retention);
}

function copyOf(store: Store): MemoryEngine {
  const engine = store instanceof MvccStore ? store.engine : undefined;
  if (engine instanceof MemoryEngine) return engine.copy();
  throw new TypeError("copyOf: only a store in memory can be copied");
}
