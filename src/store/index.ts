/** The store: ordered keys, one global revision, and a past. */
export { CorruptRecordError } from "./engine/engine.ts";
export { UnknownFormatError } from "./engine/lmdb/data-folder.ts";
export { StoreInUseError } from "./engine/lmdb/folder-lock.ts";
export { type LmdbStoreOptions, openLmdbStore } from "./lmdb-store.ts";
export { type MemoryStoreOptions, openMemoryStore } from "./memory-store.ts";
export { StoreBusyError } from "./mvcc/group-commit.ts";
export type { RetentionPolicy } from "./mvcc/retention.ts";
export { BadWriteError, KEY_LENGTH_MAX, VALUE_BYTES_MAX } from "./mvcc/write-path.ts";
export {
  type CauseOf,
  type Change,
  CompactedError,
  ConflictError,
  type Entry,
  ExistsError,
  FutureRevisionError,
  type HistoryEntry,
  NotFoundError,
  type RangeOptions,
  type RangeResult,
  type Revision,
  revision,
  revisionOf,
  type Store,
  StoreError,
  StoreFailedError,
  type StoreStatus,
  type WatchBatch,
  type WatchOptions,
} from "./store.ts";
