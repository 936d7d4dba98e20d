/**
 * Events tell what happened lately: one that nobody has written for an hour goes, as upstream. That
 * is the end of a lease there and no request: nobody is asked, and no finalizer holds it.
 *
 * Nothing is read of the Events themselves. A revision says when something was written: all up to
 * the one that was the newest an hour ago are over. Which one that was is noted once a minute; for
 * the time before the start, the cause rows that the store keeps tell it, as far back as they go.
 */
import { causeId, type Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { keyPrefixOf } from "../server/registry/resource.ts";
import {
  ConflictError,
  NotFoundError,
  revision,
  StoreError,
  type Entry,
  type Revision,
  type Store,
} from "../store/store.ts";
import type { CauseRow } from "../trace/cause.ts";

/** Both `v1` and `events.k8s.io/v1` are kept here. */
const EVENTS = keyPrefixOf("", "events");

/** Deleted together, before others have their turn. */
export const EXPIRED_AT_ONCE = 100;

/** They are looked for so many times while one lives, and once a second at most. */
const LOOKS = 60;
const PERIOD_MS_MIN = 1_000;

export type EventExpiryDeps = {
  readonly store: Pick<Store, "range" | "delete" | "change" | "status">;
  readonly env: Env;
  /** How long an Event is kept after it was last written. */
  readonly ttlMs: number;
};

/** That this was the newest revision then, by the clock that never goes back. */
type Mark = { readonly atMs: number; readonly revision: Revision };

export class EventExpiry {
  readonly #deps: EventExpiryDeps;
  /** Ascending; of those that are older than an Event lives, only the newest. */
  readonly #marks: Mark[] = [];
  /** No Event of a revision before this one is left. */
  #oldest = 0;

  constructor(deps: EventExpiryDeps) {
    this.#deps = deps;
  }

  /** Until the signal aborts, or the store takes no more writes. */
  async run(context: Context): Promise<void> {
    const { env, store, ttlMs } = this.#deps;
    const periodMs = Math.max(PERIOD_MS_MIN, ttlMs / LOOKS);
    while (store.status().failure === undefined) {
      try {
        await this.#sweep(context);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error; // the store is busy: next time
        env.log.debug("Events that are over could not be deleted.", { error });
      }
      await env.timers.sleep(periodMs, context.signal);
    }
  }

  async #sweep(context: Context): Promise<void> {
    const { store, env } = this.#deps;
    const isOver = await this.#newestThatIsOver(context);
    if (isOver < this.#oldest) return;
    let oldest = store.status().revision + 1;
    let after: string | undefined;
    for (;;) {
      const place = after === undefined ? {} : { after };
      const options = { prefix: EVENTS, limit: EXPIRED_AT_ONCE, ...place };
      const { entries, remaining } = await store.range(options, context);
      const expired = entries.filter((entry) => entry.revision <= isOver);
      for (const entry of entries) {
        if (entry.revision > isOver) oldest = Math.min(oldest, entry.revision);
      }
      await Promise.all(expired.map((entry) => this.#delete(entry, context)));
      after = entries.at(-1)?.key;
      if (remaining === 0 || after === undefined) break;
      await env.timers.yield();
    }
    this.#oldest = oldest;
  }

  async #delete({ key, revision: at }: Entry, context: Context): Promise<void> {
    try {
      await this.#deps.store.delete(key, at, this.#cause(), context);
    } catch (error) {
      const isChanged = error instanceof ConflictError || error instanceof NotFoundError;
      if (!isChanged) throw error;
    }
  }

  #cause(): CauseRow {
    const { ids, clock } = this.#deps.env;
    return {
      user: "system:apiserver",
      actor: "event-ttl",
      verb: "delete",
      id: causeId(ids.uuid()),
      triggers: [],
      traceparent: "",
      timeMs: clock.now(),
      roots: ["timer"],
    };
  }

  /** The newest revision that was there already when those were written that are over now. */
  async #newestThatIsOver(context: Context): Promise<Revision> {
    const { store, env, ttlMs } = this.#deps;
    const nowMs = env.clock.monotonic();
    const overMs = nowMs - ttlMs;
    this.#marks.push({ atMs: nowMs, revision: store.status().revision });
    while (this.#marks[1] !== undefined && this.#marks[1].atMs <= overMs) this.#marks.shift();
    const [mark] = this.#marks;
    if (mark !== undefined && mark.atMs <= overMs) return mark.revision;
    return newestBefore(env.clock.now() - ttlMs, store, context);
  }
}

/** The newest revision that was written before then, as far as causes are kept; else 0. */
async function newestBefore(
  timeMs: number,
  store: EventExpiryDeps["store"],
  context: Context,
): Promise<Revision> {
  const { compacted, revision: newest } = store.status();
  const isBefore = async (at: number): Promise<boolean> => {
    const change = await store.change(revision(at), context);
    return change === undefined || change.cause.timeMs <= timeMs; // forgotten meanwhile: old
  };
  if (newest === compacted || !(await isBefore(compacted + 1))) return revision(0);
  let low: number = compacted + 1;
  let high: number = newest + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await isBefore(middle)) low = middle;
    else high = middle;
  }
  return revision(low);
}
