/** Time that moves only when it is told to. */
import type { Clock, Timer, Timers } from "../env.ts";
import { Heap } from "../heap.ts";
import { sleepWith } from "../sleep.ts";
import { realTurn } from "./real-turn.ts";

type Pending = {
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
  isCancelled: boolean;
};

/** Turns of the real event loop given to promise chains before the world counts as settled. */
const SETTLE_TURNS = 3;

export class VirtualTime {
  readonly #heap = new Heap<Pending>((a, b) => a.atMs - b.atMs || a.order - b.order);
  #nowMs: number;
  #wallOffsetMs: number;
  #order = 0;
  /** Set, and neither fired nor cancelled. */
  #pendingCount = 0;

  constructor(beginning: { readonly nowMs: number; readonly wallOffsetMs: number }) {
    this.#nowMs = beginning.nowMs;
    this.#wallOffsetMs = beginning.wallOffsetMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get wallOffsetMs(): number {
    return this.#wallOffsetMs;
  }

  get pendingTimers(): number {
    return this.#pendingCount;
  }

  readonly clock: Clock = {
    now: () => this.#wallOffsetMs + this.#nowMs,
    monotonic: () => this.#nowMs,
  };

  readonly timers: Timers = {
    after: (delayMs, fire) => this.#after(delayMs, fire),
    sleep: (delayMs, signal) => sleepWith((ms, fire) => this.#after(ms, fire), delayMs, signal),
    yield: realTurn,
  };

  async settle(): Promise<void> {
    for (let turn = 0; turn < SETTLE_TURNS; turn += 1) {
      await realTurn();
    }
  }

  async advance(byMs: number): Promise<void> {
    const endMs = this.#nowMs + byMs;
    await this.settle();
    for (let next = this.#next(); next !== undefined && next.atMs <= endMs; next = this.#next()) {
      this.#heap.pop();
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#settlePending(next);
      next.fire();
      await this.settle();
    }
    this.#nowMs = endMs;
  }

  async step(withinMs: number): Promise<boolean> {
    const next = this.#next();
    if (next === undefined || next.atMs > this.#nowMs + withinMs) return false;
    await this.advance(next.atMs - this.#nowMs);
    return true;
  }

  async runUntil(condition: () => boolean, withinMs: number): Promise<void> {
    const endMs = this.#nowMs + withinMs;
    await this.settle();
    while (!condition()) {
      const next = this.#next();
      if (next === undefined) throw new Error("nothing is pending and the condition is false");
      if (next.atMs > endMs) throw new Error(`the condition is false after ${withinMs} ms`);
      await this.advance(next.atMs - this.#nowMs);
    }
  }

  jumpWallClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  #after(delayMs: number, fire: () => void): Timer {
    this.#order += 1;
    const atMs = this.#nowMs + Math.max(0, delayMs);
    const pending = { atMs, order: this.#order, fire, isCancelled: false };
    this.#heap.push(pending);
    this.#pendingCount += 1;
    return { cancel: () => this.#settlePending(pending) };
  }

  #settlePending(pending: Pending): void {
    if (!pending.isCancelled) this.#pendingCount -= 1;
    pending.isCancelled = true;
  }

  #next(): Pending | undefined {
    while (this.#heap.peek()?.isCancelled === true) this.#heap.pop();
    return this.#heap.peek();
  }
}
