/**
 * Which members have gone without a word: those whose lease has not changed for as long as it
 * lasts, measured here, as clocks may differ in what time it is.
 */
import type { MemberLease } from "./member-leases.ts";

type Seen = { readonly resourceVersion: string; readonly atMs: number };

export class SilentPeers {
  readonly #gapMsMax: number;
  #seen = new Map<string, Seen>();
  #listedMs = Number.NEGATIVE_INFINITY;

  /**
   * After `gapMsMax` without a list nobody counts as silent: they may have been cut off as well.
   */
  constructor(gapMsMax: number) {
    this.#gapMsMax = gapMsMax;
  }

  /** Those of a list that was answered at `nowMs` whose time is over. */
  see(leases: readonly MemberLease[], nowMs: number): readonly MemberLease[] {
    const before = nowMs - this.#listedMs > this.#gapMsMax ? new Map<string, Seen>() : this.#seen;
    this.#listedMs = nowMs;
    this.#seen = new Map();
    return leases.filter(({ id, lease, durationMs }) => {
      const { resourceVersion = "" } = lease.metadata;
      const known = before.get(id);
      const isSame = known?.resourceVersion === resourceVersion;
      const seen = isSame ? known : { resourceVersion, atMs: nowMs };
      this.#seen.set(id, seen);
      return nowMs - seen.atMs >= durationMs;
    });
  }
}
