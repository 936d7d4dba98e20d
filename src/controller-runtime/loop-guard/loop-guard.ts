/**
 * A breaker for keys that go round in circles (`key-history.ts`). Such a key is not stopped but
 * slowed down: what only echoes its own writes, or takes part in the fight, waits for a delay that
 * doubles with each further circle. What is new from outside passes at once. A look that has
 * nothing to write closes the breaker again.
 */
import type { Clock, Env } from "../../base/env.ts";
import type { Counter, Metrics } from "../../base/metrics.ts";
import type { Informers } from "../../informer/informers.ts";
import type { Turn } from "../queue/work-queue.ts";
import { KeyHistory, type Flapping, type LoopKind, type Waking } from "./key-history.ts";
import { OwnEvents } from "./own-events.ts";
import type { Write } from "./write-witness.ts";

export const CIRCLES_MAX = 20;
export const WINDOW_MS = 60_000;
export const DELAY_MS_MIN = 1_000;
export const DELAY_MS_MAX = 60_000;

/** Keys whose writes are remembered; beyond, the one that was quiet for longest is forgotten. */
export const GUARDED_KEYS_MAX = 10_000;

/** Turns between two looks for keys that can be forgotten. */
const SWEEP_TURNS = 256;

const LOOP_KINDS: readonly LoopKind[] = ["field-fight", "own-writes"];

/** When a key counts as going round in circles, and how much it is slowed down then. */
export type LoopGuardOptions = {
  /** Reconciles in a circle within the window that are let pass (default 20). */
  readonly circlesMax?: number;
  /** Default 60 s. */
  readonly windowMs?: number;
  /** First delay of a key that goes round in circles (default 1 s), doubling up to `delayMsMax`. */
  readonly delayMsMin?: number;
  /** Default 60 s. */
  readonly delayMsMax?: number;
};

/** A key has begun to be slowed down. */
export type Trip = {
  readonly kind: LoopKind;
  readonly flapping: Flapping;
  readonly delayMs: number;
};

export type Admission =
  | { readonly kind: "run"; readonly waking: Waking | undefined }
  | { readonly kind: "hold"; readonly delayMs: number; readonly trip: Trip | undefined };

type Guarded = { readonly history: KeyHistory; slow: Slow | undefined; endedMs: number };

/** An open breaker: until when echoes wait, and how long it was for. */
type Slow = { readonly untilMs: number; readonly delayMs: number; readonly kind: LoopKind };

/** A key that is slowed down, and why. */
export type SlowKey = {
  readonly key: string;
  readonly kind: LoopKind;
  readonly delayMs: number;
};

export class LoopGuard {
  readonly #options: Required<LoopGuardOptions>;
  readonly #informers: Informers;
  readonly #own = new OwnEvents();
  readonly #keys = new Map<string, Guarded>(); // in the order of their last writes
  readonly #trips: Counter;
  readonly #controller: string;
  readonly #clock: Clock;
  #kept = 0;

  constructor(
    controller: string,
    options: LoopGuardOptions,
    deps: {
      readonly informers: Informers;
      readonly metrics: Metrics;
      readonly env: Pick<Env, "clock">;
    },
  ) {
    for (const [name, value] of Object.entries(options)) {
      if (value > 0) continue;
      throw new RangeError(`${controller}: loopGuard.${name} must be positive, not ${value}`);
    }
    this.#options = {
      circlesMax: options.circlesMax ?? CIRCLES_MAX,
      windowMs: options.windowMs ?? WINDOW_MS,
      delayMsMin: options.delayMsMin ?? DELAY_MS_MIN,
      delayMsMax: options.delayMsMax ?? DELAY_MS_MAX,
    };
    this.#informers = deps.informers;
    this.#controller = controller;
    this.#clock = deps.env.clock;
    const [trips, slowed] = [
      "controller_runtime_reconcile_loops_total",
      "controller_runtime_slowed_keys",
    ];
    this.#trips = deps.metrics.counter(trips, "Keys that were found to go round in circles");
    for (const kind of LOOP_KINDS) this.#trips.add({ controller, kind }, 0);
    const gauge = deps.metrics.gauge(slowed, "Keys that are slowed down now");
    gauge.read({ controller }, () => this.slowed);
  }

  /** Keys that are slowed down. */
  get slowed(): number {
    const nowMs = this.#clock.monotonic();
    let count = 0;
    for (const { slow } of this.#keys.values()) if (this.#isSlow(slow, nowMs)) count += 1;
    return count;
  }

  /** Those keys. */
  *slowKeys(): Iterable<SlowKey> {
    const nowMs = this.#clock.monotonic();
    for (const [key, { slow }] of this.#keys) {
      if (slow === undefined || !this.#isSlow(slow, nowMs)) continue;
      yield { key, kind: slow.kind, delayMs: slow.delayMs };
    }
  }

  /** Whether the turn may run now. */
  admit(turn: Turn): Admission {
    const nowMs = this.#clock.monotonic();
    const guarded = this.#keys.get(turn.key);
    if (guarded === undefined) return { kind: "run", waking: undefined };
    const { history } = guarded;
    this.#expire(guarded, nowMs);
    if (!history.isSuspect) return { kind: "run", waking: undefined };
    const waking = history.waking(turn, this.#own, this.#informers);
    if (guarded.slow !== undefined) {
      const delayMs = guarded.slow.untilMs - nowMs;
      if (waking.kind === "news" || delayMs <= 0) return { kind: "run", waking };
      return { kind: "hold", delayMs, trip: undefined };
    }
    const trip = this.#trip(history, waking);
    if (trip === undefined) return { kind: "run", waking };
    const { delayMs, kind } = trip;
    guarded.slow = { untilMs: nowMs + delayMs, delayMs, kind };
    this.#trips.add({ controller: this.#controller, kind: trip.kind });
    return { kind: "hold", delayMs, trip };
  }

  /** The turn has run, and this is what it wrote. Answers whether the key is free again by it. */
  ended(turn: Turn, waking: Waking | undefined, all: readonly Write[]): boolean {
    const nowMs = this.#clock.monotonic();
    const writes = all.filter(hasEffect);
    for (const write of writes) this.#own.wrote(write);
    const known = this.#keys.get(turn.key);
    if (known === undefined && writes.length === 0) return false;
    const guarded = known ?? { history: new KeyHistory(), slow: undefined, endedMs: nowMs };
    guarded.endedMs = nowMs;
    this.#keep(turn.key, guarded);
    const asleep = waking ?? { kind: "news", contested: new Set<string>() };
    const isCircle = guarded.history.ended(turn, asleep, writes, nowMs);
    const { slow } = guarded;
    if (slow === undefined) return false;
    if (isCircle) {
      const delayMs = Math.min(slow.delayMs * 2, this.#options.delayMsMax);
      guarded.slow = { ...slow, untilMs: nowMs + delayMs, delayMs };
      return false;
    }
    if (writes.length > 0 || nowMs < slow.untilMs) return false;
    this.#keys.delete(turn.key);
    return true;
  }

  #trip(history: KeyHistory, waking: Waking): Trip | undefined {
    const { circlesMax, delayMsMin: delayMs } = this.#options;
    const kind = LOOP_KINDS.find((each) => history.strikes[each].length >= circlesMax);
    if (kind === undefined) return undefined;
    // A fight is told when the other has just written: then the object still bears their name.
    const isSeen =
      kind === "field-fight" ? history.isFoughtOver(waking.contested) : waking.kind === "echo";
    const flapping = history.worst(kind);
    return isSeen && flapping !== undefined ? { kind, flapping, delayMs } : undefined;
  }

  /** What is long over counts no more. */
  #expire(guarded: Guarded, nowMs: number): void {
    const { windowMs } = this.#options;
    const { slow } = guarded;
    // Of a key that is slowed down the writes are as far apart as the longest delay.
    const memoryMs = slow === undefined ? windowMs : windowMs + slow.delayMs;
    guarded.history.forgetBefore(nowMs - memoryMs);
    if (!this.#isSlow(slow, nowMs)) guarded.slow = undefined;
  }

  #isSlow(slow: Slow | undefined, nowMs: number): boolean {
    return slow !== undefined && nowMs - slow.untilMs <= this.#options.windowMs;
  }

  #keep(key: string, guarded: Guarded): void {
    this.#keys.delete(key);
    this.#keys.set(key, guarded);
    this.#kept += 1;
    if (this.#kept % SWEEP_TURNS === 0) this.#sweep();
  }

  /** Forgets keys that are quiet, and the longest quiet ones of too many. */
  #sweep(): void {
    const { windowMs, delayMsMax } = this.#options;
    const oldMs = this.#clock.monotonic() - 2 * (windowMs + delayMsMax);
    for (const [key, { endedMs }] of this.#keys) {
      if (endedMs >= oldMs && this.#keys.size <= GUARDED_KEYS_MAX) return;
      this.#keys.delete(key);
    }
  }
}

/** A write that the server found nothing new in makes no new revision, and no event. */
function hasEffect({ kind, before, after }: Write): boolean {
  if (kind !== "change") return true;
  const revision = after?.metadata.resourceVersion;
  return revision === undefined || revision !== before?.metadata.resourceVersion;
}
