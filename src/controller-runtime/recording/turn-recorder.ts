/**
 * Watches reconciles for a log: who reads a view of this process reads it for the reconcile that is
 * running, which is known by the asynchronous context; who calls the server says so by the id that
 * each call carries as its cause.
 */
import { causeId, type CauseId } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import { Ambient } from "../../base/real/ambient.ts";
import {
  READS_MAX,
  WRITES_MAX,
  type ReadRecord,
  type ReconcileLog,
  type ReconcileRecord,
  type WriteRecord,
} from "../../trace/reconcile-record.ts";
import { triggerText } from "../queue/trigger-set.ts";
import type { Turn } from "../queue/work-queue.ts";
import type { TracedEnd } from "../tracing/tracing.ts";

type OpenTurn = {
  readonly controller: string;
  readonly turn: Turn;
  readonly startMs: number;
  readonly reads: Map<string, ReadRecord>;
  readonly writes: WriteRecord[];
  readsDropped: number;
  writesDropped: number;
  isOver: boolean;
};

export class TurnRecorder {
  readonly #log: ReconcileLog;
  readonly #env: Pick<Env, "clock">;
  readonly #running = new Ambient<OpenTurn>();
  readonly #open = new Map<CauseId, OpenTurn>();

  constructor(log: ReconcileLog, env: Pick<Env, "clock">) {
    this.#log = log;
    this.#env = env;
    log.askOfRunning((id) => {
      const open = this.#open.get(causeId(id));
      return open && this.#recordOf(causeId(id), open, { result: "still runs" });
    });
  }

  /** Runs `work`, which is the reconcile of this turn, and writes down what it does. */
  async during(
    { controller, turn, id }: { controller: string; turn: Turn; id: CauseId },
    work: () => Promise<TracedEnd>,
  ): Promise<TracedEnd> {
    const open: OpenTurn = {
      controller,
      turn,
      startMs: this.#env.clock.monotonic(),
      reads: new Map(),
      writes: [],
      readsDropped: 0,
      writesDropped: 0,
      isOver: false,
    };
    this.#open.set(id, open);
    try {
      const end = await this.#running.run(open, work);
      this.#log.add(this.#recordOf(id, open, end));
      return end;
    } finally {
      open.isOver = true; // what it has left running reads for nobody
      this.#open.delete(id);
    }
  }

  #recordOf(
    id: CauseId,
    { controller, turn, startMs, ...done }: OpenTurn,
    { result, error, againInMs }: TracedEnd,
  ): ReconcileRecord {
    const { clock } = this.#env;
    return {
      controller,
      key: turn.key,
      id,
      causes: turn.triggers.map(triggerText),
      reads: [...done.reads.values()],
      readsDropped: done.readsDropped,
      writes: [...done.writes],
      writesDropped: done.writesDropped,
      result,
      ...(error === undefined ? {} : { error: errorText(error) }),
      ...(againInMs === undefined ? {} : { againInMs }),
      endMs: clock.now(),
      durationMs: clock.monotonic() - startMs,
    };
  }

  /** A read from a view. Whoever reads outside of all reconciles is not written down. */
  readHere(read: () => ReadRecord): void {
    const open = this.#running.get();
    if (open !== undefined && !open.isOver) note(open, read());
  }

  /** A read from the server. */
  readFor(id: CauseId, read: ReadRecord): void {
    const open = this.#open.get(id);
    if (open !== undefined) note(open, read);
  }

  wroteFor(id: CauseId, write: WriteRecord): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    if (open.writes.length < WRITES_MAX) open.writes.push(write);
    else open.writesDropped += 1;
  }
}

/** The same state read again is no news. */
function note(open: OpenTurn, read: ReadRecord): void {
  const id =
    read.kind === "list"
      ? `${read.of} ${read.selector} ${read.revision} ${read.count}`
      : `${read.object.kind} ${read.object.namespace}/${read.object.name} ${read.revision}`;
  if (open.reads.has(id)) return;
  if (open.reads.size < READS_MAX) open.reads.set(id, read);
  else open.readsDropped += 1;
}
