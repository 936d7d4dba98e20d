/**
 * The newest changes, in memory, once for all watchers: a watcher that lags a little reads here,
 * and one that lags more reads from the engine. So no watcher needs a buffer of its own.
 */
import { assert } from "../../base/assert.ts";
import { type Change, type Revision, revisionOf } from "../store.ts";

/** At most this many changes are kept in memory. */
export const RECENT_CHANGES_MAX: number = 4_096;

/** At most about this many bytes of new values are kept alive by them. */
export const RECENT_BYTES_MAX: number = 16 * 2 ** 20;

/** A ring of changes with consecutive revisions; it grows as far as it is used. */
export class RecentChanges {
  readonly #ring: (Change | undefined)[] = [];
  #origin = 0; // revision of the first one there ever was: its slot is 0
  #first = 0; // revision of the oldest one kept
  #count = 0;
  #bytes = 0;

  push(change: Change): void {
    const revision = revisionOf(change);
    if (this.#count === 0) this.#origin = this.#first = revision;
    assert(revision === this.#first + this.#count, "recent changes are consecutive");
    if (this.#count === RECENT_CHANGES_MAX) this.#dropFirst();
    this.#ring[this.#slotOf(revision)] = change;
    this.#count += 1;
    this.#bytes += sizeOf(change);
    while (this.#bytes > RECENT_BYTES_MAX && this.#count > 1) this.#dropFirst();
  }

  get(revision: Revision): Change | undefined {
    const isKept = revision >= this.#first && revision < this.#first + this.#count;
    return isKept ? this.#ring[this.#slotOf(revision)] : undefined;
  }

  /** The changes with `after` < revision <= `to`, or undefined if not all of them are here. */
  between(after: Revision, to: Revision): readonly Change[] | undefined {
    if (after + 1 < this.#first || to >= this.#first + this.#count) return undefined;
    const changes: Change[] = [];
    for (let revision = after + 1; revision <= to; revision += 1) {
      const change = this.#ring[this.#slotOf(revision)];
      assert(change !== undefined, "a kept change is in the ring");
      changes.push(change);
    }
    return changes;
  }

  #slotOf(revision: number): number {
    return (revision - this.#origin) % RECENT_CHANGES_MAX;
  }

  #dropFirst(): void {
    const slot = this.#slotOf(this.#first);
    const change = this.#ring[slot];
    assert(change !== undefined, "a kept change is in the ring");
    this.#ring[slot] = undefined;
    this.#bytes -= sizeOf(change);
    this.#first += 1;
    this.#count -= 1;
  }
}

function sizeOf(change: Change): number {
  return change.kind === "put" ? change.entry.value.length : change.previous.value.length;
}
