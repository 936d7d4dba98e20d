/**
 * A world of its own for one test: time stands still until the test moves it, chance comes from a
 * seed, ids count up, and log lines are kept. The same compiled code runs on it as in production.
 */
import type { Env, Log, LogFields } from "../env.ts";
import { seededRandom, type SeededRandom } from "./seeded-random.ts";
import { VirtualTime } from "./virtual-time.ts";

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
  /**
   * Moves time to the next timer that is due within `withinMs`, fires it and lets everything run.
   * False: there is none, and time stands where it stood.
   */
  step(withinMs: number): Promise<boolean>;
  /** Moves time from timer to timer until `condition` holds; throws after `withinMs` (1 h). */
  runUntil(condition: () => boolean, withinMs?: number): Promise<void>;
  /** Shifts the wall clock only, as an operator or NTP would. */
  jumpWallClock(byMs: number): void;
  /** Another world that begins where this one is: its time, chance and ids; not its timers. */
  branch(): VirtualEnv;
}

/** 2026-01-01T00:00:00Z: where every virtual world begins. */
export const VIRTUAL_EPOCH_MS = 1_767_225_600_000;

/** A world at its epoch. */
export function virtualEnv(options: { readonly seed?: number } = {}): VirtualEnv {
  const random = seededRandom((options.seed ?? 1) >>> 0);
  return worldFrom({ nowMs: 0, wallOffsetMs: VIRTUAL_EPOCH_MS, uuidCount: 0, random });
}

/** Where a world begins. */
type Beginning = {
  readonly nowMs: number;
  readonly wallOffsetMs: number;
  readonly uuidCount: number;
  readonly random: SeededRandom;
};

function worldFrom(beginning: Beginning): VirtualEnv {
  let { uuidCount } = beginning;
  const { random } = beginning;
  const lines: LogLine[] = [];
  const time = new VirtualTime(beginning);
  return {
    clock: time.clock,
    timers: time.timers,
    random: {
      next: () => random.next(),
      bytes: (length) => Uint8Array.from({ length }, () => Math.floor(random.next() * 256)),
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
      return time.pendingTimers;
    },
    settle: () => time.settle(),
    advance: (byMs) => time.advance(byMs),
    step: (withinMs) => time.step(withinMs),
    runUntil: (condition, withinMs = 3_600_000) => time.runUntil(condition, withinMs),
    jumpWallClock: (byMs) => time.jumpWallClock(byMs),
    branch: () => {
      const { nowMs, wallOffsetMs } = time;
      return worldFrom({ nowMs, wallOffsetMs, uuidCount, random: seededRandom(random.state()) });
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
