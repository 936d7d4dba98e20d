import type { Env } from "../base/env.ts";
import { MemoryEngine } from "./engine/memory/memory-engine.ts";
import { MvccStore } from "./mvcc/mvcc-store.ts";
import type { RetentionPolicy } from "./mvcc/retention.ts";
import type { Store } from "./store.ts";

/** Options of a store in memory. */
export type MemoryStoreOptions = {
  /** How much history is kept. Default: at most 100,000 changes and 256 MiB, as it is in memory. */
  readonly retention?: RetentionPolicy;
};

const RETENTION: RetentionPolicy = { changesMax: 100_000, bytesMax: 256 * 2 ** 20 };

/** Opens an empty store that forgets everything when it is closed. */
export function openMemoryStore(env: Env, options: MemoryStoreOptions = {}): Promise<Store> {
  const retention = { ...RETENTION, ...options.retention };
  return MvccStore.open({ engine: new MemoryEngine(), env }, retention);
}
