/**
 * The store over an engine: the key index and the current values are in memory, every change is a
 * record of the engine, and at the opening one scan of the records rebuilds the former.
 *
 * A write is decided against the newest staged state of its key, made durable together with others
 * (`group-commit.ts`), and only then shown to readers and watchers. Reads of the newest state never
 * wait; reads of the past ask the engine.
 */
import { assert } from "../../base/assert.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { TaskGroup } from "../../base/task-group.ts";
import type { CauseRow } from "../../trace/cause.ts";
import {
  CorruptRecordError,
  type Engine,
  type EngineState,
  missingRecord,
  type StoredRecord,
} from "../engine/engine.ts";
import {
  type CauseOf,
  type Change,
  CompactedError,
  type Entry,
  FutureRevisionError,
  type HistoryEntry,
  type RangeOptions,
  type RangeResult,
  type Revision,
  revision as asRevision,
  type Store,
  StoreError,
  type StoreFailedError,
  type StoreStatus,
  type WatchBatch,
  type WatchOptions,
} from "../store.ts";
import { Compactor } from "./compactor.ts";
import { GroupCommit, type StagedWrite } from "./group-commit.ts";
import { KeyIndex } from "./key-index.ts";
import { entryOf, Past } from "./past.ts";
import { RecentChanges } from "./recent-changes.ts";
import {
  type Retention,
  RetentionMarks,
  type RetentionPolicy,
  withRetentionDefaults,
} from "./retention.ts";
import { WatchHub } from "./watch-hub.ts";
import { WritePath } from "./write-path.ts";

/** How much of the records is read at once when a store is opened. */
const OPEN_PAGE = { records: 1_024, bytes: 16 * 2 ** 20 } as const;

export type MvccStoreDeps = { readonly engine: Engine; readonly env: Env };

export class MvccStore implements Store {
  readonly #deps: MvccStoreDeps;
  readonly #retention: Retention;
  readonly #marks: RetentionMarks;
  readonly #index = new KeyIndex();
  readonly #recent = new RecentChanges();
  readonly #group: GroupCommit;
  readonly #writes: WritePath;
  readonly #compactor: Compactor;
  readonly #past: Past;
  readonly #hub: WatchHub;
  readonly #background = new TaskGroup(new AbortController().signal);
  #newest: Revision;
  #closing: Promise<void> | undefined;

  private constructor(deps: MvccStoreDeps, state: EngineState, policy: RetentionPolicy) {
    const { engine, env } = deps;
    const { timers, clock } = env;
    this.#deps = deps;
    this.#newest = state.revision;
    this.#retention = withRetentionDefaults(policy);
    this.#marks = new RetentionMarks(this.#retention, clock);
    const index = this.#index;
    this.#compactor = new Compactor(state.compacted, { engine, index, timers });
    const newest = (): Revision => this.#newest;
    const compacted = (): Revision => this.#compactor.compacted;
    this.#past = new Past({ engine, index, compacted });
    const publish = (writes: readonly StagedWrite[]): void => this.#publish(writes);
    this.#group = new GroupCommit({ engine, newest: state.revision, publish });
    this.#writes = new WritePath({ group: this.#group, index });
    const { recent, past } = { recent: this.#recent, past: this.#past };
    this.#hub = new WatchHub({ newest, compacted, recent, past, timers });
  }

  /**
   * Reads what the engine holds, and from then on enforces the retention policy. The store owns the
   * engine. Throws `CorruptRecordError` if a record is damaged or missing.
   */
  static async open(deps: MvccStoreDeps, retention: RetentionPolicy = {}): Promise<MvccStore> {
    try {
      const store = new MvccStore(deps, await deps.engine.state(), retention);
      await store.#rebuild();
      store.#background.spawn((signal) => store.#enforceRetention(signal));
      return store;
    } catch (error) {
      await deps.engine.close();
      throw error;
    }
  }

  /** What is under it. */
  get engine(): Engine {
    return this.#deps.engine;
  }

  async create(key: string, value: Uint8Array, cause: CauseRow, context: Context): Promise<Entry> {
    this.#checkOpen(context);
    return this.#writes.create(key, value, cause, context);
  }

  async update(
    key: string,
    expected: Revision,
    value: Uint8Array,
    cause: CauseRow,
    context: Context,
  ): Promise<Entry> {
    this.#checkOpen(context);
    return this.#writes.update(key, expected, value, cause, context);
  }

  async delete(
    key: string,
    expected: Revision,
    cause: CauseRow,
    context: Context,
  ): Promise<Revision> {
    this.#checkOpen(context);
    return this.#writes.delete(key, expected, cause, context);
  }

  async get(key: string, context: Context): Promise<Entry | undefined> {
    this.#checkOpen(context);
    return this.#index.get(key);
  }

  async range(options: RangeOptions, context: Context): Promise<RangeResult> {
    this.#checkOpen(context);
    const { at = this.#newest } = options;
    if (at > this.#newest) throw new FutureRevisionError(this.#newest);
    this.#checkKept(at);
    if (at === this.#newest) {
      const { found: entries, remaining } = this.#index.current(options);
      return { entries, revision: at, remaining };
    }
    const { found, remaining } = this.#index.at(at, options);
    const read = await this.#past.entries(found);
    this.#checkKept(at); // it may have been compacted while it was read
    const entries = read.filter((entry) => entry !== undefined);
    assert(entries.length === found.length, "every version of a kept revision is readable");
    return { entries, revision: at, remaining };
  }

  watch(options: WatchOptions, context: Context): AsyncIterable<WatchBatch> {
    return this.#hub.watch(options, context.signal);
  }

  progress(prefix?: string): void {
    this.#hub.progress(prefix);
  }

  async history(
    key: string,
    { limit }: { readonly limit: number },
    context: Context,
  ): Promise<readonly HistoryEntry[]> {
    this.#checkOpen(context);
    const records = await this.#past.records(this.#index.revisions(key).slice(0, limit));
    return records
      .filter((record) => record !== undefined)
      .map(({ revision, cause, value }) => ({ revision, cause, value }));
  }

  async change(at: Revision, context: Context): Promise<Change | undefined> {
    this.#checkOpen(context);
    if (at <= this.#compactor.compacted || at > this.#newest) return undefined;
    const change = this.#recent.get(at) ?? (await this.#past.change(at));
    return at <= this.#compactor.compacted ? undefined : change;
  }

  async causes(
    after: Revision,
    { limit }: { readonly limit: number },
    context: Context,
  ): Promise<readonly CauseOf[]> {
    this.#checkOpen(context);
    const to = this.#newest;
    const found: CauseOf[] = [];
    const start = asRevision(Math.max(after, this.#compactor.compacted));
    for (let position = start; position < to && found.length < limit;) {
      const page = await this.#past.causes(position, to);
      this.#checkOpen(context);
      found.push(...page.causes);
      position = page.position;
    }
    const { compacted } = this.#compactor;
    return found.filter(({ revision }) => revision > compacted).slice(0, limit);
  }

  async compact(at: Revision, context: Context): Promise<void> {
    this.#checkOpen(context);
    if (at > this.#newest) throw new FutureRevisionError(this.#newest);
    if (this.#group.failure !== undefined) throw this.#group.failure;
    try {
      await this.#compactor.compact(at);
    } catch (cause) {
      throw this.#group.fail(cause);
    }
    this.#marks.forget(this.#compactor.compacted);
  }

  status(): StoreStatus {
    const { compacted } = this.#compactor;
    const { failure } = this.#group;
    return { revision: this.#newest, compacted, keys: this.#index.size, failure };
  }

  get failed(): Promise<StoreFailedError> {
    return this.#group.failed;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#hub.close();
    this.#background.abort();
    await this.#group.idle();
    await this.#compactor.close();
    await this.#background.join();
    await this.#deps.engine.close();
  }

  #checkOpen(context: Context): void {
    context.signal.throwIfAborted();
    if (this.#closing !== undefined) throw new StoreError("the store is closed");
  }

  #checkKept(at: Revision): void {
    const { compacted } = this.#compactor;
    if (at < compacted) throw new CompactedError(compacted);
  }

  /** Makes durable writes visible, to readers and watchers in the same turn. */
  #publish(writes: readonly StagedWrite[]): void {
    const changes = writes.map(({ record, entry }) => {
      const change = this.#apply(record, entry);
      this.#recent.push(change);
      this.#marks.note(record.revision, record.value?.length ?? 0);
      return change;
    });
    const last = writes.at(-1);
    assert(last !== undefined, "a group is not empty");
    this.#newest = last.record.revision;
    this.#hub.publish(changes, this.#newest);
  }

  #apply(record: StoredRecord, entry: Entry | undefined): Change {
    const { key, revision, cause } = record;
    if (entry === undefined) {
      const previous = this.#index.delete(key, revision);
      return Object.freeze({ kind: "delete", key, revision, previous, cause });
    }
    const previous = this.#index.put(entry);
    return Object.freeze({ kind: "put", entry, previous, cause });
  }

  /** One scan of the records. What the compaction has left over from a crash may have gaps. */
  async #rebuild(): Promise<void> {
    const { compacted } = this.#compactor;
    let last = asRevision(0);
    for (;;) {
      const page = await this.#deps.engine.page(last, OPEN_PAGE);
      for (const record of page) {
        if (record.revision > compacted) this.#checkChain(record, last);
        this.#restore(record);
        last = record.revision;
      }
      if (page.length === 0) break;
    }
    if (this.#newest > Math.max(last, compacted)) throw missingRecord(this.#newest);
  }

  #restore(record: StoredRecord): void {
    const entry = entryOf(record);
    if (entry === undefined) this.#index.restoreDeletion(record.key, record.revision);
    else this.#index.put(entry);
    this.#marks.noteOld(record.revision, record.value?.length ?? 0, record.cause.timeMs);
  }

  /** Behind the compaction no record is missing, and each follows what it replaced. */
  #checkChain(record: StoredRecord, last: Revision): void {
    const before = Math.max(last, this.#compactor.compacted);
    if (record.revision !== before + 1) throw missingRecord(asRevision(before + 1));
    const previous = this.#index.get(record.key)?.revision ?? 0;
    if (record.previous !== previous) {
      const what = `says that it replaces revision ${record.previous}, but ${previous} was there`;
      throw new CorruptRecordError(record.revision, what);
    }
  }

  async #enforceRetention(signal: AbortSignal): Promise<void> {
    const { timers, log } = this.#deps.env;
    for (;;) {
      await timers.sleep(this.#retention.intervalMs, signal);
      const at = this.#marks.outside();
      if (at === undefined) continue;
      try {
        await this.#compactor.compact(at);
      } catch (cause) {
        const error = this.#group.fail(cause); // the next write tells the caller
        log.error("history cannot be compacted", { error });
        return;
      }
      this.#marks.forget(at);
    }
  }
}
