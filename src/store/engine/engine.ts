/**
 * An engine keeps the changes of a store: one record per revision, appended in order, and two
 * numbers. It knows nothing of keys being current, of readers or of watches; `store/mvcc` builds
 * those on top, so that an engine is small enough to be trusted with the disk.
 *
 * Promises: what `append()` and `compact()` resolved survives a crash; a group is kept whole or not
 * at all; a record comes back as it was given or not at all, and a damaged one is named, never
 * served; the newest revision is known even when its record was dropped.
 * Non-promises: no two calls of `append()` or of `compact()` at a time; after either rejected, what
 * is on the disk is unknown until the engine is opened again.
 */
import type { CauseRow } from "../../trace/cause.ts";
import { type Revision, StoreError } from "../store.ts";

/** One change. */
export type StoredRecord = {
  readonly key: string;
  readonly revision: Revision;
  /** Of the change that created the key. */
  readonly createRevision: Revision;
  /** Of the change of this key that was replaced or deleted; 0: the key was created. */
  readonly previous: Revision;
  /** Undefined: the key was deleted. */
  readonly value: Uint8Array | undefined;
  readonly cause: CauseRow;
};

/** The numbers an engine keeps besides the records. */
export type EngineState = {
  /** The newest revision ever appended; 0: none. */
  readonly revision: Revision;
  /** Changes up to and including this one are forgotten; what is left of them is current. */
  readonly compacted: Revision;
};

/** A page ends when either is reached; it has at least one record if there is any. */
export type PageLimit = { readonly records: number; readonly bytes: number };

/** What to forget. */
export type Compaction = {
  readonly compacted: Revision;
  /**
   * Records to drop, none newer than `compacted`. They are dropped in this order, so that a crash
   * in between cannot leave a value whose deletion is gone.
   */
  readonly drop: readonly Revision[];
};

/** See the header of this file for promises. `conformance.ts` runs over every implementation. */
export interface Engine {
  state(): Promise<EngineState>;
  /** Appends a group; its first revision follows the newest one, and there are no gaps. */
  append(records: readonly StoredRecord[]): Promise<void>;
  /** The records of some revisions, undefined where there is none. */
  read(revisions: readonly Revision[]): Promise<readonly (StoredRecord | undefined)[]>;
  /** The records after a revision, ascending. */
  page(after: Revision, limit: PageLimit): Promise<readonly StoredRecord[]>;
  /** Keeps the number, then drops the records; the number is never behind the records. */
  compact(compaction: Compaction): Promise<void>;
  /** Waits for calls under way, then lets go of all resources. */
  close(): Promise<void>;
}

/** A record is not what was written, or gone. It is never served. */
export class CorruptRecordError extends StoreError {
  override readonly name = "CorruptRecordError";
  readonly revision: Revision;
  constructor(revision: Revision, what: string, options?: ErrorOptions) {
    super(`the record of revision ${revision} ${what}`, options);
    this.revision = revision;
  }
}

/** A record that others refer to is not there. */
export function missingRecord(revision: Revision): CorruptRecordError {
  return new CorruptRecordError(revision, "is missing: the store is damaged");
}
