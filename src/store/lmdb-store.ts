import type { Env } from "../base/env.ts";
import { LmdbEngine } from "./engine/lmdb/lmdb-engine.ts";
import { MvccStore } from "./mvcc/mvcc-store.ts";
import type { RetentionPolicy } from "./mvcc/retention.ts";
import type { Store } from "./store.ts";

/** Options of a store on the disk. */
export type LmdbStoreOptions = {
  /** The data folder; created if there is none. Only one process at a time may have it open. */
  readonly directory: string;
  readonly env: Env;
  /** How much history is kept. */
  readonly retention?: RetentionPolicy;
};

/**
 * Opens the store in a data folder. Throws `StoreInUseError` if a process has it open,
 * `UnknownFormatError` if this version did not make it, and `CorruptRecordError` if it is damaged.
 */
export async function openLmdbStore(options: LmdbStoreOptions): Promise<Store> {
  const { directory, env, retention } = options;
  const engine = await LmdbEngine.open(directory);
  return MvccStore.open({ engine, env }, retention);
}
