/**
 * The life of custom resource definitions inside the server: their kinds are served as soon as
 * their names are accepted, before anyone can read that they are established; changed ones are
 * served anew; those that are deleted lose their objects first, then their finalizer.
 *
 * It only looks at the present state: every change of a definition makes it look at that one and
 * at its group again. Serving is this server's own affair; what is written (conditions, accepted
 * names, the finalizer) goes through the API with the revision it was decided on, so that several
 * servers may do it at once.
 */
import {
  isConditionTrue,
  withCondition,
  type ConditionState,
  type Definition,
} from "../../apis/apiextensions/v1/definition-conditions.ts";
import { CLEANUP_FINALIZER } from "../../apis/apiextensions/v1/custom-resource-definition.ts";
import { assert } from "../../base/assert.ts";
import { withSignal, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { TaskGroup } from "../../base/task-group.ts";
import { equalValues } from "../../machinery/json-value.ts";
import {
  CompactedError,
  type Change,
  type Entry,
  type Revision,
  type Store,
} from "../../store/store.ts";
import type { Resource, Resources } from "../registry/resource.ts";
import { cleanUpInstances, hasNoInstances, type CleanupDeps } from "./clean-up-instances.ts";
import {
  customResources,
  fingerprintOf,
  storageResource,
  type CustomResourceDeps,
  type DefinitionSource,
} from "./custom-resources.ts";
import { lightDefinition, readDefinition } from "./definition-view.ts";
import { isServed, planDefinition } from "./plan-definition.ts";
import type { DefinitionWriter } from "./write-definition.ts";

/** How long it takes before a write that failed is tried again. */
export const RETRY_MS = 1_000;
/** Tries of one write against others of the same definition. */
const WRITE_TRIES_MAX = 16;

export type DefinitionKeeperDeps = CustomResourceDeps &
  CleanupDeps & {
    readonly env: Env;
    readonly store: Store;
    readonly resources: Resources;
    readonly writer: DefinitionWriter;
  };

/** A definition that exists. */
type Kept = {
  entry: Entry;
  /** As it is stored. */
  definition: Definition;
  /** As it will be when what was decided is written: its names are taken from now on. */
  planned: Definition | undefined;
  /** What is served for it now; "" for nothing. */
  fingerprint: string;
  isCleaning: boolean;
};

export class DefinitionKeeper {
  readonly #deps: DefinitionKeeperDeps;
  readonly #definitionKind: Resource;
  readonly #kept = new Map<string, Kept>();
  /** Names to look at, in the order in which they were noticed. */
  readonly #wanted = new Set<string>();
  readonly #synced = Promise.withResolvers<void>();
  #hasSynced = false;
  #wake: () => void = () => undefined;

  constructor(deps: DefinitionKeeperDeps) {
    this.#deps = deps;
    const resource = deps.resources.find({
      group: "apiextensions.k8s.io",
      version: "v1",
      resource: "customresourcedefinitions",
    });
    assert(resource !== undefined, "definitions are served");
    this.#definitionKind = resource;
    this.#synced.promise.catch(() => undefined); // who waits is told, nobody else
  }

  /** Whether everything that was established when the server began is served. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Resolves when `hasSynced` becomes true. */
  synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Lives until the signal aborts. Rejects when the store fails. */
  async run(context: Context): Promise<void> {
    const tasks = new TaskGroup(context.signal);
    tasks.spawn((signal) => this.#listen(withSignal(context, signal)));
    tasks.spawn((signal) => this.#work(tasks, withSignal(context, signal)));
    try {
      await tasks.join();
    } finally {
      this.#synced.reject(new Error("the server ended before it had begun"));
    }
  }

  /** Keeps up with the store. Whoever has fallen too far behind begins with what is there now. */
  async #listen(context: Context): Promise<void> {
    while (!context.signal.aborted) {
      try {
        const after = await this.#list(context);
        const options = { prefix: this.#definitionKind.keyPrefix, after };
        for await (const batch of this.#deps.store.watch(options, context)) {
          if (batch.kind === "changes") for (const change of batch.changes) this.#hear(change);
        }
      } catch (error) {
        if (!(error instanceof CompactedError)) throw error;
      }
    }
  }

  async #list(context: Context): Promise<Revision> {
    const prefix = this.#definitionKind.keyPrefix;
    const { entries, revision } = await this.#deps.store.range({ prefix }, context);
    const keys = new Set(entries.map((entry) => entry.key));
    for (const { entry } of this.#kept.values()) {
      if (!keys.has(entry.key)) this.#forget(entry);
    }
    for (const entry of entries) this.#note(entry);
    for (const kept of this.#kept.values()) this.#serve(kept, kept.definition);
    this.#hasSynced = true;
    this.#synced.resolve();
    return revision;
  }

  #hear(change: Change): void {
    if (change.kind === "put") this.#note(change.entry);
    else this.#forget(change.previous);
  }

  #note(entry: Entry): void {
    const definition = lightDefinition(entry);
    const name = nameOf(definition);
    const before = this.#kept.get(name);
    if (before !== undefined && before.entry.revision >= entry.revision) return;
    const isAnother = before?.definition.metadata.uid !== definition.metadata.uid;
    if (before === undefined || isAnother) {
      this.#deps.resources.replace(name, []);
      this.#kept.set(name, {
        entry,
        definition,
        planned: undefined,
        fingerprint: "",
        isCleaning: false,
      });
    } else {
      before.entry = entry;
      before.definition = definition;
      before.planned = undefined;
    }
    this.#want(definition);
  }

  #forget(entry: Entry): void {
    const definition = lightDefinition(entry);
    const name = nameOf(definition);
    const kept = this.#kept.get(name);
    if (kept?.definition.metadata.uid !== definition.metadata.uid) return;
    this.#kept.delete(name);
    this.#deps.resources.replace(name, []);
    this.#want(definition);
  }

  /** A change of one definition can free or take the names of others in its group. */
  #want(about: Definition): void {
    for (const [name, { definition }] of this.#kept) {
      if (definition.spec.group !== about.spec.group) continue;
      const isSettled = name !== nameOf(about) && isConditionTrue(definition, "NamesAccepted");
      if (!isSettled) this.#wanted.add(name);
    }
    this.#wake();
  }

  async #work(tasks: TaskGroup, context: Context): Promise<void> {
    const { signal } = context;
    const stop = (): void => this.#wake();
    signal.addEventListener("abort", stop, { once: true });
    try {
      while (!signal.aborted) {
        const [name] = this.#wanted;
        if (name === undefined) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          continue;
        }
        await this.#deps.env.timers.yield(); // each definition has a turn of its own
        this.#wanted.delete(name);
        await this.#look(name, tasks, context);
      }
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Brings one definition as far as it can be brought now. */
  async #look(name: string, tasks: TaskGroup, context: Context): Promise<void> {
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    const { definition } = kept;
    const planned = planDefinition(
      definition,
      this.#groupOf(definition),
      this.#deps.env.clock.now(),
    );
    kept.planned = planned;
    this.#serve(kept, planned);
    if (!equalValues(planned.status, definition.status)) {
      await this.#write(name, planned, context);
      return; // the change it makes brings us back
    }
    const isGoing =
      definition.metadata.deletionTimestamp !== undefined &&
      definition.metadata.finalizers?.includes(CLEANUP_FINALIZER) === true;
    if (!isGoing || kept.isCleaning) return;
    kept.isCleaning = true;
    tasks.spawn((signal) => this.#cleanUp(kept, withSignal(context, signal)));
  }

  #groupOf(definition: Definition): readonly Definition[] {
    const { group } = definition.spec;
    return [...this.#kept.values()]
      .map((each) => each.planned ?? each.definition)
      .filter((each) => each.spec.group === group);
  }

  #serve(kept: Kept, definition: Definition): void {
    const fingerprint = isServed(definition) ? fingerprintOf(definition) : "";
    if (kept.fingerprint === fingerprint) return;
    kept.fingerprint = fingerprint;
    const source = this.#sourceOf(kept, definition);
    const resources = fingerprint === "" ? [] : customResources(source, this.#deps);
    this.#deps.resources.replace(nameOf(definition), resources);
  }

  #sourceOf(kept: Kept, definition: Definition): DefinitionSource {
    const { entry } = kept;
    return {
      definition,
      reread: () => readDefinition(entry),
      isTerminating: () => isConditionTrue(kept.definition, "Terminating"),
    };
  }

  async #write(name: string, planned: Definition, context: Context): Promise<void> {
    const outcome = await this.#deps.writer(planned, context);
    if (outcome === "written" || outcome === "outdated") return;
    this.#deps.env.log.warn("The status of a definition could not be written.", { name });
    this.#retry(name);
  }

  #retry(name: string): void {
    this.#deps.env.timers.after(RETRY_MS, () => {
      this.#wanted.add(name);
      this.#wake();
    });
  }

  /** Removes all objects, and then what holds the definition. */
  async #cleanUp(kept: Kept, context: Context): Promise<void> {
    const { definition } = kept;
    this.#deps.resources.touch(); // discovery no longer offers to create
    const resource = storageResource(this.#sourceOf(kept, definition), this.#deps);
    const isEmpty = await hasNoInstances(resource, this.#deps, context);
    if (isEmpty || (await this.#writeCondition(kept, IN_PROGRESS, context))) {
      const condition = await cleanUpInstances(definition, resource, this.#deps, context);
      const isDone = condition.status === "False";
      if ((await this.#writeCondition(kept, condition, context)) && isDone) return;
    }
    kept.isCleaning = false;
    this.#retry(nameOf(definition));
  }

  /** False: it could not be written now. "False" as the condition's status ends the deletion. */
  async #writeCondition(kept: Kept, condition: ConditionState, context: Context): Promise<boolean> {
    const { store, env, writer } = this.#deps;
    for (let tries = 1; tries <= WRITE_TRIES_MAX; tries += 1) {
      const entry = await store.get(kept.entry.key, context);
      if (entry === undefined) return false;
      const stored = lightDefinition(entry);
      if (stored.metadata.uid !== kept.definition.metadata.uid) return false;
      const told = withCondition(stored, condition, env.clock.now());
      const next = condition.status === "False" ? withoutFinalizer(told) : told;
      if (equalValues(next, stored)) return true;
      const outcome = await writer(next, context);
      if (outcome !== "outdated") return outcome === "written";
    }
    return false;
  }
}

const IN_PROGRESS = {
  type: "Terminating",
  status: "True",
  reason: "InstanceDeletionInProgress",
  message: "CustomResource deletion is in progress",
} as const;

function withoutFinalizer(definition: Definition): Definition {
  const finalizers = definition.metadata.finalizers ?? [];
  return {
    ...definition,
    metadata: {
      ...definition.metadata,
      finalizers: finalizers.filter((name) => name !== CLEANUP_FINALIZER),
    },
  };
}

function nameOf(definition: Definition): string {
  return definition.metadata.name ?? "";
}
