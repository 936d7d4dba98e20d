/**
 * What reconciles did: what woke them, what they read and at which revisions, what they wrote, and
 * what they asked for at their end. Kept in memory, of each controller the newest; who runs
 * controllers fills it, who explains reads it.
 */
import type { ObjectName } from "./facts.ts";

/** Reconciles kept of each controller, unless the log is told otherwise. */
export const RECONCILES_KEPT = 100;
/** Different reads of one reconcile that are kept; the rest are counted. */
export const READS_MAX = 50;
/** Writes of one reconcile that are kept; the rest are counted. */
export const WRITES_MAX = 50;

/** Something that a reconcile read from a view, and how new it was there. */
export type ReadRecord =
  /** `revision` 0: there was none. */
  | { readonly kind: "object"; readonly object: ObjectName; readonly revision: number }
  | {
      readonly kind: "list";
      readonly apiVersion: string;
      readonly of: string;
      /** Which of them, in words: `namespace default`, `owner-uid 1234`. "" is all. */
      readonly selector: string;
      readonly count: number;
      /** That the view had seen. */
      readonly revision: number;
    };

/** Something that a reconcile wrote. */
export type WriteRecord = {
  readonly verb: string;
  readonly object: ObjectName;
  /** That it made; 0: it is not known. */
  readonly revision: number;
  /** The server found nothing to change. */
  readonly isWithoutEffect: boolean;
};

/**
 * One reconcile: what woke it, what it read and wrote, and how it ended. Reads and writes are kept
 * up to a limit; the rest is counted (`readsDropped`, `writesDropped`).
 */
export type ReconcileRecord = {
  readonly controller: string;
  /** "": who asks may not know it. */
  readonly key: string;
  /** As in the causes of what it wrote. */
  readonly id: string;
  /** What woke it: `Pod default/web-1 @42`, `timer`. */
  readonly causes: readonly string[];
  readonly reads: readonly ReadRecord[];
  readonly readsDropped: number;
  readonly writes: readonly WriteRecord[];
  readonly writesDropped: number;
  /** `success`, `requeue_after`, `error`, `cut short`; `still runs`: it has not ended yet. */
  readonly result: string;
  /** Absent: it did not fail. */
  readonly error?: string;
  /** After how long it asked to be run again, or has to, having failed. Absent: not. */
  readonly againInMs?: number;
  /** Milliseconds since the epoch. */
  readonly endMs: number;
  readonly durationMs: number;
};

/** A reconcile that has ended, all of which is told only if somebody asks. */
export interface EndedReconcile {
  readonly controller: string;
  readonly id: string;
  readonly durationMs: number;
  readonly outcome: "failed" | "with effect" | "without effect";
  record(): ReconcileRecord;
}

/** Sums over all reconciles of a controller since the log began. */
export type ControllerFigures = {
  readonly controller: string;
  readonly reconciles: number;
  /** That ended well and changed nothing. */
  readonly withoutEffect: number;
  readonly failed: number;
  readonly busyMs: number;
  /** When the first of them began, in milliseconds since the epoch. */
  readonly sinceMs: number;
  /** The newest, oldest first. */
  readonly recent: readonly ReconcileRecord[];
};

/** One view of a process that controllers read from. */
export type ViewFigure = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly hasSynced: boolean;
  /** The newest revision it has been told of. */
  readonly revision: number;
  /** Since it was told anything; absent: it was never told. */
  readonly silentMs?: number;
  /** Why it last failed. Absent: it works. */
  readonly error?: string;
};

/** What a server is shown of the controllers that run beside it. */
export interface RuntimeInsight {
  readonly reconciles: ReconcileLog;
  views(): readonly ViewFigure[];
}

type Kept = {
  readonly ring: EndedReconcile[];
  readonly sinceMs: number;
  next: number;
  reconciles: number;
  withoutEffect: number;
  failed: number;
  busyMs: number;
};

/** Bounded by the number of controllers. */
export class ReconcileLog {
  readonly #kept = new Map<string, Kept>();
  readonly #byId = new Map<string, EndedReconcile>();
  readonly #watchers: ((id: string) => ReconcileRecord | undefined)[] = [];
  readonly #keptMax: number;

  /** `kept`: reconciles of each controller (default `RECONCILES_KEPT`). */
  constructor(kept: number = RECONCILES_KEPT) {
    if (!(Number.isSafeInteger(kept) && kept > 0)) {
      throw new RangeError(`a log of reconciles keeps at least one of each, not ${kept}`);
    }
    this.#keptMax = kept;
  }

  add(record: ReconcileRecord): void {
    const { controller, id, durationMs } = record;
    const outcome = outcomeOf(record);
    this.addEnded({ controller, id, durationMs, outcome, record: () => record });
  }

  /** The same, for who makes the record when it is asked for. */
  addEnded(ended: EndedReconcile): void {
    const kept = this.#of(ended);
    const oldest = kept.ring[kept.next];
    if (oldest !== undefined) this.#byId.delete(oldest.id);
    kept.ring[kept.next] = ended;
    kept.next = (kept.next + 1) % this.#keptMax;
    this.#byId.set(ended.id, ended);
    kept.reconciles += 1;
    kept.busyMs += ended.durationMs;
    if (ended.outcome === "failed") kept.failed += 1;
    else if (ended.outcome === "without effect") kept.withoutEffect += 1;
  }

  /** Who watches reconciles answers here what one that still runs has done so far. */
  askOfRunning(soFar: (id: string) => ReconcileRecord | undefined): void {
    this.#watchers.push(soFar);
  }

  /** One that still runs is told as far as it has come. Undefined: not kept, or ran elsewhere. */
  find(id: string): ReconcileRecord | undefined {
    const ended = this.#byId.get(id);
    if (ended !== undefined) return ended.record();
    for (const soFar of this.#watchers) {
      const running = soFar(id);
      if (running !== undefined) return running;
    }
    return undefined;
  }

  /** In the order in which they first ran. */
  figures(): readonly ControllerFigures[] {
    return [...this.#kept].map(([controller, { ring, next, ...sums }]) => {
      const recent = [...ring.slice(next), ...ring.slice(0, next)];
      return { controller, ...sums, recent: recent.map((ended) => ended.record()) };
    });
  }

  #of(first: EndedReconcile): Kept {
    const { controller, durationMs } = first;
    const known = this.#kept.get(controller);
    if (known !== undefined) return known;
    const sums = { reconciles: 0, withoutEffect: 0, failed: 0, busyMs: 0 };
    const made: Kept = { ring: [], next: 0, sinceMs: first.record().endMs - durationMs, ...sums };
    this.#kept.set(controller, made);
    return made;
  }
}

/** How it ended, as the sums of its controller count it. */
export function outcomeOf({
  error,
  writes,
  writesDropped,
}: Pick<ReconcileRecord, "writes" | "writesDropped"> & {
  readonly error?: string | undefined;
}): EndedReconcile["outcome"] {
  if (error !== undefined) return "failed";
  const hasEffect = writesDropped > 0 || writes.some(({ isWithoutEffect }) => !isWithoutEffect);
  return hasEffect ? "with effect" : "without effect";
}
