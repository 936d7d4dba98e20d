/** An engine without a disk: for tests, simulation and throw-away control planes. */
import { assert } from "../../../base/assert.ts";
import { type Revision, revision as asRevision } from "../../store.ts";
import type { Compaction, Engine, EngineState, PageLimit, StoredRecord } from "../engine.ts";

/** Keeps records for as long as the process lives. Several stores may be opened on it in turn. */
export class MemoryEngine implements Engine {
  /** Insertion order is revision order, because records are only ever appended. */
  readonly #records = new Map<Revision, StoredRecord>();
  #newest = asRevision(0);
  #compacted = asRevision(0);

  state(): Promise<EngineState> {
    return Promise.resolve({ revision: this.#newest, compacted: this.#compacted });
  }

  append(records: readonly StoredRecord[]): Promise<void> {
    for (const record of records) {
      assert(record.revision === this.#newest + 1, "revisions are appended without gaps");
      this.#records.set(record.revision, record);
      this.#newest = record.revision;
    }
    return Promise.resolve();
  }

  read(revisions: readonly Revision[]): Promise<readonly (StoredRecord | undefined)[]> {
    return Promise.resolve(revisions.map((revision) => this.#records.get(revision)));
  }

  page(after: Revision, limit: PageLimit): Promise<readonly StoredRecord[]> {
    const records: StoredRecord[] = [];
    let bytes = 0;
    for (let at = after + 1; at <= this.#newest; at += 1) {
      if (records.length >= limit.records || bytes >= limit.bytes) break;
      const record = this.#records.get(asRevision(at));
      if (record === undefined) continue; // dropped by a compaction
      records.push(record);
      bytes += record.value?.length ?? 0;
    }
    return Promise.resolve(records);
  }

  compact({ compacted, drop }: Compaction): Promise<void> {
    this.#compacted = compacted;
    for (const revision of drop) {
      assert(revision <= compacted, "only forgotten records are dropped");
      this.#records.delete(revision);
    }
    return Promise.resolve();
  }

  /** Another engine with the same records, which are shared: they never change. */
  copy(): MemoryEngine {
    const copy = new MemoryEngine();
    for (const [revision, record] of this.#records) copy.#records.set(revision, record);
    copy.#newest = this.#newest;
    copy.#compacted = this.#compacted;
    return copy;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
