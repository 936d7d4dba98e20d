import type { Compaction, Engine, EngineState, PageLimit, StoredRecord } from "../engine/engine.ts";
import type { Revision } from "../store.ts";

/** An engine in front of another one that is slow or fails when a test says so. */
export class MoodyEngine implements Engine {
  readonly #inner: Engine;
  /** Sizes of the groups appended so far. */
  readonly groups: number[] = [];
  /** Compactions so far. */
  readonly compactions: Compaction[] = [];
  #gate: PromiseWithResolvers<void> | undefined;
  #failure: Error | undefined;

  constructor(inner: Engine) {
    this.#inner = inner;
  }

  /** Makes writes wait until `release()`. */
  hold(): void {
    this.#gate ??= Promise.withResolvers();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** Makes the next write fail, once. What it was to write is not written. */
  failOnce(failure: Error): void {
    this.#failure = failure;
  }

  state(): Promise<EngineState> {
    return this.#inner.state();
  }

  async append(records: readonly StoredRecord[]): Promise<void> {
    this.groups.push(records.length);
    await this.#mood();
    await this.#inner.append(records);
  }

  read(revisions: readonly Revision[]): Promise<readonly (StoredRecord | undefined)[]> {
    return this.#inner.read(revisions);
  }

  page(after: Revision, limit: PageLimit): Promise<readonly StoredRecord[]> {
    return this.#inner.page(after, limit);
  }

  async compact(compaction: Compaction): Promise<void> {
    this.compactions.push(compaction);
    await this.#mood();
    await this.#inner.compact(compaction);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async #mood(): Promise<void> {
    await this.#gate?.promise;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }
}
