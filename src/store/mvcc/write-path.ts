/**
 * Decides writes. The check and the staging happen in one turn, so nothing comes between them; an
 * answer that rests on a write not yet durable waits for it, and so never tells of something that a
 * reader could not see.
 */
import type { Context } from "../../base/context.ts";
import { orAborted } from "../../base/signals.ts";
import type { CauseRow } from "../../trace/cause.ts";
import {
  ConflictError,
  type Entry,
  ExistsError,
  NotFoundError,
  type Revision,
  revision as asRevision,
  StoreError,
} from "../store.ts";
import type { GroupCommit, StagedWrite } from "./group-commit.ts";
import type { KeyIndex } from "./key-index.ts";

/** Longer keys are refused. */
export const KEY_LENGTH_MAX: number = 2_048;

/** Larger values are refused. */
export const VALUE_BYTES_MAX: number = 16 * 2 ** 20;

/** A key or value that the store cannot take. */
export class BadWriteError extends StoreError {
  override readonly name = "BadWriteError";
}

export type WritePathDeps = { readonly group: GroupCommit; readonly index: KeyIndex };

type Newest = {
  readonly entry: Entry | undefined;
  /** The write that made it so, if that is not yet durable. */
  readonly staged: StagedWrite | undefined;
};

export class WritePath {
  readonly #deps: WritePathDeps;

  constructor(deps: WritePathDeps) {
    this.#deps = deps;
  }

  async create(
    key: string,
    value: Uint8Array,
    cause: CauseRow,
    { signal }: Context,
  ): Promise<Entry> {
    this.#check(key, value, signal);
    const newest = this.#newest(key);
    if (newest.entry !== undefined) {
      await settled(newest, signal);
      throw new ExistsError(`${key} exists`);
    }
    const staged = this.#deps.group.stage((revision) => {
      return { key, revision, createRevision: revision, previous: asRevision(0), value, cause };
    });
    await orAborted(staged.durable, signal);
    return putEntry(staged);
  }

  async update(
    key: string,
    expected: Revision,
    value: Uint8Array,
    cause: CauseRow,
    { signal }: Context,
  ): Promise<Entry> {
    return putEntry(await this.#supersede(key, expected, value, cause, signal));
  }

  async delete(
    key: string,
    expected: Revision,
    cause: CauseRow,
    { signal }: Context,
  ): Promise<Revision> {
    const staged = await this.#supersede(key, expected, undefined, cause, signal);
    return staged.record.revision;
  }

  /** A durable write on top of the expected revision; a value that is undefined deletes. */
  async #supersede(
    key: string,
    expected: Revision,
    value: Uint8Array | undefined,
    cause: CauseRow,
    signal: AbortSignal,
  ): Promise<StagedWrite> {
    this.#check(key, value, signal);
    const newest = this.#newest(key);
    if (newest.entry?.revision !== expected) throw await refusal(key, expected, newest, signal);
    const { createRevision, revision: previous } = newest.entry;
    const staged = this.#deps.group.stage((revision) => {
      return { key, revision, createRevision, previous, value, cause };
    });
    await orAborted(staged.durable, signal);
    return staged;
  }

  #check(key: string, value: Uint8Array | undefined, signal: AbortSignal): void {
    signal.throwIfAborted();
    if (key === "" || key.length > KEY_LENGTH_MAX || !key.isWellFormed()) {
      throw new BadWriteError(`a key is well-formed text of 1 to ${KEY_LENGTH_MAX} characters`);
    }
    if (value !== undefined && value.length > VALUE_BYTES_MAX) {
      throw new BadWriteError(`${key}: a value has at most ${VALUE_BYTES_MAX} bytes`);
    }
    this.#deps.group.checkRoom();
  }

  #newest(key: string): Newest {
    const { group, index } = this.#deps;
    const staged = group.staged(key);
    return { entry: staged === undefined ? index.get(key) : staged.entry, staged };
  }
}

function putEntry({ entry }: StagedWrite): Entry {
  if (entry === undefined) throw new StoreError("a put has an entry");
  return entry;
}

/** Waits until what an answer rests on is durable; throws if it never will be. */
async function settled(newest: Newest, signal: AbortSignal): Promise<void> {
  if (newest.staged !== undefined) await orAborted(newest.staged.durable, signal);
}

async function refusal(
  key: string,
  expected: Revision,
  newest: Newest,
  signal: AbortSignal,
): Promise<StoreError> {
  await settled(newest, signal);
  if (newest.entry === undefined) return new NotFoundError(`${key} does not exist`);
  return new ConflictError(`${key} is at revision ${newest.entry.revision}, not ${expected}`);
}
