/** What a declared reconcile is handed beside its object: everything it does goes through here. */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { TypedIndex } from "../../informer/typed-index.ts";
import type { LabelQuery } from "../../machinery/labels.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Failures, Outcome } from "../controller/outcome.ts";
import type { Dependents } from "../dependents/dependents-state.ts";
import type { Trigger } from "../sources/source.ts";
import type { Clusters } from "../multi-cluster/clusters.ts";
import type { Duration } from "./duration.ts";
import type { Intent } from "./intent.ts";
import type { StatusChanges } from "./status-changes.ts";

/** An object by its name in the namespace of the object that is reconciled, or by its key. */
export type Named = string | ObjectKey;

/** How `ctx.apply` applies. */
export type ApplyOptions = {
  /**
   * Whether the reconciled object becomes the managing owner, so that the applied one goes with it
   * and wakes this controller (default true).
   */
  readonly isOwned?: boolean;
  /** Whether fields that others own are taken over (default true). */
  readonly isForced?: boolean;
};

/** How `ctx.create` creates. */
export type CreateOptions = Pick<ApplyOptions, "isOwned">;

/** How `ctx.delete` deletes. */
export type DeletionOptions = {
  /**
   * What becomes of the objects that the deleted one owns: they go after it (default), before it,
   * or they stay.
   */
  readonly propagation?: "Background" | "Foreground" | "Orphan";
};

/** What `waitFor` answers: return it, or do something else when nothing came in time. */
export type WaitOutcome = Outcome & {
  /**
   * Whether the timeout is over: since the first of the runs, one after the other, that have waited
   * for this. Of this process: a deadline that outlives it belongs into the status.
   */
  readonly isTimedOut: boolean;
};

/** Which objects `ctx.list` lists. Default: all of the kind in the object's namespace. */
export type ListedOptions<O extends ApiObject = ApiObject> = {
  /** Default: the namespace of the reconciled object; "" means all. */
  readonly namespace?: string;
  /** Only those that are selected, e.g. `queryOfLabels({ app: "web" })`. Default: all. */
  readonly labels?: LabelQuery;
  /** Only those that an index, made by `index()`, finds under this value: the rest is not read. */
  readonly by?: { readonly index: TypedIndex<O>; readonly value: string };
};

/** Is a `Context` as well: hand it to any call that wants one. */
export interface ReconcileContext<T extends ApiObject = ApiObject> extends Context {
  /** Of the object that is reconciled. */
  readonly key: ObjectKey;
  /** Why this run happens: everything that woke the key since the last one. */
  readonly causes: readonly Trigger[];
  /**
   * The runs in a row before this one that failed, in this process: for a status that says so. The
   * retries and their delays are the runtime's own.
   *
   *     const { count, message = "" } = ctx.failures;
   *     if (count > 3) ctx.status.condition("Synced", false, "Failing", message);
   */
  readonly failures: Failures;
  /** What the status shall say; written once, at the end, if it differs. */
  readonly status: StatusChanges<T>;
  /** For all that has no word here. Its writes are seen at once by `get` and `list`. */
  readonly client: Client;
  /**
   * Whether this run only finds out what it would do (`planOf`): writes through this context are
   * dry runs, and nothing may happen outside of the cluster.
   */
  readonly planning: boolean;
  /** The name of the cluster the object is in, in a fleet; "": on its hub, or there is no fleet. */
  readonly cluster: string;
  /** The clusters of the fleet; none if there is no fleet. */
  readonly clusters: Clusters;
  /** Those declared as `dependents`. */
  readonly dependents: Dependents;

  /**
   * The object, or undefined if there is none. Kinds that the controller owns, watches or reads
   * come from the local view, which holds this process's own writes; the server is asked for
   * others, unless `undeclaredReads` says otherwise.
   */
  get<O extends ApiObject>(type: ResourceType<O>, name: Named): Promise<O | undefined>;
  /** Objects of a kind, from where `get` would take them. */
  list<O extends ApiObject>(
    type: ResourceType<O>,
    options?: ListedOptions<O>,
  ): Promise<readonly O[]>;
  /** The objects of a kind that the reconciled one manages. The controller must own the kind. */
  owned<O extends ApiObject>(type: ResourceType<O>): readonly O[];

  /**
   * Makes the object have these fields, by server-side apply: what this controller applied before
   * and leaves out now goes, fields of others stay. Nothing is sent if nothing would change. An
   * object that is not named a namespace for is in the one of the reconciled object.
   */
  apply<O extends ApiObject>(
    type: ResourceType<O>,
    intent: Intent<O>,
    options?: ApplyOptions,
  ): Promise<O>;
  /**
   * Makes the object if there is none of its name, owned as with `apply`, and answers the one that
   * is there, whoever made it: what is there is never changed. For what is made up once, such as a
   * password; `get` and `list` see it at once.
   */
  create<O extends ApiObject>(
    type: ResourceType<O>,
    object: Intent<O>,
    options?: CreateOptions,
  ): Promise<O>;
  /** Deletes the object if it is there; nothing else with its name, if an object is given. */
  delete<O extends ApiObject>(
    type: ResourceType<O>,
    target: Named | O,
    options?: DeletionOptions,
  ): Promise<void>;

  /** Whether the server has this kind now. Of kinds without `whenServed`: always. */
  isServed(type: ResourceType): boolean;
  /** The time of day in milliseconds since 1970; in tests, the one of their world. */
  now(): number;

  /**
   * Tells the plan what this run would do outside of the cluster, and does nothing in earnest.
   *
   *     if (ctx.planning) ctx.wouldDo(`create the record ${host}`);
   *     else await dns.create(host);
   */
  wouldDo(what: string): void;

  /** An event about the reconciled object. `reason` is a CamelCase word, `message` a sentence. */
  event(reason: string, message: string): void;
  /** An event of type Warning. */
  warn(reason: string, message: string): void;

  /** The world matches, or what is awaited is owned or watched. */
  done(): Outcome;
  /**
   * Look again after this long, or earlier if something wakes the key. `priority`: a whole number,
   * the higher first (default: the one of this run; events have 0, the first list -100).
   */
  requeueAfter(delay: Duration, options?: { readonly priority?: number }): Outcome;
  /**
   * Look again as soon as the object is there and `isReady` (default: that it is there), or, of
   * several, as soon as all are; after `timeout` at the latest. Not an error: no delay grows.
   * Several waits in one run add up: the first that is over wakes the key.
   *
   *     const wait = ctx.waitFor(Secret, "token", { timeout: "5m" });
   *     if (wait.isTimedOut) ctx.warn("NoToken", "nobody has made the token for five minutes");
   *     return wait;
   */
  waitFor<O extends ApiObject>(
    type: ResourceType<O>,
    name: Named | readonly Named[],
    options?: { readonly isReady?: (object: O) => boolean; readonly timeout?: Duration },
  ): WaitOutcome;
  /** Look again as soon as there is no such object, or none of several; else as `waitFor`. */
  waitUntilGone(
    type: ResourceType,
    name: Named | readonly Named[],
    options?: { readonly timeout?: Duration },
  ): WaitOutcome;
}
