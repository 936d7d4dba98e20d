/** What a shared informer offers; the promises are in `shared-informer.ts`. */
import type { Context } from "../base/context.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { Lister, OwnWrites } from "./lister.ts";

/** A change of the local view. */
export type InformerEvent<T extends ApiObject> =
  | { readonly kind: "add"; readonly object: T; readonly isInitial: boolean }
  /** Compare uids: delete and recreate may fold into one update. */
  | { readonly kind: "update"; readonly old: T; readonly object: T }
  /** `isFinalStateUnknown`: the deletion itself was missed; `object` is the last state seen. */
  | { readonly kind: "delete"; readonly object: T; readonly isFinalStateUnknown: boolean };

/** Called in order, one event at a time, after the lister shows the new state. Must not throw. */
export type EventListener<T extends ApiObject> = (event: InformerEvent<T>) => void;

export interface Registration {
  /** Whether the listener got everything that was there when it registered. */
  hasSynced(): boolean;
  remove(): void;
}

export interface SharedInformer<T extends ApiObject> {
  readonly lister: Lister<T>;
  readonly ownWrites: OwnWrites<T>;
  addListener(listener: EventListener<T>): Registration;
  /** Whether the first list is in the lister. */
  hasSynced(): boolean;
  /** The newest revision the lister reflects; 0 before the first list. */
  revision(): number;
  /** Resolves when synced; rejects when the signal aborts. */
  waitForSync(signal: AbortSignal): Promise<void>;
  /** Lists and watches until the signal aborts. Never ends because of an error. */
  run(context: Context): Promise<void>;
}
