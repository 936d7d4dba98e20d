/**
 * Watches reconciles for a log: who reads a view of this process reads it for the reconcile that is
 * running, which is known by the asynchronous context; who calls the server says so by the id that
 * each call carries as its cause.
 */
import { causeId, type CauseId } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { Ambient } from "../../base/real/ambient.ts";
import type { ReconcileLog } from "../../trace/reconcile-record.ts";
import type { TracedEnd } from "../tracing/tracing.ts";
import { TurnNotes, type NotedTurn } from "./turn-notes.ts";

export class TurnRecorder {
  readonly #log: ReconcileLog;
  readonly #env: Pick<Env, "clock">;
  readonly #running = new Ambient<TurnNotes>();
  readonly #open = new Map<CauseId, TurnNotes>();

  constructor(log: ReconcileLog, env: Pick<Env, "clock">) {
    this.#log = log;
    this.#env = env;
    log.askOfRunning((id) => this.#open.get(causeId(id))?.soFar());
  }

  /** Runs `work`, which is the reconcile of this turn, and writes down what it does. */
  async during(turn: NotedTurn, work: () => Promise<TracedEnd>): Promise<TracedEnd> {
    const notes = new TurnNotes(turn, this.#env.clock);
    this.#open.set(turn.id, notes);
    try {
      const end = await this.#running.run(notes, work);
      this.#log.addEnded(notes.end(end));
      return end;
    } finally {
      this.#open.delete(turn.id);
    }
  }

  /** The reconcile that is running here. Undefined: who reads now does so outside of all. */
  here(): TurnNotes | undefined {
    return this.#running.get();
  }

  /** The running reconcile of this id. */
  of(id: CauseId): TurnNotes | undefined {
    return this.#open.get(id);
  }
}
