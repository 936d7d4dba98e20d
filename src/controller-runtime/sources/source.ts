/**
 * What wakes a controller. A source turns things that happen into keys; it decides nothing and
 * reads nothing, so a lost or repeated event costs time, never correctness.
 */
import type { Context } from "../../base/context.ts";
import type { ObjectKey } from "../../machinery/key.ts";

/** Why a key is queued; a queue entry keeps the set of them. */
export type Trigger =
  /** A watch event at this revision, of this object (`Pod default/web-1`). */
  | {
      readonly kind: "event";
      readonly revision: number;
      readonly object: string;
      /** Of the object that is reconciled: its spec is another one since. */
      readonly isNewSpec?: true;
    }
  /**
   * Something in another cluster of a fleet: an event of this object, or, without one, of the
   * cluster itself. Its revisions mean nothing here.
   */
  | { readonly kind: "cluster"; readonly cluster: string; readonly object: string }
  /** The first list of an informer. */
  | { readonly kind: "initial" }
  /** A requeue the reconciler asked for. */
  | { readonly kind: "timer" }
  /** A periodic source: it looks at everything every so often. */
  | { readonly kind: "resync" }
  /** Something that is no object of the API has changed, e.g. which kinds are served. */
  | { readonly kind: "external" }
  /** The last reconcile failed. */
  | { readonly kind: "retry" };

/** `priority`: a whole number, the higher first (default 0). */
export type Enqueue = (key: ObjectKey, trigger: Trigger, priority?: number) => void;

/**
 * Something that wakes keys of a controller: a watch, a timer, a channel, anything of one's own.
 */
export interface Source {
  /** For logs: `Pod (owned)`. */
  readonly name: string;
  /** Begins to call `enqueue`, until the signal aborts. Returns at once. */
  start(enqueue: Enqueue, context: Context): void;
  /** Lives beside the workers until the signal aborts. Absent: it has no tasks of its own. */
  run?(enqueue: Enqueue, context: Context): Promise<void>;
  /**
   * Whether its tasks work on objects by themselves: such a controller cannot share its keys with
   * other processes.
   */
  readonly isUnshared?: boolean;
  /** Resolves when all that existed at the start was enqueued. */
  waitForSync(signal: AbortSignal): Promise<void>;
  /** The keys of all that exists now, as at a start. Absent: it cannot tell them again. */
  replay?(): Iterable<ObjectKey>;
}
