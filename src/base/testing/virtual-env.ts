/**
 * A world of its own for one test: time stands still until the test moves it, chance comes from a
 * seed, ids count up, and log lines are kept. The same compiled code runs on it as in production.
 */
import type { Env, Log, LogFields, Timer } from "../env.ts";
import { Heap } from "../heap.ts";
import { sleepWith } from "../sleep.ts";

type Pending = {
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
  isCancelled: boolean;
};

/** One kept log line. */
export type LogLine = {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
};

/** A virtual world and the test's grip on it. */
export interface VirtualEnv extends Env {
  /** All log lines so far. */
  readonly lines: readonly LogLine[];
  /** Timers that are set and not cancelled. */
  readonly pendingTimers: number;
  /** Lets everything run that is ready, without moving time. */
  settle(): Promise<void>;
  /** Moves time on, firing timers in order and letting everything run between them. */
  advance(byMs: number): Promise<void>;
  /** Moves time from timer to timer until `condition` holds; throws after `withinMs` (1 h). */
  runUntil(condition: () => boolean, withinMs?: number): Promise<void>;
  /** Shifts the wall clock only, as an operator or NTP would. */
  jumpWallClock(byMs: number): void;
}

/** 2026-01-01T00:00:00Z: where every virtual world begins. */
export const VIRTUAL_EPOCH_MS = 1_767_225_600_000;

/** Turns of the real event loop given to promise chains before the world counts as settled. */
const SETTLE_TURNS = 3;

export function virtualEnv(options: { readonly seed?: number } = {}): VirtualEnv {
  let nowMs = 0;
  let wallOffsetMs = VIRTUAL_EPOCH_MS;
  let order = 0;
  let uuidCount = 0;
  let pendingCount = 0; // set, and neither fired nor cancelled
  const lines: LogLine[] = [];
  const heap = new Heap<Pending>((a, b) => a.atMs - b.atMs || a.order - b.order);
  const random = seededRandom(options.seed ?? 1);

  const settlePending = (pending: Pending): void => {
    if (!pending.isCancelled) pendingCount -= 1;
    pending.isCancelled = true;
  };
  const after = (delayMs: number, fire: () => void): Timer => {
    order += 1;
    const pending = { atMs: nowMs + Math.max(0, delayMs), order, fire, isCancelled: false };
    heap.push(pending);
    pendingCount += 1;
    return { cancel: () => settlePending(pending) };
  };
  const nextPending = (): Pending | undefined => {
    while (heap.peek()?.isCancelled === true) heap.pop();
    return heap.peek();
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < SETTLE_TURNS; turn += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };
  const advance = async (byMs: number): Promise<void> => {
    const endMs = nowMs + byMs;
    await settle();
    for (let next = nextPending(); next !== undefined && next.atMs <= endMs; next = nextPending()) {
      heap.pop();
      nowMs = Math.max(nowMs, next.atMs);
      settlePending(next);
      next.fire();
      await settle();
    }
    nowMs = endMs;
  };

  return {
    clock: { now: () => wallOffsetMs + nowMs, monotonic: () => nowMs },
    timers: {
      after,
      sleep: (delayMs, signal) => sleepWith(after, delayMs, signal),
      yield: () => new Promise((resolve) => setImmediate(resolve)),
    },
    random: {
      next: random,
      bytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)),
    },
    ids: {
      uuid: () => {
        uuidCount += 1;
        return `00000000-0000-4000-8000-${uuidCount.toString(16).padStart(12, "0")}`;
      },
    },
    log: keepingLog(lines, {}),
    lines,
    get pendingTimers(): number {
      return pendingCount;
    },
    settle,
    advance,
    runUntil: async (condition, withinMs = 3_600_000) => {
      const endMs = nowMs + withinMs;
      await settle();
      while (!condition()) {
        const next = nextPending();
        if (next === undefined) throw new Error("nothing is pending and the condition is false");
        if (next.atMs > endMs) throw new Error(`the condition is false after ${withinMs} ms`);
        await advance(next.atMs - nowMs);
      }
    },
    jumpWallClock: (byMs) => {
      wallOffsetMs += byMs;
    },
  };
}

function keepingLog(lines: LogLine[], fixed: LogFields): Log {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields: { ...fixed, ...fields } });
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => keepingLog(lines, { ...fixed, ...fields }),
  };
}

/** splitmix32: 32 bits of state are plenty for a test, and the stream is the same everywhere. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 2 ** 32;
  };
}
