/**
 * Records in LMDB: one named database with a record under each revision, and one with the state.
 *
 * Durable means: LMDB has written the pages and called fdatasync, and then written the meta page
 * that makes them count, through a descriptor that writes synchronously. With `overlappingSync`
 * off, the promise of a batch resolves only after that. A batch is one transaction, so a group is
 * kept whole or not at all.
 *
 * The library has two databases that must never be cleared or dropped as a whole (clearing its root
 * aborts the process), and a failed commit leaves a second rejected promise on the error.
 */
import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { type Database, open, type RootDatabase } from "lmdb";
import { assert } from "../../../base/assert.ts";
import { errorText } from "../../../base/error-text.ts";
import { type Revision, revision as asRevision, StoreError } from "../../store.ts";
import type { Compaction, Engine, EngineState, PageLimit, StoredRecord } from "../engine.ts";
import { checkFormat, makeFolder, syncFolder } from "./data-folder.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { decodeRecord, encodeRecord } from "./record.ts";

/** Records dropped in one transaction. */
const DROPPED_AT_ONCE = 1_000;

const STATE_KEY = "state";

type Opened = {
  readonly folder: string;
  readonly lock: FolderLock;
  readonly environment: RootDatabase<Buffer, string>;
  readonly records: Database<Buffer, number>;
  readonly state: Database<Buffer, string>;
};

export class LmdbEngine implements Engine {
  readonly #opened: Opened;
  #state: EngineState;
  #isOpen = true;
  #isFailed = false;
  #calls: Promise<void> = Promise.resolve();

  private constructor(opened: Opened) {
    this.#opened = opened;
    this.#state = readState(opened);
  }

  /**
   * Opens the folder, and creates it if there is none. Throws `StoreInUseError` if a process has it
   * open, and `UnknownFormatError` if it was not made by this version.
   */
  static async open(directory: string): Promise<LmdbEngine> {
    const folder = resolve(directory);
    await makeFolder(folder);
    const lock = await lockFolder(folder);
    try {
      await checkFormat(folder);
      return await LmdbEngine.#open(openDatabases(folder, lock));
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  static async #open(opened: Opened): Promise<LmdbEngine> {
    try {
      await syncFolder(opened.folder);
      return new LmdbEngine(opened);
    } catch (error) {
      await opened.environment.close();
      throw error;
    }
  }

  async state(): Promise<EngineState> {
    return this.#state;
  }

  append(records: readonly StoredRecord[]): Promise<void> {
    const first = records[0]?.revision;
    const last = records.at(-1)?.revision;
    assert(first === this.#state.revision + 1, "revisions are appended without gaps");
    assert(last === this.#state.revision + records.length, "a group has no gaps");
    const encoded = records.map((record) => [record.revision, encodeRecord(record)] as const);
    return this.#call(async () => {
      const { records: database, folder } = this.#opened;
      const isNew = await committed(
        database.ifNoExists(first, () => {
          for (const [revision, bytes] of encoded) void database.put(revision, bytes);
        }),
      );
      if (!isNew) throw new StoreError(`another process writes to the data folder ${folder}`);
      this.#state = { ...this.#state, revision: last };
    });
  }

  async read(revisions: readonly Revision[]): Promise<readonly (StoredRecord | undefined)[]> {
    this.#checkOpen();
    const { records, folder } = this.#opened;
    return revisions.map((revision) => {
      const bytes = records.get(revision);
      return bytes === undefined ? undefined : decodeRecord(bytes, revision, folder);
    });
  }

  async page(after: Revision, limit: PageLimit): Promise<readonly StoredRecord[]> {
    this.#checkOpen();
    const { records, folder } = this.#opened;
    const page: StoredRecord[] = [];
    let size = 0;
    for (const { key, value } of records.getRange({ start: after + 1, limit: limit.records })) {
      page.push(decodeRecord(value, asRevision(key), folder));
      size += value.length;
      if (size >= limit.bytes) break;
    }
    return page;
  }

  compact({ compacted, drop }: Compaction): Promise<void> {
    assert(compacted >= this.#state.compacted, "what is forgotten stays forgotten");
    assert(compacted <= this.#state.revision, "only what happened is forgotten");
    return this.#call(async () => {
      const { records, state } = this.#opened;
      this.#state = { revision: this.#state.revision, compacted };
      const bytes = encodeState(this.#state);
      let start = 0;
      do {
        const part = drop.slice(start, start + DROPPED_AT_ONCE);
        const dropped = records.batch(() => {
          void state.put(STATE_KEY, bytes);
          for (const revision of part) void records.remove(revision);
        });
        await committed(dropped);
        start += DROPPED_AT_ONCE;
      } while (start < drop.length);
    });
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#calls;
    await this.#opened.environment.close();
    await this.#opened.lock.release();
  }

  /** Runs a write; after one failed, none is tried any more. */
  async #call(write: () => Promise<void>): Promise<void> {
    this.#checkOpen();
    if (this.#isFailed) throw new StoreError("an earlier write failed");
    const running = write().catch((error: unknown) => {
      this.#isFailed = true;
      throw error;
    });
    const settled = running.catch(() => undefined);
    const before = this.#calls;
    this.#calls = before.then(() => settled);
    await running;
  }

  #checkOpen(): void {
    if (!this.#isOpen) throw new StoreError("the store is closed");
  }
}

function openDatabases(folder: string, lock: FolderLock): Opened {
  const environment = open<Buffer, string>({
    path: folder,
    noSubdir: false,
    encoding: "binary",
    maxDbs: 2,
    overlappingSync: false, // a promise resolves when the data is on the disk
    eventTurnBatching: false, // every batch here is explicit
  });
  environment.readerCheck(); // the slots of killed processes keep their pages from being reused
  const records = environment.openDB<Buffer, number>({ name: "records", encoding: "binary" });
  const state = environment.openDB<Buffer, string>({ name: "state", encoding: "binary" });
  return { folder, lock, environment, records, state };
}

/** A checksum and the two numbers of the last compaction. */
const STATE_BYTES = 4 + 8 + 8;

function encodeState({ revision, compacted }: EngineState): Buffer {
  const bytes = Buffer.alloc(STATE_BYTES);
  bytes.writeDoubleLE(revision, 4);
  bytes.writeDoubleLE(compacted, 12);
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  return bytes;
}

function readState({ folder, records, state }: Opened): EngineState {
  const [newest = 0] = records.getKeys({ reverse: true, limit: 1 });
  const bytes = state.get(STATE_KEY);
  if (bytes === undefined) return { revision: asRevision(newest), compacted: asRevision(0) };
  const isWhole = bytes.length === STATE_BYTES && crc32(bytes.subarray(4)) === bytes.readUInt32LE();
  if (!isWhole) {
    throw new StoreError(
      `the state in the data folder ${folder} is damaged: restore the folder from a backup`,
    );
  }
  const revision = asRevision(Math.max(newest, bytes.readDoubleLE(4)));
  return { revision, compacted: asRevision(bytes.readDoubleLE(12)) };
}

/** Turns of the event loop given to the library to tell why a commit failed. */
const REASON_TURNS = 10;

/** Whether the batch was done. Throws with the reason if its commit failed. */
async function committed(commit: Promise<boolean>): Promise<boolean> {
  try {
    return await commit;
  } catch (cause) {
    const reason = await commitReason(cause);
    throw new StoreError(`LMDB cannot commit: ${reason}`, { cause });
  }
}

/** The reason is a promise on the error, rejected a little later. */
async function commitReason(error: unknown): Promise<string> {
  const fallback = errorText(error);
  if (!(error instanceof Error) || !("commitError" in error)) return fallback;
  const reason = Promise.resolve(error.commitError).then(() => fallback, errorText);
  const soon = async (): Promise<string> => {
    for (let turn = 0; turn < REASON_TURNS; turn += 1) await setImmediate();
    return fallback;
  };
  return Promise.race([reason, soon()]);
}
