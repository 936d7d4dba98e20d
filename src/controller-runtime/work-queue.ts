/**
 * Fair and stingy: keys leave in the order they came, a key is with at most one worker, and all
 * adds before its turn count as one. The causes of those adds are united, so that a worker knows
 * everything that led to its turn. Knows no clock: delays and back-off are wrapped around it.
 *
 *     add a, add b, add a      turns: a b     (one turn for a, with both causes)
 *     take -> a, add a         turns: b       (a is active: it waits, wanted, outside the turns)
 *     done a                   turns: b a     (now it gets its turn, behind b)
 *
 * Invariant: a key is in #turns exactly when it is wanted and not active.
 */
import { assert } from "../base/assert.ts";
import { Fifo } from "../base/fifo.ts";
import type { Trigger } from "./source.ts";
import { uniteTriggers } from "./trigger-set.ts";

/** A key handed to a worker, who answers with `done(key)`. */
export type Turn = {
  readonly key: string;
  readonly triggers: readonly Trigger[];
  /** The stamp of the first of the adds that this turn answers. */
  readonly stamp: number;
};

type Wanted = Omit<Turn, "key">;

/** What becomes of keys that are queued when the queue closes. */
export type Leftovers = "serve" | "drop";

export class WorkQueue {
  readonly #turns = new Fifo<string>();
  readonly #wanted = new Map<string, Wanted>(); // added, and not taken since
  readonly #active = new Set<string>(); // with a worker
  readonly #takers = new Fifo<(turn: Turn | undefined) => void>();
  readonly #drainers = new Fifo<() => void>();
  #isClosed = false;

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#turns.size;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Whether the key was not wanted before. A closed queue takes nothing. `stamp` is the caller's,
   * given back with the turn: a time, if the caller has a clock.
   */
  add(key: string, triggers: readonly Trigger[], stamp = 0): boolean {
    if (this.#isClosed) return false;
    const known = this.#wanted.get(key);
    const all = uniteTriggers(known?.triggers ?? [], triggers);
    this.#wanted.set(key, { triggers: all, stamp: known?.stamp ?? stamp });
    if (known !== undefined) return false;
    if (!this.#active.has(key)) this.#giveTurn(key); // else done() gives it a turn
    return true;
  }

  /** The next turn, if there is one. */
  take(): Turn | undefined {
    const key = this.#turns.shift();
    if (key === undefined) return undefined;
    const wanted = this.#wanted.get(key);
    assert(wanted !== undefined, "a key in turn is wanted");
    assert(!this.#active.has(key), "a key is with at most one worker");
    this.#wanted.delete(key);
    this.#active.add(key);
    return { key, ...wanted };
  }

  /** Waits for a turn. Undefined: the queue is closed and has nothing left to give. */
  next(): Promise<Turn | undefined> {
    const turn = this.take();
    if (turn !== undefined) return Promise.resolve(turn);
    if (this.#isClosed && this.#wanted.size === 0) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** The worker is finished with the key; if it was added meanwhile, it gets another turn. */
  done(key: string): void {
    assert(this.#active.has(key), "done() answers one take()");
    this.#active.delete(key);
    if (this.#wanted.has(key)) this.#giveTurn(key);
    this.#settle();
  }

  /** Refuses adds from now on. Active keys are still answered by `done()`. */
  close(leftovers: Leftovers): void {
    this.#isClosed = true;
    if (leftovers === "drop") {
      this.#turns.clear();
      this.#wanted.clear();
    }
    this.#settle();
  }

  /** Resolves when the queue is closed, nothing is queued and no key is with a worker. */
  drained(): Promise<void> {
    if (this.#isDrained()) return Promise.resolve();
    return new Promise((resolve) => this.#drainers.push(resolve));
  }

  #giveTurn(key: string): void {
    this.#turns.push(key);
    const taker = this.#takers.shift();
    if (taker !== undefined) taker(this.take());
  }

  #isDrained(): boolean {
    return this.#isClosed && this.#wanted.size === 0 && this.#active.size === 0;
  }

  /** Lets go of those who wait, once nothing can come for them. */
  #settle(): void {
    if (!this.#isClosed || this.#wanted.size > 0) return;
    for (let free = this.#takers.shift(); free !== undefined; free = this.#takers.shift()) {
      free(undefined);
    }
    if (!this.#isDrained()) return;
    for (let free = this.#drainers.shift(); free !== undefined; free = this.#drainers.shift())
      free();
  }
}
