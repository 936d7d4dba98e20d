/**
 * What one reconcile does, noted while it does it. Most of it is never asked for: so a note refers
 * to what is there already, and texts are made of it when somebody asks.
 */
import type { CauseId } from "../../base/context.ts";
import type { Clock } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import {
  outcomeOf,
  READS_MAX,
  WRITES_MAX,
  type EndedReconcile,
  type ReadRecord,
  type ReconcileRecord,
  type WriteRecord,
} from "../../trace/reconcile-record.ts";
import { triggerText } from "../queue/trigger-set.ts";
import type { Turn } from "../queue/work-queue.ts";
import type { TracedEnd } from "../tracing/tracing.ts";

/** Whose notes they are. */
export type NotedTurn = {
  readonly controller: string;
  readonly turn: Turn;
  readonly id: CauseId;
};

/** A list that was read. */
export type ListRead = {
  /** Which objects, in words. */
  readonly selector: string;
  readonly count: number;
  /** That the view had seen. */
  readonly revision: number;
};

type ReadNote = ObjectNote | ({ readonly kind: "list"; readonly type: ResourceType } & ListRead);

type ObjectNote = {
  readonly kind: "object";
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
};

/** How it ended, or how far it has come. */
type Standing = Pick<ReconcileRecord, "result" | "error" | "againInMs" | "endMs" | "durationMs">;

export class TurnNotes {
  readonly #of: NotedTurn;
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #reads: ReadNote[] = [];
  readonly #writes: WriteRecord[] = [];
  #readsDropped = 0;
  #writesDropped = 0;
  #isOver = false;

  constructor(of: NotedTurn, clock: Clock) {
    this.#of = of;
    this.#clock = clock;
    this.#startMs = clock.monotonic();
  }

  /** `revision` 0: there is none. The same state read again is no news. */
  readObject(type: ResourceType, { namespace, name }: ObjectKey, revision: number): void {
    if (this.#isOver) return; // what it has left running reads for nobody
    for (const read of this.#reads) {
      if (read.revision !== revision || read.kind !== "object") continue;
      if (read.type.kind !== type.kind || read.name !== name) continue;
      if (read.namespace === namespace) return;
    }
    this.#note({ kind: "object", type, namespace, name, revision });
  }

  readList(type: ResourceType, { selector, count, revision }: ListRead): void {
    if (this.#isOver) return;
    for (const read of this.#reads) {
      if (read.revision !== revision || read.kind !== "list") continue;
      if (read.type.kind !== type.kind || read.count !== count) continue;
      if (read.selector === selector) return;
    }
    this.#note({ kind: "list", type, selector, count, revision });
  }

  wrote(write: WriteRecord): void {
    if (this.#writes.length < WRITES_MAX) this.#writes.push(write);
    else this.#writesDropped += 1;
  }

  /** Nothing is noted any more. */
  end(end: TracedEnd): EndedReconcile {
    this.#isOver = true;
    const { controller, id } = this.#of;
    const standing = this.#standing(end);
    const { durationMs, error } = standing;
    const [writes, writesDropped] = [this.#writes, this.#writesDropped];
    const outcome = outcomeOf({ error, writes, writesDropped });
    let told: ReconcileRecord | undefined;
    const record = (): ReconcileRecord => (told ??= this.#record(standing));
    return { controller, id, durationMs, outcome, record };
  }

  /** While it runs. */
  soFar(): ReconcileRecord {
    return this.#record(this.#standing({ result: "still runs" }));
  }

  #note(read: ReadNote): void {
    if (this.#reads.length < READS_MAX) this.#reads.push(read);
    else this.#readsDropped += 1;
  }

  #standing({ result, error, againInMs }: TracedEnd): Standing {
    return {
      result,
      ...(error === undefined ? {} : { error: errorText(error) }),
      ...(againInMs === undefined ? {} : { againInMs }),
      endMs: this.#clock.now(),
      durationMs: this.#clock.monotonic() - this.#startMs,
    };
  }

  #record(standing: Standing): ReconcileRecord {
    const { controller, turn, id } = this.#of;
    return {
      controller,
      key: turn.key,
      id,
      causes: turn.triggers.map(triggerText),
      reads: this.#reads.map(readRecord),
      readsDropped: this.#readsDropped,
      writes: [...this.#writes],
      writesDropped: this.#writesDropped,
      ...standing,
    };
  }
}

function readRecord(note: ReadNote): ReadRecord {
  const apiVersion = apiVersionOf(note.type);
  const { kind } = note.type;
  if (note.kind === "list") {
    const { selector, count, revision } = note;
    return { kind: "list", apiVersion, of: kind, selector, count, revision };
  }
  const { namespace, name, revision } = note;
  return { kind: "object", object: { apiVersion, kind, namespace, name }, revision };
}
