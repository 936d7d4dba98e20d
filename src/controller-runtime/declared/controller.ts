/** `controller()` and `watches()`; what they mean is told in `declared-controller.ts`. */
import type { Context } from "../../base/context.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { hasFinalizer } from "../../machinery/finalizers.ts";
import { gvrKey } from "../../machinery/gvk.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import {
  DONE,
  requeueAfter,
  sooner,
  type Outcome,
  type TurnContext,
} from "../controller/outcome.ts";
import {
  annotationsChanged,
  anyOf,
  finalizersChanged,
  generationChanged,
  labelsChanged,
  type Predicate,
} from "../sources/predicates.ts";
import { DaemonSource } from "../daemons/daemon-source.ts";
import { DependentsOf } from "../dependents/dependents-run.ts";
import { LOW_PRIORITY } from "../queue/priority.ts";
import { isWhenServed } from "../sources/served-source.ts";
import { ownedSource, ownSource, watchSource } from "../sources/sources.ts";
import { Applier } from "./applier.ts";
import type {
  ControllerOptions,
  DeclaredController,
  WakesFunction,
  Watch,
} from "./declared-controller.ts";
import { milliseconds } from "./duration.ts";
import { finalizerOf, withFinalizer, withoutFinalizer } from "./finalizer.ts";
import { KindSources, viewOf } from "./kind-sources.ts";
import { ReconcileScope, type ScopeDeps } from "./reconcile-scope.ts";
import { Waits } from "./waits.ts";

/** Declares a controller of a kind: its own, or one that is built in. */
export function controller<T extends ApiObject>(
  type: ResourceType<T>,
  options: ControllerOptions<T>,
): DeclaredController {
  const { name = type.resource, watches: watched = [], reads = [] } = options;
  if (options.reconcile === undefined && options.dependents === undefined) {
    throw new TypeError(`controller ${name}: it has neither \`reconcile\` nor \`dependents\``);
  }
  const dependents = dependentsOf(name, options); // what is wrong with them is said at once
  const owns = ownedTypes(options);
  return Object.assign((deps: ControllerDeps) => specOf(name, type, options, deps), {
    controllerName: name,
    type,
    owns,
    reads: [...watched.flatMap((watch) => watch.type ?? []), ...reads],
    hasFinalizer: options.finalize !== undefined || dependents?.isOrderedAtEnd === true,
    permissions: options.permissions ?? [],
  });
}

/** Changes of objects of `type` wake the objects that `wakes` names. */
export function watches<T extends ApiObject>(
  type: ResourceType<T>,
  wakes: WakesFunction<T>,
  options: { readonly predicate?: Predicate<T> } = {},
): Watch {
  const name = `watch of ${type.kind}`;
  return {
    type,
    source: (deps) => {
      const informer = viewOf(type, deps);
      return watchSource(informer, (object, event) => wakes(object, event, deps), {
        name,
        ...options,
      });
    },
  };
}

/** Kinds it owns, each once: those it names and those of its dependents. */
function ownedTypes<T extends ApiObject>({
  owns = [],
  dependents = [],
}: ControllerOptions<T>): readonly ResourceType[] {
  const types = [...owns, ...dependents.flatMap(({ type }) => type ?? [])];
  const byName = new Map<string, ResourceType>();
  for (const type of types) {
    // Once for good is for good.
    if (byName.has(gvrKey(type)) && isWhenServed(type)) continue;
    byName.set(gvrKey(type), type);
  }
  return [...byName.values()];
}

function dependentsOf<T extends ApiObject>(
  name: string,
  { dependents, dependentsCondition = "Ready" }: ControllerOptions<T>,
): DependentsOf<T> | undefined {
  if (dependents === undefined) return undefined;
  return new DependentsOf(name, dependents, dependentsCondition);
}

function kindSourcesOf<T extends ApiObject>(
  name: string,
  type: ResourceType<T>,
  options: ControllerOptions<T>,
  deps: ControllerDeps,
): KindSources {
  const kinds = new KindSources(type, deps);
  const predicate = options.predicate ?? meaningful;
  kinds.add(type, () => ownSource(viewOf(type, deps), { predicate }));
  for (const owned of ownedTypes(options)) {
    kinds.add(owned, () => ownedSource(viewOf(owned, deps), type));
  }
  for (const watch of options.watches ?? []) kinds.add(watch.type, () => watch.source(deps));
  for (const read of options.reads ?? []) kinds.add(read);
  for (const one of options.daemons ?? []) {
    kinds.add(type, () => new DaemonSource(name, one, viewOf(type, deps), deps));
  }
  return kinds;
}

function specOf<T extends ApiObject>(
  name: string,
  type: ResourceType<T>,
  options: ControllerOptions<T>,
  deps: ControllerDeps,
): ControllerSpec {
  const waits = new Waits(deps.informers, deps.env.clock);
  const applier = new Applier(deps, name);
  const { concurrency, timeout, retry = {}, loopGuard } = options;
  const kinds = kindSourcesOf(name, type, options, deps);
  const dependents = dependentsOf(name, options);
  const shared = {
    ...deps,
    type,
    waits,
    applier,
    presence: kinds,
    undeclaredReads: options.undeclaredReads ?? ("server" as const),
    ...(dependents === undefined ? {} : { dependents }),
  };
  const run = new Run(shared, options, name);
  return {
    name,
    reconcile: (key, context) => run.reconcile(key, context),
    sources: [...kinds.sources, waits.source, ...(options.sources ?? [])],
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(loopGuard === undefined ? {} : { loopGuard }),
    ...(timeout === undefined ? {} : { timeoutMs: milliseconds(timeout) }),
    ...(retry.min === undefined ? {} : { retryMsMin: milliseconds(retry.min) }),
    ...(retry.max === undefined ? {} : { retryMsMax: milliseconds(retry.max) }),
  };
}

const meaningful = anyOf(generationChanged, labelsChanged, annotationsChanged, finalizersChanged);

/** The frame around a user's functions. */
class Run<T extends ApiObject> {
  readonly #deps: ScopeDeps<T>;
  readonly #options: ControllerOptions<T>;
  readonly #finalizer: string;
  readonly #isHeld: boolean;

  constructor(deps: ScopeDeps<T>, options: ControllerOptions<T>, name: string) {
    this.#deps = deps;
    this.#options = options;
    this.#finalizer = finalizerOf(deps.type, name);
    this.#isHeld = options.finalize !== undefined || deps.dependents?.isOrderedAtEnd === true;
  }

  async reconcile(key: ObjectKey, context: TurnContext): Promise<Outcome> {
    const { waits } = this.#deps;
    waits.begin(key);
    try {
      return await this.#reconcile(key, context);
    } finally {
      waits.end(key);
    }
  }

  async #reconcile(key: ObjectKey, context: TurnContext): Promise<Outcome> {
    const { informers, type, applier } = this.#deps;
    const { finalize, reconcile, every } = this.#options;
    const object = informers.peek(type)?.lister.get(key);
    if (object === undefined) {
      applier.forgetOwner(keyText(key));
      this.#deps.dependents?.forget(key);
      return DONE;
    }
    if (isTerminating(object)) {
      if (!this.#isHeld || !hasFinalizer(object, this.#finalizer)) return DONE;
      return this.#finalize(object, finalize, context);
    }
    const held = this.#isHeld ? await this.#hold(object, context) : object;
    const outcome = await this.#run(held, reconcile, context);
    if (every === undefined) return outcome;
    if (outcome.kind === "done")
      return requeueAfter(milliseconds(every), { priority: LOW_PRIORITY });
    const isPoll = outcome.kind === "waiting" && outcome.timeoutMs !== undefined;
    return isPoll ? sooner(outcome, milliseconds(every)) : outcome;
  }

  async #finalize(
    object: T,
    finalize: ControllerOptions<T>["finalize"],
    context: Context,
  ): Promise<Outcome> {
    const outcome = await this.#run(object, finalize, context);
    if (outcome.kind !== "done") return outcome;
    const { client, type, informers } = this.#deps;
    // Its status may have been written just now.
    const newest = informers.peek(type)?.lister.get(keyOf(object)) ?? object;
    await withoutFinalizer(newest, this.#finalizer, { client, type }, context);
    return DONE;
  }

  async #hold(object: T, context: Context): Promise<T> {
    if (hasFinalizer(object, this.#finalizer)) return object;
    return withFinalizer(object, this.#finalizer, this.#deps, context);
  }

  /** A failure does not keep the status from being told; it is the failure that is thrown. */
  async #run(
    object: T,
    work: ControllerOptions<T>["reconcile"],
    context: Context,
  ): Promise<Outcome> {
    const { type, client } = this.#deps;
    const scope = new ReconcileScope(object, this.#deps, context);
    const { conditions } = this.#options;
    let outcome: Outcome;
    try {
      outcome = await this.#work(object, work, scope);
    } catch (failure) {
      conditions?.sumUp(scope);
      await scope.status.write(type, client, context).catch((error: unknown) => {
        context.log.warn("the status of a failed reconcile was not written", { error });
      });
      throw failure;
    }
    conditions?.sumUp(scope);
    await scope.status.write(type, client, context);
    return outcome;
  }

  /** The user's function, and the dependents if it has not seen to them itself. */
  async #work(
    object: T,
    work: ControllerOptions<T>["reconcile"],
    scope: ReconcileScope<T>,
  ): Promise<Outcome> {
    const outcome = work === undefined ? DONE : await work(object, scope);
    const isFinalizing = isTerminating(object);
    if (isFinalizing && outcome.kind !== "done") return outcome; // not yet
    const { isReady, pollMs } = await scope.dependents.run();
    if (isFinalizing && !isReady) return { kind: "waiting", timeoutMs: pollMs };
    return pollMs === undefined ? outcome : sooner(outcome, pollMs);
  }
}
