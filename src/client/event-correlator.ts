/**
 * Keeps events few: says of each what is to be done, from what came before. Pure but for its
 * memory, which is bounded; time is passed in.
 *
 * Three steps, as in client-go: one source can tell only so much about one object (a bucket); many
 * events that differ in their message alone become one that says so; and an event that is the same
 * as an earlier one counts that up.
 */

/** What happened, before it is an object. */
export type Happening = {
  /** Of the object it happened to and who tells: equal exactly for the same two. */
  readonly objectId: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
};

/** An event on the server that further ones count up. */
export type Tally<E> = {
  count: number;
  readonly firstMs: number;
  /** The event as the server has it; undefined until it is created. */
  event: E | undefined;
};

export type Correlation<E> =
  /** Too many about this object: not told. */
  | { readonly kind: "dropped" }
  | { readonly kind: "told"; readonly message: string; readonly tally: Tally<E> };

/** Keys of each memory. */
export const EVENT_MEMORY_MAX = 4_096;
/** Events about one object at once; then one each `EVENT_REFILL_MS`. */
export const EVENT_BURST_MAX = 25;
export const EVENT_REFILL_MS = 300_000;
/** What nobody has told of for so long is forgotten: by then a bucket is full again. */
export const EVENT_MEMORY_MS: number = EVENT_BURST_MAX * EVENT_REFILL_MS;
/** Different messages within `SIMILAR_WINDOW_MS` before they are told as one. */
export const SIMILAR_MESSAGES_MAX = 10;
export const SIMILAR_WINDOW_MS = 600_000;

type Bucket = { tokens: number; atMs: number };
type Similar = { readonly messages: Set<string>; lastMs: number };

export class EventCorrelator<E> {
  readonly #buckets = new Recent<Bucket>();
  readonly #similar = new Recent<Similar>();
  readonly #tallies = new Recent<Tally<E>>();

  /** What to do about a happening at `nowMs`. */
  correlate(happening: Happening, nowMs: number): Correlation<E> {
    if (!this.#takeToken(happening.objectId, nowMs)) return { kind: "dropped" };
    const { objectId, type, reason } = happening;
    const topic = JSON.stringify([objectId, type, reason]);
    const isCombined = this.#isCombined(topic, happening.message, nowMs);
    const tallyKey = isCombined ? topic : JSON.stringify([topic, happening.message]);
    const tally = this.#tallies.get(tallyKey, nowMs, () => ({
      count: 0,
      firstMs: nowMs,
      event: undefined,
    }));
    tally.count += 1;
    const message = isCombined
      ? `(combined from similar events): ${happening.message}`
      : happening.message;
    return { kind: "told", message, tally };
  }

  #takeToken(objectId: string, nowMs: number): boolean {
    const full = (): Bucket => ({ tokens: EVENT_BURST_MAX, atMs: nowMs });
    const bucket = this.#buckets.get(objectId, nowMs, full);
    const refilled = bucket.tokens + (nowMs - bucket.atMs) / EVENT_REFILL_MS;
    bucket.tokens = Math.min(EVENT_BURST_MAX, refilled);
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #isCombined(topic: string, message: string, nowMs: number): boolean {
    const none = (): Similar => ({ messages: new Set(), lastMs: nowMs });
    const similar = this.#similar.get(topic, nowMs, none);
    if (nowMs - similar.lastMs > SIMILAR_WINDOW_MS) similar.messages.clear();
    similar.lastMs = nowMs;
    similar.messages.delete(message);
    similar.messages.add(message);
    const [oldest] = similar.messages;
    if (similar.messages.size <= SIMILAR_MESSAGES_MAX || oldest === undefined) return false;
    similar.messages.delete(oldest); // the set stays bounded, and full
    return true;
  }
}

/** A map of the keys used last, and not too long ago. */
class Recent<V> {
  readonly #values = new Map<string, { readonly value: V; readonly usedMs: number }>();

  get(key: string, nowMs: number, make: () => V): V {
    const known = this.#values.get(key);
    this.#values.delete(key);
    const isFresh = known !== undefined && nowMs - known.usedMs <= EVENT_MEMORY_MS;
    const value = isFresh ? known.value : make();
    this.#values.set(key, { value, usedMs: nowMs });
    for (const [oldest, { usedMs }] of this.#values) {
      const isKept = this.#values.size <= EVENT_MEMORY_MAX && nowMs - usedMs <= EVENT_MEMORY_MS;
      if (isKept) break; // the others were used later
      this.#values.delete(oldest);
    }
    return value;
  }
}
