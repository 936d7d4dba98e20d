/**
 * What a store is, said as simply as possible: a list of changes and how much of it is forgotten.
 */
import type { RangeOptions, Revision } from "../store.ts";

type Said = {
  readonly key: string;
  /** Undefined: deleted. */
  readonly value: string | undefined;
  readonly previous: number;
};

export class StoreModel {
  /** The change of revision n is at n - 1. */
  readonly #changes: Said[] = [];
  compacted = 0;

  get newest(): number {
    return this.#changes.length;
  }

  /** The revision of the key's value as of a revision; 0: it has none. */
  revisionOf(key: string, at: number = this.newest): number {
    const revision = this.#changes.slice(0, at).findLastIndex((change) => change.key === key) + 1;
    return this.#changes[revision - 1]?.value === undefined ? 0 : revision;
  }

  /** Notes a change and returns its revision. */
  write(key: string, value: string | undefined): number {
    this.#changes.push({ key, value, previous: this.revisionOf(key) });
    return this.newest;
  }

  /** All changes of a prefix after a revision, in short. */
  changes(prefix: string, after: number): readonly string[] {
    return this.#changes.flatMap(({ key, value, previous }, index) => {
      if (index < after || !key.startsWith(prefix)) return [];
      const sign = value === undefined ? `-${key}` : `+${key}=${value}`;
      return [`${sign}@${index + 1}${previous === 0 ? "" : `<${previous}`}`];
    });
  }

  /** What a range answers: entries in short, and how many remain. */
  range({ prefix, after, at, limit }: RangeOptions): readonly [string, number] {
    const keys = new Set(this.#changes.map(({ key }) => key));
    const matching = [...keys]
      .filter((key) => key.startsWith(prefix) && (after === undefined || key > after))
      .filter((key) => this.revisionOf(key, at) > 0)
      .sort((a, b) => (a < b ? -1 : 1))
      .map((key) => `${key}@${this.revisionOf(key, at)}`);
    const found = matching.slice(0, limit);
    return [found.join(" "), matching.length - found.length];
  }

  /** The revisions of a key that are still told, newest first. */
  history(key: string): readonly number[] {
    const base = this.revisionOf(key, this.compacted);
    const kept = this.#changes.flatMap((change, index) =>
      change.key === key && index + 1 > this.compacted ? [index + 1] : [],
    );
    return [...(base === 0 ? [] : [base]), ...kept].reverse();
  }

  compact(at: Revision): void {
    this.compacted = Math.max(this.compacted, at);
  }
}
