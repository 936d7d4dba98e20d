/** Waiting in virtual time for something to become true. */
import type { Context } from "../base/context.ts";
import type { VirtualEnv } from "../base/virtual/virtual-env.ts";
import { milliseconds, type Duration } from "../controller-runtime/declared/duration.ts";
import type { Store } from "../store/store.ts";
import { restless, WRITES_MAX } from "./restless.ts";

/** How long `eventually` waits. */
export type EventuallyOptions = {
  /** Of virtual time (default 5 minutes). */
  readonly within?: Duration;
};

/** What was awaited did not come; the message says what was there instead. */
export class NotSeenError extends Error {
  override readonly name = "NotSeenError";
}

/** Turns without a write after which nothing is under way but timers. */
const QUIET_TURNS = 5;
const WITHIN_MS = 5 * 60_000;
const LOG_LINES = 10;
const TEXT_LENGTH_MAX = 2_000;

/** What is waited in. */
export type World = {
  readonly env: VirtualEnv;
  readonly store: Store;
  readonly context: Context;
};

/** Lets everything run that needs no time. Throws `RestlessError` if that has no end. */
export async function quiet({ env, store, context }: World): Promise<void> {
  let before = store.status().revision;
  const restlessAt = before + WRITES_MAX;
  for (let turns = 0; turns < QUIET_TURNS;) {
    await env.settle();
    const { revision } = store.status();
    if (revision > restlessAt) throw await restless(store, context);
    turns = revision === before ? turns + 1 : 0;
    before = revision;
  }
}

/**
 * The first value `read` gives that is as wanted. Between two looks everything runs that can, and
 * time moves to the next timer only when nothing else is left to do.
 */
export async function eventually<T>(
  read: () => Promise<T>,
  isWanted: (value: T) => boolean,
  world: World,
  { within = WITHIN_MS }: EventuallyOptions = {},
): Promise<T> {
  const { env } = world;
  const endMs = env.clock.monotonic() + milliseconds(within);
  for (;;) {
    await quiet(world);
    const value = await read();
    if (isWanted(value)) return value;
    const leftMs = endMs - env.clock.monotonic();
    if (!(await env.step(leftMs))) throw new NotSeenError(explain(value, within, env));
  }
}

/** Moves time on until the work has ended: some of what a server does takes a moment. */
export async function driven<T>(work: Promise<T>, world: World): Promise<T> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  work.then(end, end);
  for (;;) {
    await quiet(world);
    if (isOver || !(await world.env.step(WITHIN_MS))) return work;
  }
}

function explain(value: unknown, within: Duration, env: VirtualEnv): string {
  const seen = JSON.stringify(value, undefined, 2) ?? "nothing";
  const lines = env.lines
    .filter(({ level }) => level === "warn" || level === "error")
    .slice(-LOG_LINES)
    .map(({ level, message, fields }) => `  ${level}: ${message} ${textOf(fields)}`);
  const log = lines.length === 0 ? "" : `\nThe last warnings of the world:\n${lines.join("\n")}`;
  const length = typeof within === "number" ? `${within} ms` : within;
  return `not seen within ${length}; last: ${seen.slice(0, TEXT_LENGTH_MAX)}${log}`;
}

function textOf(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      const text = value instanceof Error ? `${value.name}: ${value.message}` : value;
      return `${name}=${typeof text === "string" ? text : JSON.stringify(text)}`;
    })
    .join(" ")
    .slice(0, TEXT_LENGTH_MAX);
}
