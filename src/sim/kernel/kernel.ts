/**
 * One thread for a whole system: everything that takes time, or comes from elsewhere, is an event
 * of one heap. The kernel fires the next one, lets everything run that follows from it without
 * time, and looks again. Nothing else moves the clock.
 */
import type { Timer } from "../../base/env.ts";
import { Heap } from "../../base/heap.ts";
import { rejectionsGoTo } from "../../base/real/rejections.ts";
import { realTurn } from "../../base/virtual/real-turn.ts";
import type { Choices } from "../choices/choices.ts";
import type { Actor } from "./actor.ts";
import type { EventLog } from "./event-log.ts";
import type { StepWatch } from "./step-watch.ts";

type Pending = {
  /** Of steps that are watched: what it is called in every order of them. */
  readonly id: string;
  atMs: number;
  /** When it was due before its actor was paused. */
  readonly dueMs: number;
  readonly order: number;
  readonly actor: Actor;
  readonly what: string;
  readonly fire: () => void;
  isOver: boolean;
};

/** Events without any time passing that no system at rest makes. */
const EVENTS_AT_ONCE_MAX = 20_000;

/** The system goes on and on without time passing. */
export class EndlessTurnError extends Error {
  override readonly name = "EndlessTurnError";
}

export class Kernel {
  readonly choices: Choices;
  readonly log: EventLog;
  readonly #heap = new Heap<Pending>(
    (a, b) => a.atMs - b.atMs || a.dueMs - b.dueMs || a.order - b.order,
  );
  readonly #ordersEvents: boolean;
  /** Is told of each step and of what it touches. */
  readonly steps: StepWatch | undefined;
  readonly #actors = new Set<Actor>();
  readonly #posts = new Map<string, number>();
  /** Is told of errors that nobody handles in the turn of an actor. Unset: they end the run. */
  onUncaught: ((actor: Actor, error: unknown) => void) | undefined;
  #acting: Actor | undefined;
  #nowMs = 0;
  #lastArrivalMs = 0;
  #order = 0;
  #atOnce = 0;

  /** `ordersEvents`: which of several due events comes first is a decision (class "order"). */
  constructor(
    parts: { readonly choices: Choices; readonly log: EventLog },
    options: { readonly ordersEvents: boolean; readonly steps?: StepWatch | undefined },
  ) {
    this.choices = parts.choices;
    this.log = parts.log;
    this.#ordersEvents = options.ordersEvents;
    this.steps = options.steps;
  }

  /** Milliseconds since the run began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** When the last of what takes its time under way arrives; timers aside. */
  get lastArrivalMs(): number {
    return this.#lastArrivalMs;
  }

  /**
   * Calls `fire` after `delayMs`, unless the actor has died by then; one that is paused meets it
   * when it goes on. `what` is for the log; a timer has none.
   */
  post(actor: Actor, what: string, delayMs: number, fire: () => void): Timer {
    this.#order += 1;
    const atMs = this.#nowMs + Math.max(0, delayMs);
    const order = this.#order;
    const id = this.#noted(actor, atMs);
    const pending = { id, atMs, dueMs: atMs, order, actor, what, fire, isOver: false };
    this.#heap.push(pending);
    const isSlow = what !== "" && delayMs > 0;
    if (isSlow) this.#lastArrivalMs = Math.max(this.#lastArrivalMs, atMs);
    return {
      cancel: () => {
        pending.isOver = true;
      },
    };
  }

  /** Fires the next event that is due by `untilMs`. False: there is none, and it is then. */
  async step(untilMs: number): Promise<boolean> {
    const next = this.#next(untilMs);
    if (next === undefined) {
      this.#nowMs = Math.max(this.#nowMs, untilMs);
      return false;
    }
    this.#atOnce = next.atMs > this.#nowMs ? 0 : this.#atOnce + 1;
    if (this.#atOnce > EVENTS_AT_ONCE_MAX) {
      throw new EndlessTurnError(
        `${EVENTS_AT_ONCE_MAX} events and no time has passed; the last: ` +
          `${next.actor.name}: ${next.what === "" ? "a timer" : next.what}`,
      );
    }
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.isOver = true;
    this.log.add(this.#nowMs, next.actor.name, next.what);
    this.steps?.begins({ id: next.id, actor: next.actor.name, atMs: this.#nowMs });
    this.#fire(next);
    await realTurn();
    if (this.steps !== undefined) this.#noteDeaths(this.steps);
    return true;
  }

  /** Timers of this actor that have not gone off yet, and were not cancelled. */
  timersOf(actor: Actor): number {
    let count = 0;
    for (const pending of this.#heap.items()) {
      if (pending.actor === actor && pending.what === "" && !pending.isOver) count += 1;
    }
    return count;
  }

  #fire({ actor, fire }: Pending): void {
    this.#acting = actor;
    rejectionsGoTo(this.#uncaught);
    if (this.onUncaught === undefined) {
      fire();
      return;
    }
    try {
      fire();
    } catch (error) {
      this.onUncaught(actor, error);
    }
  }

  /** What the dead leave undone is no fault of theirs. */
  readonly #uncaught = (error: unknown): void => {
    const actor = this.#acting;
    if (actor?.isAlive === true) this.onUncaught?.(actor, error);
  };

  /** Lets everything run that is ready, without an event. */
  async settle(): Promise<void> {
    await realTurn();
  }

  /** The name of an event that is posted: the actor, the time, and its number there. */
  #noted(actor: Actor, atMs: number): string {
    if (this.steps === undefined) return "";
    this.#actors.add(actor);
    const about = `${actor.name} at ${atMs}`;
    const count = (this.#posts.get(about) ?? 0) + 1;
    this.#posts.set(about, count);
    const id = `${about}#${count}`;
    this.steps.posted(id, actor.name, atMs);
    return id;
  }

  #noteDeaths(steps: StepWatch): void {
    for (const actor of this.#actors) {
      if (actor.isAlive) continue;
      steps.touched(`actor ${actor.name}`);
      this.#actors.delete(actor);
    }
  }

  #next(untilMs: number): Pending | undefined {
    for (;;) {
      const next = this.#heap.peek();
      if (next === undefined || next.atMs > untilMs) return undefined;
      this.#heap.pop();
      if (!this.#isDue(next)) continue;
      return this.#ordersEvents ? this.#chosen(next) : next;
    }
  }

  /** Whether it comes now. What meets a paused actor is put back until that goes on. */
  #isDue(next: Pending): boolean {
    if (next.isOver || !next.actor.isAlive) return false;
    if (next.actor.pausedUntilMs <= next.atMs) return true;
    next.atMs = next.actor.pausedUntilMs; // in the old order among those that wait
    this.#heap.push(next);
    return false;
  }

  /** Of the events of other actors that are due at the same time, one may come first. */
  #chosen(first: Pending): Pending {
    const others: Pending[] = [];
    const taken = new Set([first.actor]);
    const back: Pending[] = [];
    for (let next = this.#heap.peek(); next?.atMs === first.atMs; next = this.#heap.peek()) {
      this.#heap.pop();
      if (!this.#isDue(next)) continue;
      back.push(next);
      if (taken.has(next.actor)) continue;
      taken.add(next.actor);
      others.push(next);
    }
    const names = others.map(({ actor }) => `${actor.name} first`);
    this.steps?.choosing([first, ...others].map(({ id }) => id));
    const about = `${first.actor.name} ${first.what}`;
    const picked = others.length === 0 ? "" : this.choices.choose("order", about, ["", ...names]);
    const chosen = others.find(({ actor }) => `${actor.name} first` === picked) ?? first;
    for (const event of [first, ...back]) if (event !== chosen) this.#heap.push(event);
    return chosen;
  }
}
