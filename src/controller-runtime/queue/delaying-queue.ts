/**
 * Keys for later: each waits until its time and is then added to the work queue. A key waits at
 * most once, for the earliest of the times asked for and with the highest of the priorities. An
 * add to the work queue is an earlier time: it takes the wait with it. One timer of the Env serves
 * all.
 */
import type { Env, Timer } from "../../base/env.ts";
import { Heap } from "../../base/heap.ts";
import { NORMAL_PRIORITY } from "./priority.ts";
import type { Trigger } from "../sources/source.ts";
import { uniteTriggers } from "./trigger-set.ts";

type Waiting = {
  readonly key: string;
  readonly atMs: number;
  readonly order: number;
  triggers: readonly Trigger[];
  priority: number;
};

/** Takes a key whose time has come. */
export type AddKey = (key: string, triggers: readonly Trigger[], priority: number) => void;

export class DelayingQueue {
  readonly #env: Pick<Env, "clock" | "timers">;
  readonly #add: AddKey;
  /** What each key waits for. The heap also holds later times that were overtaken. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #heap = new Heap<Waiting>((a, b) => a.atMs - b.atMs || a.order - b.order);
  #order = 0;
  #timer: { readonly atMs: number; readonly handle: Timer } | undefined;
  #isClosed = false;

  constructor(env: Pick<Env, "clock" | "timers">, add: AddKey) {
    this.#env = env;
    this.#add = add;
  }

  /** Keys that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** What waits, in no order. */
  waiting(): Iterable<Readonly<Waiting>> {
    return this.#waiting.values();
  }

  /** Adds the key after `delayMs`, or at once if that is not positive. */
  addAfter(
    key: string,
    triggers: readonly Trigger[],
    delayMs: number,
    priority: number = NORMAL_PRIORITY,
  ): void {
    if (this.#isClosed) return;
    if (!(delayMs > 0)) {
      this.#add(key, triggers, priority);
      return;
    }
    const known = this.#waiting.get(key);
    const atMs = this.#env.clock.monotonic() + delayMs;
    const all = uniteTriggers(known?.triggers ?? [], triggers);
    const highest = Math.max(known?.priority ?? priority, priority);
    if (known !== undefined && known.atMs <= atMs) {
      known.triggers = all;
      known.priority = highest;
      return;
    }
    this.#order += 1;
    const waiting = { key, atMs, order: this.#order, triggers: all, priority: highest };
    this.#waiting.set(key, waiting);
    this.#heap.push(waiting);
    this.#arm();
  }

  /** Ends the wait of a key, if it waits: what it would have been added with. */
  take(key: string): Pick<Waiting, "atMs" | "triggers" | "priority"> | undefined {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(key);
    this.#arm();
    return waiting;
  }

  /** Forgets all that waits, and takes nothing more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.clear();
    this.#timer?.handle.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    for (let top = this.#heap.peek(); top !== undefined; top = this.#heap.peek()) {
      if (this.#waiting.get(top.key) === top) break;
      this.#heap.pop(); // overtaken
    }
    const first = this.#heap.peek();
    if (this.#timer?.atMs === first?.atMs) return;
    this.#timer?.handle.cancel();
    this.#timer = undefined;
    if (first === undefined) return;
    const delayMs = first.atMs - this.#env.clock.monotonic();
    const handle = this.#env.timers.after(delayMs, () => this.#fire());
    this.#timer = { atMs: first.atMs, handle };
  }

  #fire(): void {
    this.#timer = undefined;
    const nowMs = this.#env.clock.monotonic();
    for (let top = this.#heap.peek(); top !== undefined && top.atMs <= nowMs;) {
      this.#heap.pop();
      if (this.#waiting.get(top.key) === top) {
        this.#waiting.delete(top.key);
        this.#add(top.key, top.triggers, top.priority);
      }
      top = this.#heap.peek();
    }
    this.#arm();
  }
}
