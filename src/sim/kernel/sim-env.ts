/** The world as one actor sees it: the kernel's time with its own clock, its own chance and ids. */
import type { Env, Log, LogFields } from "../../base/env.ts";
import { sleepWith } from "../../base/sleep.ts";
import { VIRTUAL_EPOCH_MS } from "../../base/virtual/virtual-env.ts";
import { randomStream } from "../choices/random-stream.ts";
import type { Actor } from "./actor.ts";
import type { Kernel } from "./kernel.ts";

/** A line that an actor logged. */
export type SimLogLine = {
  readonly atMs: number;
  readonly actor: string;
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
};

/** The doors of an actor. `lines`: where what it logs is kept. */
export function simEnv(
  kernel: Kernel,
  actor: Actor,
  options: { readonly seed: number; readonly lines: SimLogLine[] | undefined },
): Env {
  const chance = randomStream(options.seed, `chance of ${actor.name}`);
  const uuids = randomStream(options.seed, `ids of ${actor.name}`);
  const after = (delayMs: number, fire: () => void) => kernel.post(actor, "", delayMs, fire);
  return {
    clock: {
      now: () => VIRTUAL_EPOCH_MS + kernel.nowMs + actor.clockOffsetMs,
      monotonic: () => kernel.nowMs,
    },
    timers: {
      after,
      sleep: (delayMs, signal) => sleepWith(after, delayMs, signal),
      yield: () => new Promise((resolve) => after(0, resolve)),
    },
    random: {
      next: () => chance.next(),
      bytes: (length) => Uint8Array.from({ length }, () => Math.floor(chance.next() * 256)),
    },
    ids: { uuid: () => uuidOf(() => Math.floor(uuids.next() * 2 ** 32)) },
    log: simLog(kernel, actor, options.lines, {}),
  };
}

function uuidOf(word: () => number): string {
  const hex = Array.from({ length: 4 }, () => word().toString(16).padStart(8, "0")).join("");
  const [a, b, c, d] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16), hex.slice(17, 20)];
  return `${a}-${b}-4${c}-8${d}-${hex.slice(20)}`;
}

function simLog(
  kernel: Kernel,
  actor: Actor,
  lines: SimLogLine[] | undefined,
  fixed: LogFields,
): Log {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      if (lines === undefined || !actor.isAlive) return;
      const all = { ...fixed, ...fields };
      lines.push({ atMs: kernel.nowMs, actor: actor.name, level, message, fields: all });
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => simLog(kernel, actor, lines, { ...fixed, ...fields }),
  };
}
