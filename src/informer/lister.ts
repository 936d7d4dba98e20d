/** The read side of an informer: what controllers look at. Objects are shared and frozen. */
import type { LabelQuery } from "../machinery/labels.ts";
import type { ObjectKey } from "../machinery/key.ts";
import type { ApiObject, Uid } from "../machinery/object.ts";
import type { TypedIndex } from "./typed-index.ts";

/**
 * The local copy of one kind, to be read without asking a server. Objects are frozen and shared;
 * the present ones may be newer on the server.
 */
export interface Lister<T extends ApiObject> {
  /** The object, or undefined: the view has none. It is frozen. */
  get(key: ObjectKey): T | undefined;
  /** In key order. Default: all namespaces, all objects. */
  list(options?: { readonly namespace?: string; readonly labels?: LabelQuery }): readonly T[];
  /** Objects whose index function gave `value`; the index must have been declared. */
  byIndex(index: string, value: string): readonly T[];
  /** Objects that `index` finds under `value`, in key order; it is built when first asked for. */
  by(index: TypedIndex<T>, value: string): readonly T[];
}

/** Names of the indexes that every informer has. */
export const OWNER_UID_INDEX = "owner-uid";

/** For each object, the values it is found under. */
export type IndexFunctions<T extends ApiObject> = Readonly<
  Record<string, (object: T) => readonly string[]>
>;

/**
 * Lets a writer put its own writes over what the watch has brought, so that it reads them at once.
 * The overlay of a key ends when the watch has passed it.
 */
export interface OwnWrites<T extends ApiObject> {
  /** How many deletions were told here so far. */
  readonly deletions: number;
  /**
   * The reply of a create, update or patch. `sentAfter`: `deletions` when it was sent (default:
   * before all of them). A deleted life that is answered to a later write is there again, as its
   * server was set back; to an earlier one it is of before the deletion, and not shown.
   */
  wrote(object: T, sentAfter?: number): void;
  /** The object with this uid was deleted for good. */
  deleted(key: ObjectKey, uid: Uid): void;
}
