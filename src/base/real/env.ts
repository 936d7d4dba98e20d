/** The production door: Node's clock, timers, randomness and standard error. */
import { randomBytes, randomUUID } from "node:crypto";
import type { Clock, Env, Ids, Log, Random, Timer, Timers } from "../env.ts";
import { sleepWith } from "../sleep.ts";
import { jsonLog, type LogLevel } from "./log.ts";

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

/** The real world. `level` is the lowest level logged (default "info"). */
export function realEnv(options: { readonly level?: LogLevel; readonly log?: Log } = {}): Env {
  const log = options.log ?? jsonLog({ level: options.level ?? "info", clock });
  return { clock, timers, random, ids, log };
}
