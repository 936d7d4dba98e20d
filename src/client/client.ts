/**
 * Typed reads and writes of API objects over a `Transport`. Refusals are thrown as `StatusError`;
 * a missing answer as `TransportError`.
 */
import type { Context } from "../base/context.ts";
import type { ObjectKey } from "../machinery/key.ts";
import type { ApiList, ApiObject } from "../machinery/object.ts";
import type { Status } from "../machinery/status.ts";
import type { WatchEvent } from "../machinery/watch-event.ts";
import type { ObjectInput } from "./object-input.ts";
import type { ResourceType } from "./resource-type.ts";

/** Which objects are listed, and how new they must be (default: all of the kind, as of now). */
export type ListOptions = {
  /** Default: all namespaces. */
  readonly namespace?: string;
  /** Query form, e.g. `app=web`. */
  readonly labelSelector?: string;
  /** Query form, e.g. `spec.nodeName=node-1`. Only fields that the kind lets be selected by. */
  readonly fieldSelector?: string;
  /** Objects in one page (default: all in one answer). */
  readonly limit?: number;
  /**
   * `metadata.continue` of the page before this one. Refused with `Expired` when that is too old.
   */
  readonly continue?: string;
  /**
   * How new the answer must be: not older than this; `"0"`: whatever the server has at hand
   * (default: the newest there is).
   */
  readonly resourceVersion?: string;
  /** `Exact`: as it was at `resourceVersion`, as long as the server remembers that. */
  readonly resourceVersionMatch?: "Exact" | "NotOlderThan";
};

/**
 * Which objects are watched, and from where on: events after `resourceVersion`, or after all that
 * is there (`sendInitialEvents`).
 */
export type WatchOptions = Omit<ListOptions, "limit" | "continue"> & {
  /** Asks for events that only say how far the stream is (default false). */
  readonly allowWatchBookmarks?: boolean;
  /** Begins with all that is there, up to a bookmark that says so (default false). */
  readonly sendInitialEvents?: boolean;
  /** When the server ends the stream (default: it chooses, some minutes to hours). */
  readonly timeoutSeconds?: number;
};

/** What goes beside an object that is written. */
export type WriteOptions = {
  /** Name of the writer in managedFields and causes (default: the client's). */
  readonly fieldManager?: string;
  /** All checks and defaults, and the answer; nothing is kept (default false). */
  readonly dryRun?: boolean;
  /** What a server does with fields it does not know: drop them, warn (its default), or refuse. */
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict";
};

/** How an object is deleted. Default: it goes as soon as its grace period and finalizers allow. */
export type DeleteOptions = {
  /**
   * How long a pod gets to end (default: what it says itself, which is 30 s unless told). 0: at
   * once.
   */
  readonly gracePeriodSeconds?: number;
  /**
   * What becomes of what it owns: deleted after it (`Background`, the default of most kinds),
   * before it (`Foreground`), or left (`Orphan`).
   */
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  /** Refused with `Conflict` if it is another object of that name, or another version of it. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  /** All checks, no effect (default false). */
  readonly dryRun?: boolean;
};

/**
 * A change of an object, in one of four forms: a JSON patch (RFC 6902), a merge patch (RFC 7386), a
 * strategic merge patch (built-in kinds only; lists are merged by their keys), or server-side
 * apply, which says what the writer wants and leaves alone what others own. `isForced` takes over
 * fields that others own; without it they are a conflict.
 */
export type Patch =
  | { readonly kind: "json"; readonly operations: readonly unknown[] }
  | { readonly kind: "merge"; readonly patch: unknown }
  | { readonly kind: "strategic"; readonly patch: unknown }
  | { readonly kind: "apply"; readonly object: unknown; readonly isForced?: boolean };

/** Subresources that hold the object itself in another view. */
export type Subresource = "status" | "scale" | "finalize" | "eviction" | "binding" | "token";

/**
 * Typed reads and writes of API objects: of the built-in kinds, of kinds made with
 * `defineResource`, of any `ResourceType`. The calls end with the signal of their context. What a
 * server refuses is thrown as `StatusError`; a `TransportError` says that no answer came, and that
 * the effect of a write is unknown.
 */
export interface Client {
  /** Throws `NotFound` if there is none. A kind without namespaces has the namespace "". */
  get<T extends ApiObject>(type: ResourceType<T>, key: ObjectKey, context: Context): Promise<T>;
  /** One page, or all, with the revision to watch from. */
  list<T extends ApiObject>(
    type: ResourceType<T>,
    options: ListOptions,
    context: Context,
  ): Promise<ApiList<T>>;
  /** Batches of events. Throws the `StatusError` of an ERROR event; ends when the server ends. */
  watch<T extends ApiObject>(
    type: ResourceType<T>,
    options: WatchOptions,
    context: Context,
  ): Promise<AsyncIterable<readonly WatchEvent<T>[]>>;
  /**
   * POST. Throws `AlreadyExists`. Answers the object as it is stored, with name, uid and defaults.
   */
  create<T extends ApiObject>(
    type: ResourceType<T>,
    object: ObjectInput<T>,
    context: Context,
    options?: WriteOptions,
  ): Promise<T>;
  /** PUT: `object` carries the resourceVersion it was read at, or none to overwrite. */
  update<T extends ApiObject>(
    type: ResourceType<T>,
    object: ObjectInput<T>,
    context: Context,
    options?: WriteOptions,
  ): Promise<T>;
  /** PUT to `status`: all else in `object` is ignored. Throws `Conflict` as `update` does. */
  updateStatus<T extends ApiObject>(
    type: ResourceType<T>,
    object: T,
    context: Context,
    options?: WriteOptions,
  ): Promise<T>;
  /**
   * Throws `NotFound` if there is none; `apply` makes it then. Throws `Conflict` if `apply` is not
   * forced and another writer owns one of the fields.
   */
  patch<T extends ApiObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: Patch,
    context: Context,
    options?: WriteOptions & { readonly subresource?: Subresource },
  ): Promise<T>;
  /** The object while it stays (finalizers, grace), or the success Status when it is gone. */
  delete<T extends ApiObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    context: Context,
    options?: DeleteOptions,
  ): Promise<T | Status>;
  /** Deletes all that a list with these options would show. */
  deleteCollection<T extends ApiObject>(
    type: ResourceType<T>,
    options: ListOptions & DeleteOptions,
    context: Context,
  ): Promise<void>;
  /** POST to a subresource, e.g. `binding`. */
  createSubresource<T extends ApiObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    subresource: Subresource,
    body: ApiObject,
    context: Context,
    options?: WriteOptions,
  ): Promise<ApiObject | Status>;
  /** PUT to a subresource, e.g. a Namespace without its finalizers to `finalize`. */
  updateSubresource<T extends ApiObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    subresource: Subresource,
    body: ApiObject,
    context: Context,
    options?: WriteOptions,
  ): Promise<ApiObject>;
}
