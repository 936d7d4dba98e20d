/** The production door: Node's clock, timers, randomness and standard error. */
import { randomBytes, randomUUID } from "node:crypto";
import type { Clock, Env, Ids, Log, Random, Timer, Timers } from "../env.ts";
import { sleepWith } from "../sleep.ts";
import type { LogSink } from "../log.ts";
import type { LogLevel } from "../log-levels.ts";
import { programLog } from "./log.ts";

/** Node's longest timer is 2^31-1 ms; longer waits are made of several. */
const TIMER_MS_MAX = 2 ** 31 - 1;

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

const timers: Timers = {
  after: startTimer,
  sleep: (delayMs, signal) => sleepWith(startTimer, delayMs, signal),
  yield: () => new Promise((resolve) => setImmediate(resolve)),
};

function startTimer(delayMs: number, fire: () => void): Timer {
  let handle: NodeJS.Timeout;
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(Math.max(leftMs, 0), TIMER_MS_MAX);
    handle = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : fire()), stepMs);
  };
  arm(delayMs);
  return { cancel: () => clearTimeout(handle) };
}

const random: Random = {
  next: () => Math.random(),
  bytes: (length) => new Uint8Array(randomBytes(length)),
};

const ids: Ids = { uuid: () => randomUUID() };

/** What is left open of the real world. */
export type RealEnvOptions = {
  /** The lowest level that is logged (default "info"; `SETPOINT_LOG` goes before it). */
  readonly level?: LogLevel;
  /** Takes the lines of the log, e.g. for pino (default: standard error). See `LogSink`. */
  readonly sink?: LogSink;
  /** A log of one's own, in place of all that. */
  readonly log?: Log;
};

/** The real world: Node's clock, timers and chance, and a log (`SETPOINT_LOG`, `NO_COLOR`). */
export function realEnv({ level, sink, log }: RealEnvOptions = {}): Env {
  return { clock, timers, random, ids, log: log ?? programLog({ level, sink, clock }) };
}
