/**
 * Keys for later: each waits until its time and is then added to the work queue. A key waits at
 * most once, for the earliest of the times asked for; an add to the work queue itself does not
 * cancel the wait. One timer of the Env serves all.
 */
import type { Env, Timer } from "../base/env.ts";
import { Heap } from "../base/heap.ts";
import type { Trigger } from "./source.ts";
import { uniteTriggers } from "./trigger-set.ts";

type Waiting = {
  readonly key: string;
  readonly atMs: number;
  readonly order: number;
  triggers: readonly Trigger[];
};

export class DelayingQueue {
  readonly #env: Pick<Env, "clock" | "timers">;
  readonly #add: (key: string, triggers: readonly Trigger[]) => void;
  /** What each key waits for. The heap also holds later times that were overtaken. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #heap = new Heap<Waiting>((a, b) => a.atMs - b.atMs || a.order - b.order);
  #order = 0;
  #timer: { readonly atMs: number; readonly handle: Timer } | undefined;
  #isClosed = false;

  constructor(
    env: Pick<Env, "clock" | "timers">,
    add: (key: string, triggers: readonly Trigger[]) => void,
  ) {
    this.#env = env;
    this.#add = add;
  }

  /** Keys that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Adds the key after `delayMs`, or at once if that is not positive. */
  addAfter(key: string, triggers: readonly Trigger[], delayMs: number): void {
    if (this.#isClosed) return;
    if (!(delayMs > 0)) {
      this.#add(key, triggers);
      return;
    }
    const known = this.#waiting.get(key);
    const atMs = this.#env.clock.monotonic() + delayMs;
    const all = uniteTriggers(known?.triggers ?? [], triggers);
    if (known !== undefined && known.atMs <= atMs) {
      known.triggers = all;
      return;
    }
    this.#order += 1;
    const waiting: Waiting = { key, atMs, order: this.#order, triggers: all };
    this.#waiting.set(key, waiting);
    this.#heap.push(waiting);
    this.#arm();
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
    if (first === undefined || this.#timer?.atMs === first.atMs) return;
    this.#timer?.handle.cancel();
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
        this.#add(top.key, top.triggers);
      }
      top = this.#heap.peek();
    }
    this.#arm();
  }
}
