/**
 * How much history is kept. The store marks now and then which revision it had reached at what time
 * and after how many bytes; the newest mark that lies outside the policy is where to compact.
 *
 * Time is the monotonic clock of this process; marks for what was written before it started count
 * back from the wall clock. So a jump of the wall clock does not make history vanish.
 */
import type { Clock } from "../../base/env.ts";
import { type Revision, revision as asRevision } from "../store.ts";

/** History older or larger than any of these is forgotten. Current values are always kept. */
export type RetentionPolicy = {
  /** Age, in milliseconds. Default: 24 hours. */
  readonly windowMs?: number;
  /** Number of changes. Default: 1,000,000. */
  readonly changesMax?: number;
  /** Bytes of values. Default: 2 GiB. */
  readonly bytesMax?: number;
  /** How often it is enforced, in milliseconds. Default: 60 seconds. */
  readonly intervalMs?: number;
};

export type Retention = Required<RetentionPolicy>;

const DEFAULTS: Retention = {
  windowMs: 24 * 60 * 60 * 1_000,
  changesMax: 1_000_000,
  bytesMax: 2 * 2 ** 30,
  intervalMs: 60_000,
};

/** A policy is followed to within this fraction of each of its limits. */
const MARKS_PER_LIMIT = 64;

/** The policy with its defaults. Throws if a limit is no positive number. */
export function withRetentionDefaults(policy: RetentionPolicy): Retention {
  const retention = { ...DEFAULTS, ...policy };
  for (const [name, limit] of Object.entries(retention)) {
    if (!(limit > 0)) throw new RangeError(`retention.${name} must be positive, not ${limit}`);
  }
  return retention;
}

type Mark = { readonly revision: Revision; readonly atMs: number; readonly bytes: number };

/** Remembers a bounded number of marks, ascending in all three numbers. */
export class RetentionMarks {
  readonly #policy: Retention;
  readonly #clock: Clock;
  readonly #startedMs: { readonly wall: number; readonly monotonic: number };
  #marks: Mark[] = [];
  #newest: Mark;

  constructor(policy: Retention, clock: Clock) {
    this.#policy = policy;
    this.#clock = clock;
    this.#startedMs = { wall: clock.now(), monotonic: clock.monotonic() };
    this.#newest = { revision: asRevision(0), atMs: Number.NEGATIVE_INFINITY, bytes: 0 };
  }

  /** Notes a change made before this process started, at a time of the wall clock. */
  noteOld(revision: Revision, bytes: number, timeMs: number): void {
    const ageMs = Math.max(0, this.#startedMs.wall - timeMs);
    this.#note(revision, bytes, this.#startedMs.monotonic - ageMs);
  }

  /** Notes a change made now. */
  note(revision: Revision, bytes: number): void {
    this.#note(revision, bytes, this.#clock.monotonic());
  }

  /** The newest revision that the policy no longer keeps, if there is any. */
  outside(): Revision | undefined {
    const { windowMs, changesMax, bytesMax } = this.#policy;
    const newest = this.#newest;
    const oldestMs = this.#clock.monotonic() - windowMs;
    const found = this.#marks.findLast(
      (mark) =>
        mark.atMs < oldestMs ||
        newest.revision - mark.revision >= changesMax ||
        newest.bytes - mark.bytes >= bytesMax,
    );
    return found?.revision;
  }

  /** Forgets marks that are of no more use. */
  forget(compacted: Revision): void {
    this.#marks = this.#marks.filter((mark) => mark.revision > compacted);
  }

  #note(revision: Revision, bytes: number, atMs: number): void {
    this.#newest = {
      revision,
      atMs: Math.max(this.#newest.atMs, atMs),
      bytes: this.#newest.bytes + bytes,
    };
    const last = this.#marks.at(-1);
    if (last === undefined || this.#isWorthAMark(last)) this.#marks.push(this.#newest);
  }

  #isWorthAMark(last: Mark): boolean {
    const { windowMs, changesMax, bytesMax } = this.#policy;
    const { revision, atMs, bytes } = this.#newest;
    return (
      (atMs - last.atMs) * MARKS_PER_LIMIT >= windowMs ||
      (revision - last.revision) * MARKS_PER_LIMIT >= changesMax ||
      (bytes - last.bytes) * MARKS_PER_LIMIT >= bytesMax
    );
  }
}
