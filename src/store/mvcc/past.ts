/**
 * The past, put together from the key index and the engine's records. Compaction goes on meanwhile:
 * whoever awaited a read here checks afterwards that its revision is not compacted.
 */
import { type Engine, missingRecord, type PageLimit, type StoredRecord } from "../engine/engine.ts";
import { type CauseOf, type Change, Entry, type Revision } from "../store.ts";
import type { KeyIndex, Version } from "./key-index.ts";

/** How much history is read at once for a watcher that catches up. */
export const HISTORY_PAGE: PageLimit = { records: 256, bytes: 4 * 2 ** 20 };

/** How many past values of a range are read at once. */
const VALUES_AT_ONCE = 256;

export type PastDeps = {
  readonly engine: Engine;
  readonly index: KeyIndex;
  /** The newest forgotten revision, as of now. */
  readonly compacted: () => Revision;
};

export class Past {
  readonly #deps: PastDeps;

  constructor(deps: PastDeps) {
    this.#deps = deps;
  }

  /** The records of revisions that were kept when asked; undefined: compacted meanwhile. */
  async records(revisions: readonly Revision[]): Promise<readonly (StoredRecord | undefined)[]> {
    const records: (StoredRecord | undefined)[] = [];
    for (let start = 0; start < revisions.length; start += VALUES_AT_ONCE) {
      const part = revisions.slice(start, start + VALUES_AT_ONCE);
      const read = await this.#deps.engine.read(part);
      for (const [index, revision] of part.entries()) {
        const record = read[index];
        if (record === undefined && revision > this.#deps.compacted())
          throw missingRecord(revision);
        records.push(record);
      }
    }
    return records;
  }

  /** Entries for versions, in their order; undefined: compacted meanwhile. */
  async entries(versions: readonly Version[]): Promise<readonly (Entry | undefined)[]> {
    const revisions = versions.filter((version) => typeof version === "number");
    const records = await this.records(revisions);
    let next = 0;
    return versions.map((version) => {
      if (typeof version !== "number") return version;
      const record = records[next];
      next += 1;
      return record === undefined ? undefined : this.#entry(record);
    });
  }

  /**
   * The changes in a page of history after a revision, up to `to`, of keys that start with
   * `prefix`. `position`: all changes up to there were looked at.
   */
  async page(
    after: Revision,
    to: Revision,
    prefix: string,
  ): Promise<{ readonly changes: readonly Change[]; readonly position: Revision }> {
    const page = await this.#deps.engine.page(after, HISTORY_PAGE);
    // The engine may hold records that are not yet visible.
    const records = page.filter((record) => record.revision <= to);
    const last = records.at(-1);
    const position = last === undefined || records.length < page.length ? to : last.revision;
    const matching = records.filter((record) => record.key.startsWith(prefix));
    return { changes: await this.#changes(matching), position };
  }

  /** The same for causes alone, of all keys: nothing is read but the records themselves. */
  async causes(
    after: Revision,
    to: Revision,
  ): Promise<{ readonly causes: readonly CauseOf[]; readonly position: Revision }> {
    const page = await this.#deps.engine.page(after, HISTORY_PAGE);
    const records = page.filter((record) => record.revision <= to);
    const last = records.at(-1);
    const position = last === undefined || records.length < page.length ? to : last.revision;
    const causes = records.map(({ revision, key, cause }) => ({ revision, key, cause }));
    return { causes, position };
  }

  /** The change of one record; undefined: compacted meanwhile. */
  async change(at: Revision): Promise<Change | undefined> {
    const [record] = await this.records([at]);
    return record === undefined ? undefined : (await this.#changes([record]))[0];
  }

  async #changes(records: readonly StoredRecord[]): Promise<readonly Change[]> {
    const replaced = records.filter(({ previous }) => previous > 0);
    const read = await this.records(replaced.map(({ previous }) => previous));
    const previousOf = new Map(replaced.map((record, index) => [record, read[index]]));
    for (const [record, previous] of previousOf) {
      const isLost = previous === undefined && record.revision > this.#deps.compacted();
      if (isLost) throw missingRecord(record.previous);
    }
    return records.flatMap((record) => {
      const previous = previousOf.get(record);
      const change = this.#change(record, previous && this.#entry(previous));
      return change === undefined ? [] : [change];
    });
  }

  #change(record: StoredRecord, previous: Entry | undefined): Change | undefined {
    const { key, revision, value, cause } = record;
    if (value !== undefined) {
      const entry = this.#entry(record);
      return entry && Object.freeze({ kind: "put", entry, previous, cause });
    }
    // Only a compaction past this deletion can have taken what it deleted.
    return previous && Object.freeze({ kind: "delete", key, revision, previous, cause });
  }

  /** The one entry all readers share while it is current, else a new one. */
  #entry(record: StoredRecord): Entry | undefined {
    const current = this.#deps.index.get(record.key);
    return current?.revision === record.revision ? current : entryOf(record);
  }
}

/** The entry a record put; undefined for a deletion. */
export function entryOf(record: StoredRecord): Entry | undefined {
  const { key, value, revision, createRevision } = record;
  return value && new Entry({ key, value, revision, createRevision });
}
