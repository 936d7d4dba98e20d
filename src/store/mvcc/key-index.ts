/**
 * The keys in order, and for each what is current and which older revisions are still kept. Values
 * of the past stay in the engine; the index only says which record holds them.
 *
 * An example. Key `a` is created at 2, updated at 5, deleted at 7 and created again at 9:
 *
 *     current: entry of 9     older: [2, 5, -7]        (a deletion is negative)
 *
 * Reading at 6 finds 5, at 8 finds the deletion, at 10 the current entry. Compacting at 6 forgets
 * 2: it is superseded by 5, which reads at 6 still need. Compacting at 8 forgets 5 and the deletion
 * too.
 */
import { EmptyBTree } from "sorted-btree";
import type sortedBtree from "sorted-btree";
import { assert } from "../../base/assert.ts";
import { type Entry, type Revision, revision as asRevision } from "../store.ts";

type Versions = {
  current: Entry | undefined;
  /** Ascending by absolute value; all smaller than the current revision. */
  readonly older: number[];
};

/** What a key was at a revision: its entry if that is still current, else the record to read. */
export type Version = Entry | Revision;

export type Span = { readonly prefix: string; readonly after?: string; readonly limit?: number };

export type Found<T> = { readonly found: readonly T[]; readonly remaining: number };

export class KeyIndex {
  /**
   * Compares texts by code unit. Cloned from the library's empty tree, because this CommonJS
   * module's default export is wrapped differently by different loaders, and its named ones are
   * not.
   */
  readonly #keys: sortedBtree.default<string, Versions> = EmptyBTree.clone();
  #liveKeys = 0;

  /** Keys that have a value. */
  get size(): number {
    return this.#liveKeys;
  }

  get(key: string): Entry | undefined {
    return this.#keys.get(key)?.current;
  }

  /** Notes a new value and returns the one it replaces. */
  put(entry: Entry): Entry | undefined {
    const versions = this.#keys.get(entry.key);
    if (versions === undefined) {
      this.#keys.set(entry.key, { current: entry, older: [] });
      this.#liveKeys += 1;
      return undefined;
    }
    const previous = versions.current;
    if (previous === undefined) this.#liveKeys += 1;
    else versions.older.push(previous.revision);
    assert(Math.abs(versions.older.at(-1) ?? 0) < entry.revision, "revisions of a key ascend");
    versions.current = entry;
    return previous;
  }

  /** Notes a deletion and returns what was deleted. */
  delete(key: string, at: Revision): Entry {
    const versions = this.#keys.get(key);
    const previous = versions?.current;
    assert(versions !== undefined && previous !== undefined, "a deleted key had a value");
    assert(previous.revision < at, "revisions of a key ascend");
    versions.older.push(previous.revision, deletionAt(at));
    versions.current = undefined;
    this.#liveKeys -= 1;
    return previous;
  }

  /**
   * Notes a deletion whose entry may be gone: while a store is opened after a crash in the middle
   * of a compaction. It stays until the next compaction.
   */
  restoreDeletion(key: string, at: Revision): void {
    if (this.get(key) !== undefined) this.delete(key, at);
    else if (!this.#keys.has(key))
      this.#keys.set(key, { current: undefined, older: [deletionAt(at)] });
  }

  /** The current entries of a span, in order, and how many lie beyond the limit. */
  current(span: Span): Found<Entry> {
    return this.#collect(span, (_key, versions) => versions.current);
  }

  /** The same as of a revision that is not compacted. */
  at(at: Revision, span: Span): Found<Version> {
    return this.#collect(span, (_key, versions) => versionAt(versions, at));
  }

  /** All revisions of a key that are kept, newest first. */
  revisions(key: string): readonly Revision[] {
    const versions = this.#keys.get(key);
    if (versions === undefined) return [];
    const older = versions.older.map((older) => asRevision(Math.abs(older))).reverse();
    return versions.current === undefined ? older : [versions.current.revision, ...older];
  }

  /**
   * Forgets what reads at `at` or later do not need, among at most `keys` keys after one. Returns
   * the forgotten revisions and where to go on; undefined: all keys were seen.
   */
  forget(
    at: Revision,
    part: { readonly after: string | undefined; readonly keys: number },
  ): { readonly forgotten: readonly Revision[]; readonly next: string | undefined } {
    const forgotten: Revision[] = [];
    let last = part.after;
    for (let seen = 0; seen < part.keys; seen += 1) {
      const key = this.#keys.nextHigherKey(last);
      if (key === undefined) return { forgotten, next: undefined };
      this.#forgetOf(key, at, forgotten);
      last = key;
    }
    return { forgotten, next: last };
  }

  #forgetOf(key: string, at: Revision, forgotten: Revision[]): void {
    const versions = this.#keys.get(key);
    assert(versions !== undefined, "the key is in the index");
    const { current, older } = versions;
    let count = countUpTo(older, at);
    const isBaseNeeded = current === undefined || current.revision > at;
    if (isBaseNeeded && count > 0 && (older[count - 1] ?? 0) > 0) count -= 1;
    for (const gone of older.splice(0, count)) forgotten.push(asRevision(Math.abs(gone)));
    if (current === undefined && older.length === 0) this.#keys.delete(key);
  }

  #collect<T>(span: Span, pick: (key: string, versions: Versions) => T | undefined): Found<T> {
    const { prefix, after, limit = Number.POSITIVE_INFINITY } = span;
    const found: T[] = [];
    let remaining = 0;
    const visit = (key: string, versions: Versions): void => {
      if (after !== undefined && key <= after) return;
      const picked = pick(key, versions);
      if (picked === undefined) return;
      if (found.length < limit) found.push(picked);
      else remaining += 1;
    };
    const low = after !== undefined && after > prefix ? after : prefix;
    const end = prefixEnd(prefix);
    const high = end ?? this.#keys.maxKey();
    if (high !== undefined) this.#keys.forRange(low, high, end === undefined, visit);
    return { found, remaining };
  }
}

/** How a deletion is noted among the older revisions. */
function deletionAt(revision: number): number {
  return -revision;
}

function versionAt(versions: Versions, at: Revision): Version | undefined {
  const { current, older } = versions;
  if (current !== undefined && current.revision <= at) return current;
  const found = older[countUpTo(older, at) - 1];
  return found === undefined || found < 0 ? undefined : asRevision(found);
}

/** How many of `older` are not newer than `at`, by bisection. */
function countUpTo(older: readonly number[], at: Revision): number {
  let low = 0;
  let high = older.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Math.abs(older[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The smallest text that is greater than all that start with `prefix`; undefined: there is none.
 */
function prefixEnd(prefix: string): string | undefined {
  for (let last = prefix.length - 1; last >= 0; last -= 1) {
    const unit = prefix.charCodeAt(last);
    if (unit < 0xffff) return prefix.slice(0, last) + String.fromCharCode(unit + 1);
  }
  return undefined;
}
