/**
 * Makes writes durable in groups: while one group is on its way to the disk, the next one gathers.
 * A lone writer waits for one flush, and a hundred writers share one.
 *
 * A staged write has its revision but is not yet true: nobody reads it. Whether a further write to
 * the same key is allowed is decided against the newest staged state, and an answer that rests on
 * it waits until that state is durable.
 *
 * After the engine failed once, every staged and later write fails: what reached the disk is then
 * unknown, and only opening the store again can tell.
 */
import { errorText } from "../../base/error-text.ts";
import { Fifo } from "../../base/fifo.ts";
import type { Engine, StoredRecord } from "../engine/engine.ts";
import {
  type Entry,
  type Revision,
  revision as asRevision,
  StoreError,
  StoreFailedError,
} from "../store.ts";
import { entryOf } from "./past.ts";

/** A group holds at most this many records. */
export const GROUP_RECORDS_MAX: number = 1_024;

/** A group is closed once its values reach this many bytes. */
export const GROUP_BYTES_MAX: number = 8 * 2 ** 20;

/** With this many writes not yet durable, further ones are refused. */
export const STAGED_WRITES_MAX: number = 65_536;

/** With this many bytes of values not yet durable, further writes are refused. */
export const STAGED_BYTES_MAX: number = 256 * 2 ** 20;

/**
 * Too many writes are waiting for the disk; the caller may try again later. Nothing was written.
 */
export class StoreBusyError extends StoreError {
  override readonly name = "StoreBusyError";
}

/** A write that has its revision. */
export type StagedWrite = {
  readonly record: StoredRecord;
  /** What it puts; undefined: it deletes. */
  readonly entry: Entry | undefined;
  /** Resolves when the write is durable and visible. */
  readonly durable: Promise<void>;
};

type Pending = StagedWrite & {
  readonly resolve: () => void;
  readonly reject: (reason: StoreError) => void;
};

export type GroupCommitDeps = {
  readonly engine: Pick<Engine, "append">;
  /** The newest durable revision. */
  readonly newest: Revision;
  /** Makes durable writes visible, synchronously and in order. */
  readonly publish: (writes: readonly StagedWrite[]) => void;
};

export class GroupCommit {
  readonly #deps: GroupCommitDeps;
  readonly #waiting = new Fifo<Pending>();
  /** The newest staged write of each key that has any. */
  readonly #newestOfKey = new Map<string, Pending>();
  #newest: Revision;
  #stagedCount = 0;
  #stagedBytes = 0;
  #failure: StoreFailedError | undefined;
  readonly #failed = Promise.withResolvers<StoreFailedError>();
  #running: Promise<void> | undefined;

  constructor(deps: GroupCommitDeps) {
    this.#deps = deps;
    this.#newest = deps.newest;
  }

  /** Why all writes are refused; undefined: they are not. */
  get failure(): StoreFailedError | undefined {
    return this.#failure;
  }

  /** Resolves when there is a failure. */
  get failed(): Promise<StoreFailedError> {
    return this.#failed.promise;
  }

  /** The newest staged write of a key, if one is not yet durable. */
  staged(key: string): StagedWrite | undefined {
    return this.#newestOfKey.get(key);
  }

  /** Throws if no further write can be taken. */
  checkRoom(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#stagedCount >= STAGED_WRITES_MAX || this.#stagedBytes >= STAGED_BYTES_MAX) {
      throw new StoreBusyError(`${this.#stagedCount} writes wait for the disk`);
    }
  }

  /** Gives the write the next revision. The caller has checked that it is allowed. */
  stage(make: (revision: Revision) => StoredRecord): StagedWrite {
    this.checkRoom();
    this.#newest = asRevision(this.#newest + 1);
    const record = make(this.#newest);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const pending = { record, entry: entryOf(record), durable: promise, resolve, reject };
    this.#waiting.push(pending);
    this.#newestOfKey.set(record.key, pending);
    this.#stagedCount += 1;
    this.#stagedBytes += sizeOf(record);
    this.#running ??= this.#run();
    return pending;
  }

  /** Refuses all further writes, as after a failed append. */
  fail(cause: unknown): StoreFailedError {
    const why = errorText(cause);
    const failure = new StoreFailedError(
      `the store takes no writes until it is opened again, because the disk failed: ${why}`,
      { cause },
    );
    this.#failure ??= failure;
    this.#failed.resolve(this.#failure);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#settle(next);
      next.reject(this.#failure);
    }
    return this.#failure;
  }

  /** Resolves when no write is under way. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // writes of the same turn join the first group
    while (this.#waiting.size > 0) await this.#commit(this.#takeGroup());
    this.#running = undefined;
  }

  async #commit(group: readonly Pending[]): Promise<void> {
    let failure: StoreFailedError | undefined;
    try {
      await this.#deps.engine.append(group.map((pending) => pending.record));
      this.#deps.publish(group);
    } catch (cause) {
      failure = this.fail(cause);
    }
    for (const pending of group) {
      this.#settle(pending);
      if (failure === undefined) pending.resolve();
      else pending.reject(failure);
    }
  }

  #takeGroup(): readonly Pending[] {
    const group: Pending[] = [];
    let bytes = 0;
    while (group.length < GROUP_RECORDS_MAX && bytes < GROUP_BYTES_MAX) {
      const pending = this.#waiting.shift();
      if (pending === undefined) break;
      group.push(pending);
      bytes += sizeOf(pending.record);
    }
    return group;
  }

  #settle(pending: Pending): void {
    this.#stagedCount -= 1;
    this.#stagedBytes -= sizeOf(pending.record);
    const { key } = pending.record;
    if (this.#newestOfKey.get(key) === pending) this.#newestOfKey.delete(key);
  }
}

function sizeOf(record: StoredRecord): number {
  return record.value?.length ?? 0;
}
