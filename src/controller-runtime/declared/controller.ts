/** `controller()` and `watches()`; what they mean is told in `declared-controller.ts`. */
import { checkOptions, type OptionNames } from "../../base/option-names.ts";
import { typeKey, type ResourceType } from "../../client/resource-type.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
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
import { labelledSource } from "../dependents/ownership.ts";
import { isWhenServed } from "../sources/served-source.ts";
import { ownedSource, ownSource, watchSource } from "../sources/sources.ts";
import { Applier } from "./applier.ts";
import type {
  ControllerOptions,
  DeclaredController,
  WakesFunction,
  Watch,
} from "./declared-controller.ts";
import { KindSources, viewOf } from "./kind-sources.ts";
import { queueOptionsOf, workerOptionsOf } from "./queue-options.ts";
import { ReconcileFrame } from "./reconcile-frame.ts";
import { Waits } from "./waits.ts";

const NAMES: OptionNames<ControllerOptions<ApiObject>> = {
  fairBy: true,
  atMostEvery: true,
  debounce: true,
  every: true,
  concurrency: true,
  name: true,
  owns: true,
  watches: true,
  reads: true,
  undeclaredReads: true,
  sources: true,
  dependents: true,
  conditions: true,
  dependentsCondition: true,
  daemons: true,
  reconcile: true,
  finalize: true,
  predicate: true,
  timeout: true,
  permissions: true,
  retry: true,
  loopGuard: true,
};

/** Declares a controller of a kind: its own, or one that is built in. */
export function controller<T extends ApiObject>(
  type: ResourceType<T>,
  options: ControllerOptions<T>,
): DeclaredController {
  const { name = type.resource, watches: watched = [], reads = [] } = options;
  checkOptions(`controller ${name}`, options, NAMES);
  checkOptions(`controller ${name}: retry`, options.retry ?? {}, { min: true, max: true });
  if (options.reconcile === undefined && options.dependents === undefined) {
    throw new TypeError(`controller ${name}: it has neither \`reconcile\` nor \`dependents\``);
  }
  const dependents = dependentsOf(name, options); // what is wrong with them is said at once
  queueOptionsOf(name, options); // and this, too
  workerOptionsOf(name, options);
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

/**
 * Changes of objects of `type` wake the objects that `wakes` names. All changes do, those of the
 * status too, unless a `predicate` says otherwise: `{ predicate: generationChanged }`.
 */
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
    if (byName.has(typeKey(type)) && isWhenServed(type)) continue;
    byName.set(typeKey(type), type);
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
  for (const { type: kind, ownership } of options.dependents ?? []) {
    if (kind === undefined || ownership === "reference") continue;
    kinds.add(kind, () => labelledSource(viewOf(kind, deps), name));
  }
  for (const watch of options.watches ?? []) kinds.add(watch.type, () => watch.source(deps));
  for (const read of options.reads ?? []) kinds.add(read);
  for (const one of deps.isPlanning === true ? [] : (options.daemons ?? [])) {
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
  const { loopGuard } = options;
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
  const frame = new ReconcileFrame(shared, options, name);
  return {
    name,
    reconcile: (key, context) => frame.reconcile(key, context),
    sources: [...kinds.sources, waits.source, ...(options.sources ?? [])],
    awaiting: () => waits.awaiting(),
    ...queueOptionsOf(name, options),
    ...workerOptionsOf(name, options),
    ...(loopGuard === undefined ? {} : { loopGuard }),
  };
}

const meaningful = anyOf(generationChanged, labelsChanged, annotationsChanged, finalizersChanged);
