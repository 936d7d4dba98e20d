/**
 * Ordered and stingy: urgent keys first, and in the order they came among equals; a key is with at
 * most one worker, and all adds before its turn count as one, with the highest of their priorities.
 * The causes of those adds are united, so that a worker knows everything that led to its turn.
 * Delays and back-off are wrapped around it.
 *
 *     add a, add b, add a      turns: a b     (one turn for a, with both causes)
 *     take -> a, add a         turns: b       (a is active: it waits, wanted, outside the turns)
 *     add c, done a            turns: b a c   (now it gets the place that its add has earned)
 *     add c with priority 1    turns: c b a   (raised: behind all others of that priority)
 *
 * Invariant: a key is in #turns exactly when it is wanted and not active.
 */
import { assert } from "../../base/assert.ts";
import { Fifo } from "../../base/fifo.ts";
import type { Place } from "./place-heap.ts";
import { NORMAL_PRIORITY } from "./priority.ts";
import type { Trigger } from "../sources/source.ts";
import { uniteTriggers } from "./trigger-set.ts";
import { TurnOrder } from "./turn-order.ts";

/** A key handed to a worker, who answers with `done(key)`. */
export type Turn = {
  readonly key: string;
  readonly triggers: readonly Trigger[];
  readonly priority: number;
  /** When the first of the adds came that this turn answers. */
  readonly sinceMs: number;
};

type Wanted = Omit<Turn, "key"> & { readonly order: number };

/** What becomes of keys that are queued when the queue closes. */
export type Leftovers = "serve" | "drop";

export class WorkQueue {
  readonly #now: () => number;
  readonly #turns: TurnOrder;
  readonly #wanted = new Map<string, Wanted>(); // added, and not taken since
  readonly #active = new Set<string>(); // with a worker
  readonly #takers = new Fifo<(turn: Turn | undefined) => void>();
  readonly #drainers = new Fifo<() => void>();
  #order = 0;
  #isClosed = false;

  /**
   * `now`: any clock in milliseconds that never goes back. `tenantOf`: between whom turns are
   * shared; without it keys of one priority have them in the order in which they came.
   */
  constructor(now: () => number, tenantOf?: (key: string) => string) {
    this.#now = now;
    this.#turns = new TurnOrder(tenantOf);
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#turns.size;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Keys of this priority that wait for a worker. */
  depthOf(priority: number): number {
    return this.#turns.depthOf(priority);
  }

  /** Keys that wait for a worker, in no order. */
  waiting(): Iterable<Place> {
    return this.#turns.places();
  }

  /** What has woken a key that was added and not taken since. */
  triggersOf(key: string): readonly Trigger[] {
    return this.#wanted.get(key)?.triggers ?? [];
  }

  /** Whether the key was added and not taken since. */
  isWanted(key: string): boolean {
    return this.#wanted.has(key);
  }

  /** Whether the key was not wanted before. A closed queue takes nothing. */
  add(key: string, triggers: readonly Trigger[], priority: number = NORMAL_PRIORITY): boolean {
    if (this.#isClosed) return false;
    const known = this.#wanted.get(key);
    const all = uniteTriggers(known?.triggers ?? [], triggers);
    const isRaised = known === undefined || priority > known.priority;
    if (isRaised) this.#order += 1;
    const wanted: Wanted = {
      triggers: all,
      priority: isRaised ? priority : known.priority,
      order: isRaised ? this.#order : known.order,
      sinceMs: known?.sinceMs ?? this.#now(),
    };
    this.#wanted.set(key, wanted);
    if (isRaised && !this.#active.has(key)) this.#giveTurn(key, wanted); // else done() does
    return known === undefined;
  }

  /** The next turn, if there is one. */
  take(): Turn | undefined {
    const key = this.#turns.take(this.#now());
    if (key === undefined) return undefined;
    const wanted = this.#wanted.get(key);
    assert(wanted !== undefined, "a key in turn is wanted");
    assert(!this.#active.has(key), "a key is with at most one worker");
    this.#wanted.delete(key);
    this.#active.add(key);
    const { triggers, priority, sinceMs } = wanted;
    return { key, triggers, priority, sinceMs };
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
    this.#turns.done(key);
    const wanted = this.#wanted.get(key);
    if (wanted !== undefined) this.#giveTurn(key, wanted);
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

  #giveTurn(key: string, { priority, order, sinceMs }: Wanted): void {
    this.#turns.remove(key); // it was raised
    this.#turns.add({ key, priority, order, sinceMs });
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
