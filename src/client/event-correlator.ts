/**
 * Decides what becomes of an event: a new object, one more on an old object's count, or nothing.
 * The numbers are client-go's: what repeats is counted, what is merely similar is merged after ten in
 * ten minutes, and a source that talks too much about one object is cut short.
 */
import type { Clock } from "../base/env.ts";

/** What is said about one object by one component. */
export type Utterance = {
  readonly about: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly apiVersion: string;
    readonly resourceVersion: string;
  };
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
};

export type Correlation =
  | { readonly kind: "drop" }
  | { readonly kind: "create"; readonly key: string; readonly message: string }
  | {
      readonly kind: "count";
      readonly key: string;
      readonly eventName: string;
      readonly count: number;
      readonly message: string;
    };

/** Kept about past events; the oldest are forgotten first. */
export const CORRELATOR_KEYS_MAX = 4_096;
/** Similar events in `SIMILAR_MS` before they are merged. */
export const SIMILAR_MAX = 10;
export const SIMILAR_MS = 600_000;
/** Events about one object that may come at once, and the time until one more may. */
export const BURST_MAX = 25;
export const REFILL_MS = 300_000;

type Counted = { readonly eventName: string; readonly count: number };
type Similar = { readonly messages: Set<string>; lastMs: number };
type Bucket = { tokens: number; atMs: number };

export class EventCorrelator {
  readonly #clock: Clock;
  readonly #counted = new Map<string, Counted>();
  readonly #similar = new Map<string, Similar>();
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What to do with an utterance now. */
  decide(utterance: Utterance): Correlation {
    const { about, type, reason } = utterance;
    const subject = JSON.stringify([about.kind, about.namespace, about.name, about.uid]);
    if (!this.#takeToken(subject)) return { kind: "drop" };
    const group = JSON.stringify([subject, type, reason]);
    const isMerged = this.#isMerged(group, utterance.message);
    const message = isMerged
      ? `(combined from similar events): ${utterance.message}`
      : utterance.message;
    const key = isMerged ? group : JSON.stringify([group, utterance.message]);
    const known = this.#counted.get(key);
    if (known === undefined) return { kind: "create", key, message };
    return { kind: "count", key, eventName: known.eventName, count: known.count + 1, message };
  }

  /** The event was written under this name with this count. */
  wrote(key: string, eventName: string, count: number): void {
    remember(this.#counted, key, { eventName, count });
  }

  /** The event object is gone: the next one is a new object. */
  lost(key: string): void {
    this.#counted.delete(key);
  }

  #takeToken(subject: string): boolean {
    const nowMs = this.#clock.monotonic();
    const bucket = this.#buckets.get(subject) ?? { tokens: BURST_MAX, atMs: nowMs };
    const refilled = Math.floor((nowMs - bucket.atMs) / REFILL_MS);
    bucket.tokens = Math.min(BURST_MAX, bucket.tokens + refilled);
    bucket.atMs += refilled * REFILL_MS;
    remember(this.#buckets, subject, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #isMerged(group: string, message: string): boolean {
    const nowMs = this.#clock.monotonic();
    const known = this.#similar.get(group);
    const isFresh = known !== undefined && nowMs - known.lastMs <= SIMILAR_MS;
    const similar = isFresh ? known : { messages: new Set<string>(), lastMs: nowMs };
    similar.lastMs = nowMs;
    remember(this.#similar, group, similar);
    if (similar.messages.has(message)) return false;
    if (similar.messages.size >= SIMILAR_MAX) return true;
    similar.messages.add(message);
    return false;
  }
}

/** Keeps the newest entries; a map remembers the order they were set in. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= CORRELATOR_KEYS_MAX) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
