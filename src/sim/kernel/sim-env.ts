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
    ids: { uuid: () => uuidOf(uuids) },
    log: options.lines === undefined ? SILENT : simLog(kernel, actor, options.lines, {}),
  };
}

function uuidOf(chance: { next(): number }): string {
  const [a, b] = [wordOf(chance), wordOf(chance)];
  const [c, d] = [wordOf(chance), wordOf(chance)];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

/** 32 bits in hexadecimal. */
function wordOf(chance: { next(): number }): string {
  const text = Math.floor(chance.next() * 2 ** 32).toString(16);
  return text.length === 8 ? text : text.padStart(8, "0");
}

/** For runs of which nobody keeps lines. */
const SILENT: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  with: () => SILENT,
};

function nothing(): void {
  // Nobody reads it.
}

function simLog(kernel: Kernel, actor: Actor, lines: SimLogLine[], fixed: LogFields): Log {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      if (!actor.isAlive) return;
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
