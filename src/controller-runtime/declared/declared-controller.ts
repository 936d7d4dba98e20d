/**
 * A controller in the words of the thing it controls: a kind, what it owns and watches, and what
 * to do with one object. `controller()` makes of it the plain `ControllerSpec` a manager runs; all
 * it adds is what every controller would write anyway:
 *
 *     key -> object from the local view; gone: forget, done
 *         -> deletion has begun: `finalize`, dependents go backwards, then the finalizer goes
 *         -> the finalizer is put there, if there is something to undo
 *         -> `reconcile`, dependents in their order
 *         -> the status is written, whether the reconcile succeeded or not
 */
import type { PolicyRule } from "../../apis/rbac/v1/types.generated.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { InformerEvent } from "../../informer/shared-informer-types.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import type { LoopGuardOptions } from "../loop-guard/loop-guard.ts";
import type { Outcome } from "../controller/outcome.ts";
import type { Conditions } from "../conditions/define-conditions.ts";
import type { Daemon } from "../daemons/daemon.ts";
import type { Dependent } from "../dependents/dependent.ts";
import type { Predicate } from "../sources/predicates.ts";
import type { Source } from "../sources/source.ts";
import type { Duration } from "./duration.ts";
import type { QueueOptions } from "./queue-options.ts";
import type { ReconcileContext } from "./reconcile-context.ts";

/** Another kind whose changes wake the objects that `wakes` finds. Made by `watches()`. */
export type Watch = {
  /** Absent: it is not a kind of the controller's own cluster that is watched. */
  readonly type?: ResourceType;
  source(deps: ControllerDeps): Source;
};

/**
 * What is done with one object. It is frozen, and as new as the local view; what this process wrote
 * is in it. Resolves to `ctx.done()`, `ctx.requeueAfter(...)` or `ctx.waitFor(...)`; what it throws
 * is tried again with back-off, but for a `TerminalError`.
 */
export type ReconcileObject<T extends ApiObject> = (
  object: T,
  context: ReconcileContext<T>,
) => Promise<Outcome>;

/**
 * What `controller()` can be told: what it makes, what wakes it, and what it does. Either
 * `reconcile` or `dependents` is needed, all else has a default.
 */
export type ControllerOptions<T extends ApiObject> = QueueOptions & {
  /** Unique in a manager; field manager, finalizer, metrics, logs. Default: the kind's plural. */
  readonly name?: string;
  /** Kinds it makes: their changes wake the object that owns them. See also `whenServed`. */
  readonly owns?: readonly ResourceType[];
  /** Kinds of others that matter to it. */
  readonly watches?: readonly Watch[];
  /** Kinds it only reads: kept in the local view, and nothing is woken by them. */
  readonly reads?: readonly ResourceType[];
  /**
   * Where `ctx.get` and `ctx.list` read kinds that are not named above. `server` (default): each
   * time from the server. `view`: a view of the kind is made at the first read and kept, which is
   * read from as soon as it is synced; it takes the right to list and watch all of the kind.
   */
  readonly undeclaredReads?: "server" | "view";
  /** Further sources of keys: timers, channels, anything outside of Kubernetes. */
  readonly sources?: readonly Source[];
  /**
   * What it keeps for each object, in the order that `dependsOn` of each says: applied as far as
   * things are ready, removed backwards, and rolled up into one condition. Their kinds are owned.
   */
  readonly dependents?: readonly Dependent<T>[];
  /** Summed up after each run, into the condition that they name for it. */
  readonly conditions?: Pick<Conditions, "sumUp">;
  /** The condition that says whether the dependents are ready (default `Ready`). */
  readonly dependentsCondition?: string;
  /** Background tasks, one for each object. What can be done by looking again needs none. */
  readonly daemons?: readonly Daemon<T>[];
  /**
   * Brings the world closer to what the object declares. Called again and again: be idempotent. A
   * controller with `dependents` needs none; if it has one, they have their turn when it calls
   * `ctx.dependents.run()`, else right after it.
   */
  readonly reconcile?: ReconcileObject<T>;
  /**
   * Undoes what the garbage collector cannot: things outside of the cluster or of the namespace.
   * The object stays until this has answered `done()`. Dependents that go in their order go when it
   * calls `ctx.dependents.run()`, else after that.
   */
  readonly finalize?: ReconcileObject<T>;
  /**
   * Which changes of the object itself count. Default: those of its spec, labels, annotations and
   * finalizers; not those of its status, which is this controller's own word.
   */
  readonly predicate?: Predicate<T>;
  /** Objects worked on at the same time (default 1); never one object twice. */
  readonly concurrency?: number;
  /** A run that takes longer is cut off and counts as failed (default: no limit). */
  readonly timeout?: Duration;
  /** What `reconcile` does besides reading and applying the kinds above. For generated roles. */
  readonly permissions?: readonly PolicyRule[];
  /**
   * First and longest delay after failures (defaults 5 ms and 60 s). Delays double from one failure
   * to the next, until a run succeeds or somebody changes the spec of the object.
   */
  readonly retry?: { readonly min?: Duration; readonly max?: Duration };
  /**
   * An object that is reconciled again and again by nothing but this controller's own writes, or
   * because another writer changes the same fields back, is slowed down; "off": it is not.
   */
  readonly loopGuard?: LoopGuardOptions | "off";
};

/** What a manager takes, with what it is about: for generated roles and checks at the start. */
export type DeclaredController = ((deps: ControllerDeps) => ControllerSpec) & {
  readonly controllerName: string;
  readonly type: ResourceType;
  readonly owns: readonly ResourceType[];
  /** All other kinds it keeps a view of. */
  readonly reads: readonly ResourceType[];
  readonly hasFinalizer: boolean;
  readonly permissions: readonly PolicyRule[];
};

/**
 * The keys that a change of `object` wakes. Asked again and again: look things up by an index of
 * the local view, `({ metadata }, _, { informers }) => informers.for(Site).by(byTheme, ...)`.
 */
export type WakesFunction<T extends ApiObject> = (
  object: T,
  event: InformerEvent<T>,
  deps: ControllerDeps,
) => readonly ObjectKey[];

/** Whether a maker of a controller was made by `controller()`. */
export function isDeclared(
  make: (deps: ControllerDeps) => ControllerSpec,
): make is DeclaredController {
  return "controllerName" in make && "owns" in make;
}
