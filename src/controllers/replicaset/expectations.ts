/**
 * What a controller has set going and not seen yet. While something is awaited its view is known to
 * be behind, and counting pods in it again would create or delete too many.
 *
 * One entry per owner (by uid): creations are awaited by number, since a name is known only from
 * the reply; deletions by uid. Each write is expected before it is sent, and taken back if it is
 * known to have had no effect. If what is awaited does not come in time, or a write got no answer,
 * the entry becomes doubtful: the owner must look at the server itself before it acts again. It
 * must not simply trust its old view, as then a view that lags for long creates everything twice.
 */
import type { Clock } from "../../base/env.ts";
import type { Uid } from "../../machinery/object.ts";

/** After this long without fulfilment, an expectation is doubtful. */
export const EXPECTATION_MS_MAX = 300_000;

export type ExpectationState =
  /** Nothing is awaited: the view shows all that was written. */
  | { readonly kind: "met" }
  /** Something is on its way. It becomes doubtful after `forMs`. */
  | { readonly kind: "waiting"; readonly forMs: number }
  /** Nobody knows; read afresh, then `forget`. */
  | { readonly kind: "doubtful" };

type Entry = {
  creations: number;
  readonly deletions: Set<Uid>;
  readonly untilMs: number;
  isUnanswered: boolean;
};

export class Expectations {
  readonly #clock: Clock;
  readonly #entries = new Map<Uid, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Owners that await something. */
  get size(): number {
    return this.#entries.size;
  }

  /** What `owner` may rely on now. */
  state(owner: Uid): ExpectationState {
    const entry = this.#entries.get(owner);
    if (entry === undefined) return { kind: "met" };
    const forMs = entry.untilMs - this.#clock.monotonic();
    return entry.isUnanswered || forMs <= 0 ? { kind: "doubtful" } : { kind: "waiting", forMs };
  }

  /** Replaces what was awaited; `owner` acts only when that is met. */
  expectCreations(owner: Uid, count: number): void {
    this.#set(owner, { creations: count, deletions: new Set() });
  }

  /** As `expectCreations`, for the deletion of these pods. */
  expectDeletions(owner: Uid, pods: readonly Uid[]): void {
    this.#set(owner, { creations: 0, deletions: new Set(pods) });
  }

  /** One pod of `owner` was seen, or will never be. */
  creationObserved(owner: Uid): void {
    const entry = this.#entries.get(owner);
    if (entry === undefined || entry.creations === 0) return;
    entry.creations -= 1;
    this.#forgetIfMet(owner, entry);
  }

  /** The pod is seen on its way out, or will stay. */
  deletionObserved(owner: Uid, pod: Uid): void {
    const entry = this.#entries.get(owner);
    if (entry === undefined) return;
    entry.deletions.delete(pod);
    this.#forgetIfMet(owner, entry);
  }

  /** A write of `owner` got no answer: it may or may not have had its effect. */
  unanswered(owner: Uid): void {
    const entry = this.#entries.get(owner);
    if (entry === undefined)
      this.#set(owner, { creations: 1, deletions: new Set() }).isUnanswered = true;
    else entry.isUnanswered = true;
  }

  /** `owner` is gone, or has looked afresh. */
  forget(owner: Uid): void {
    this.#entries.delete(owner);
  }

  #set(owner: Uid, awaited: { creations: number; deletions: Set<Uid> }): Entry {
    const untilMs = this.#clock.monotonic() + EXPECTATION_MS_MAX;
    const entry: Entry = { ...awaited, untilMs, isUnanswered: false };
    this.#entries.set(owner, entry);
    this.#forgetIfMet(owner, entry);
    return entry;
  }

  #forgetIfMet(owner: Uid, entry: Entry): void {
    if (entry.creations === 0 && entry.deletions.size === 0) this.#entries.delete(owner);
  }
}
