import type { Env } from "../base/env.ts";
import { MemoryEngine } from "./engine/memory/memory-engine.ts";
import { MvccStore } from "./mvcc/mvcc-store.ts";
import type { RetentionPolicy } from "./mvcc/retention.ts";
import type { Store } from "./store.ts";

/** Options of a store in memory. */
export type MemoryStoreOptions = {
  /** How much history is kept. */
  readonly retention?: RetentionPolicy;
};

/** Opens an empty store that forgets everything when it is closed. */
export function openMemoryStore(env: Env, options: MemoryStoreOptions = {}): Promise<Store> {
  return MvccStore.open({ engine: new MemoryEngine(), env }, options.retention);
}
