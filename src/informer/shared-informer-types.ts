/** What a shared informer offers; the promises are in `shared-informer.ts`. */
import type { Context } from "../base/context.ts";
import type { Duration } from "../base/duration.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { Lister, OwnWrites } from "./lister.ts";
import type { MemoryFigure } from "./memory.ts";
import type { TypedIndex } from "./typed-index.ts";

/** A change of the local view. */
export type InformerEvent<T extends ApiObject> =
  | { readonly kind: "add"; readonly object: T; readonly isInitial: boolean }
  /** Compare uids: delete and recreate may fold into one update. */
  | { readonly kind: "update"; readonly old: T; readonly object: T }
  /** `isFinalStateUnknown`: the deletion itself was missed; `object` is the last state seen. */
  | { readonly kind: "delete"; readonly object: T; readonly isFinalStateUnknown: boolean };

/** Called in order, one event at a time, after the lister shows the new state. Must not throw. */
export type EventListener<T extends ApiObject> = (event: InformerEvent<T>) => void;

/** How a listener is told. */
export type ListenerOptions = {
  /**
   * How often it is shown all objects again, each as an update whose `old` is its `object`: at
   * least `1s`; a tenth more at random (default: never). Nothing is asked of the server, so this
   * repairs no view; views need no repair. For listeners that bring things outside of Kubernetes in
   * line, which change unseen. A controller has `every` for that, which wakes its own kind alone.
   */
  readonly resyncEvery?: Duration;
};

/** A listener's place with an informer; `remove()` ends it. */
export interface Registration {
  /** Whether the listener got everything that was there when it registered. */
  hasSynced(): boolean;
  /** The listener is told nothing more; a second call does nothing. */
  remove(): void;
}

/** How new a view is. */
export type Freshness = {
  /** The newest revision the watch has told of; 0 before the first list. */
  readonly revision: number;
  /** How many revisions that is behind the newest write of this process; 0: it has passed all. */
  readonly revisionsBehind: number;
  /**
   * Since the server last told anything, be it only that nothing changed, as it does about once a
   * minute; undefined before the first list. More than that: the view may be old.
   */
  readonly silentMs: number | undefined;
};

/** One kind's local copy and its changes, for everyone in the process who asks. */
export interface SharedInformer<T extends ApiObject> {
  /** Reads the view. */
  readonly lister: Lister<T>;
  /** Takes what this process has written, so that it can be read before the watch tells of it. */
  readonly ownWrites: OwnWrites<T>;
  /** Objects that `index` finds under `value`, in key order: `lister.by`. */
  by(index: TypedIndex<T>, value: string): readonly T[];
  /** Tells the listener of all that is there, then of every change. */
  addListener(listener: EventListener<T>, options?: ListenerOptions): Registration;
  /** Whether the first list is in the lister. */
  hasSynced(): boolean;
  /** The newest revision the lister reflects; 0 before the first list. */
  revision(): number;
  /** How new the view is. */
  freshness(): Freshness;
  /** What the view takes: an estimate, made when asked for. */
  memory(): MemoryFigure;
  /** Resolves when synced; rejects when the signal aborts. */
  waitForSync(signal: AbortSignal): Promise<void>;
  /** Lists and watches until the signal aborts. Never ends because of an error. */
  run(context: Context): Promise<void>;
}
