/**
 * The store: ordered keys with one global, strictly increasing revision. It never hears of a kind:
 * keys are text, values are bytes.
 *
 * Promises: a write is durable before its promise resolves and before any reader or watcher sees
 * it; every revision is one change of one key; a watch is ordered, unique, reliable, resumable and
 * bookmarkable; a cause row is kept with every revision. The revision of a failed or unknown write
 * is never used for anything else.
 * Non-promises: no transactions over several keys; no order between the answers of concurrent
 * writes; after a fault of the disk the store refuses all further writes rather than guess.
 */
import type { Context } from "../base/context.ts";
import type { CauseRow } from "../trace/cause.ts";

/** The number of a change. Starts at 1; revision 0 is the empty store. */
export type Revision = number & { readonly __brand: "Revision" };

/** The only maker of a `Revision`. */
export function revision(value: number): Revision {
  return value as Revision;
}

/** A value under a key at a revision. Frozen; one instance for all readers while it is live. */
export class Entry {
  readonly key: string;
  readonly value: Uint8Array;
  /** Of the change that wrote this value. */
  readonly revision: Revision;
  /** Of the change that created the key. */
  readonly createRevision: Revision;
  #reading: unknown;

  constructor(of: Pick<Entry, "key" | "value" | "revision" | "createRevision">) {
    this.key = of.key;
    this.value = of.value;
    this.revision = of.revision;
    this.createRevision = of.createRevision;
    Object.freeze(this);
  }

  /** What the readers of this process made of the value. The store keeps it, and never looks. */
  get reading(): unknown {
    return this.#reading;
  }

  set reading(made: unknown) {
    this.#reading = made;
  }
}

/** One change. `previous` is what it replaced or deleted. */
export type Change =
  | {
      readonly kind: "put";
      readonly entry: Entry;
      readonly previous: Entry | undefined;
      readonly cause: CauseRow;
    }
  | {
      readonly kind: "delete";
      readonly key: string;
      readonly revision: Revision;
      readonly previous: Entry;
      readonly cause: CauseRow;
    };

/** The revision a change made. */
export function revisionOf(change: Change): Revision {
  return change.kind === "put" ? change.entry.revision : change.revision;
}

/** Which entries are read, and as of when. */
export type RangeOptions = {
  /** All keys that start with this. */
  readonly prefix: string;
  /** Only keys after this one (exclusive): continues an earlier range. */
  readonly after?: string;
  /** Read as of this revision (default: the newest). Throws Compacted or Future. */
  readonly at?: Revision;
  /** At most this many entries (default: all). */
  readonly limit?: number;
};

/** Entries of one revision. */
export type RangeResult = {
  /** Ascending by key (code unit order). */
  readonly entries: readonly Entry[];
  /** The revision that was read. */
  readonly revision: Revision;
  /** Keys of the range beyond `entries`. */
  readonly remaining: number;
};

/** What a watch yields: changes, or the news that all up to a revision were sent. */
export type WatchBatch =
  | { readonly kind: "changes"; readonly changes: readonly Change[] }
  | { readonly kind: "progress"; readonly revision: Revision };

/** Which changes are watched, and from where on. */
export type WatchOptions = {
  readonly prefix: string;
  /**
   * Changes with a greater revision are sent. The first step throws Compacted if some of them are
   * no longer known, and Future if this revision does not exist yet.
   */
  readonly after: Revision;
};

/** A reader's view of the past of one key. */
export type HistoryEntry = {
  readonly revision: Revision;
  readonly cause: CauseRow;
  /** Undefined: the key was deleted by this change. */
  readonly value: Uint8Array | undefined;
};

/** Why one revision exists, and of which key it is a change. */
export type CauseOf = {
  readonly revision: Revision;
  readonly key: string;
  readonly cause: CauseRow;
};

/** How a store is: how far, how large, and whether it still takes writes. */
export type StoreStatus = {
  /** Of the newest durable change. */
  readonly revision: Revision;
  /** Changes up to and including this one are forgotten. */
  readonly compacted: Revision;
  readonly keys: number;
  /** Why no write is taken any more; undefined: writes are taken. */
  readonly failure: StoreFailedError | undefined;
};

/** See the header of this file for promises. `conformance.ts` runs over every implementation. */
export interface Store {
  /** Creates the key. Throws `ExistsError`. */
  create(key: string, value: Uint8Array, cause: CauseRow, context: Context): Promise<Entry>;
  /** Replaces the value if its revision is `expected`. Throws `NotFoundError`, `ConflictError`. */
  update(
    key: string,
    expected: Revision,
    value: Uint8Array,
    cause: CauseRow,
    context: Context,
  ): Promise<Entry>;
  /** Deletes the key if its revision is `expected`; returns the revision of the deletion. */
  delete(key: string, expected: Revision, cause: CauseRow, context: Context): Promise<Revision>;
  /** The newest value, or undefined. */
  get(key: string, context: Context): Promise<Entry | undefined>;
  range(options: RangeOptions, context: Context): Promise<RangeResult>;
  /**
   * All changes after a revision, in order, until the signal aborts (then it returns). A reader
   * that falls behind is served from history, never dropped; one whose position is compacted
   * meanwhile gets `CompactedError`. A "progress" batch comes at the start and when asked for by
   * `progress()`.
   */
  watch(options: WatchOptions, context: Context): AsyncIterable<WatchBatch>;
  /**
   * Makes every open watch of `prefix` (default: of all prefixes) yield a "progress" batch once it
   * has sent all up to now.
   */
  progress(prefix?: string): void;
  /** What happened to one key, newest first, within the retention window. */
  history(
    key: string,
    options: { readonly limit: number },
    context: Context,
  ): Promise<readonly HistoryEntry[]>;
  /** The change made by `at`, or undefined if it is unknown or forgotten. */
  change(at: Revision, context: Context): Promise<Change | undefined>;
  /**
   * Why the changes after a revision were made, oldest first, at most `limit`, as far as they are
   * not forgotten: without what they replaced.
   */
  causes(
    after: Revision,
    options: { readonly limit: number },
    context: Context,
  ): Promise<readonly CauseOf[]>;
  /** Forgets changes up to and including `at`; current values stay. */
  compact(at: Revision, context: Context): Promise<void>;
  status(): StoreStatus;
  /** Resolves when the disk failed, so that whoever owns the store can open it again. */
  readonly failed: Promise<StoreFailedError>;
  /** Waits for writes under way, then lets go of all resources. */
  close(): Promise<void>;
}

/** The store's own few errors; `server/registry` translates them to `Status`. */
export class StoreError extends Error {
  override readonly name: string = "StoreError";
}
/** There is an entry under that key already. */
export class ExistsError extends StoreError {
  override readonly name = "ExistsError";
}
/** There is no entry under that key. */
export class NotFoundError extends StoreError {
  override readonly name = "NotFoundError";
}
/** The entry is not at the revision that the writer expected: somebody else wrote first. */
export class ConflictError extends StoreError {
  override readonly name = "ConflictError";
}
/** The revision is older than what is kept. `compacted` is the newest forgotten revision. */
export class CompactedError extends StoreError {
  override readonly name = "CompactedError";
  readonly compacted: Revision;
  constructor(compacted: Revision) {
    super(`revisions up to ${compacted} are compacted`);
    this.compacted = compacted;
  }
}
/** The revision does not exist yet. */
export class FutureRevisionError extends StoreError {
  override readonly name = "FutureRevisionError";
  readonly current: Revision;
  constructor(current: Revision) {
    super(`the newest revision is ${current}`);
    this.current = current;
  }
}
/** The disk failed; nothing more is written until the store is opened again. */
export class StoreFailedError extends StoreError {
  override readonly name = "StoreFailedError";
}
