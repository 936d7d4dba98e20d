/** The `ReconcileContext` of one run. */
import type { CallCause } from "../../base/context.ts";
import type { Log } from "../../base/env.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { OWNER_UID_INDEX } from "../../informer/lister.ts";
import type { SharedInformer } from "../../informer/shared-informer-types.ts";
import { labelQueryText, matchesLabels, type LabelQuery } from "../../machinery/labels.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import { isApiObject, type ApiObject, type Fields } from "../../machinery/object.ts";
import { controllerReference, isControlledBy } from "../../machinery/owners.ts";
import { isStatus } from "../../machinery/status.ts";
import type { ControllerDeps } from "../controller/controller-spec.ts";
import {
  DONE,
  NO_FAILURES,
  requeueAfter,
  type Failures,
  type Outcome,
  type PlanningNotes,
  type TurnContext,
} from "../controller/outcome.ts";
import type { Trigger } from "../sources/source.ts";
import type { DependentsOf } from "../dependents/dependents-run.ts";
import { NO_DEPENDENTS, type Dependents } from "../dependents/dependents-state.ts";
import { NO_CLUSTERS, type Clusters } from "../multi-cluster/clusters.ts";
import { intendedKey, type Applier } from "./applier.ts";
import { milliseconds, type Duration } from "./duration.ts";
import { intendedObject, type Intent } from "./intent.ts";
import type { KindSources } from "./kind-sources.ts";
import type {
  ApplyOptions,
  CreateOptions,
  DeletionOptions,
  ListedOptions,
  Named,
  ReconcileContext,
  WaitOutcome,
} from "./reconcile-context.ts";
import { GatheredStatus } from "./status-changes.ts";
import type { Wait, Waits } from "./waits.ts";

/** Until the next look of a reconcile that goes on waiting for what is there. */
export const IDLE_WAIT_MS = 1_000;

/** What the runs of one controller share. */
export type ScopeDeps<T extends ApiObject> = ControllerDeps & {
  readonly type: ResourceType<T>;
  readonly applier: Applier;
  readonly waits: Waits;
  /** Absent: it has none. */
  readonly dependents?: DependentsOf<T>;
  /** Of the kinds that come and go. */
  readonly presence: Pick<KindSources, "presenceOf" | "doubt">;
  readonly undeclaredReads: "server" | "view";
};

export class ReconcileScope<T extends ApiObject> implements ReconcileContext<T> {
  readonly key: ObjectKey;
  readonly signal: AbortSignal;
  readonly cause: CallCause;
  readonly log: Log;
  readonly causes: readonly Trigger[];
  readonly failures: Failures;
  readonly client: Client;
  readonly status: GatheredStatus<T>;
  readonly cluster: string;
  readonly clusters: Clusters;
  readonly dependents: Dependents;
  readonly planning: boolean;
  readonly #notes: PlanningNotes | undefined;
  readonly #object: T;
  readonly #deps: ScopeDeps<T>;
  /** Of the waits so far, the time that is over first. */
  #waitMs: number | undefined;

  constructor(object: T, deps: ScopeDeps<T>, context: TurnContext) {
    this.key = keyOf(object);
    this.signal = context.signal;
    this.cause = context.cause;
    this.log = context.log;
    this.causes = context.causes ?? [];
    this.failures = context.failures ?? NO_FAILURES;
    this.planning = context.planning !== undefined;
    this.#notes = context.planning;
    this.client = deps.client;
    this.status = new GatheredStatus(object, deps.env.clock);
    this.cluster = deps.cluster ?? "";
    this.clusters = deps.clusters ?? NO_CLUSTERS;
    this.#object = object;
    this.#deps = deps;
    this.dependents = deps.dependents?.open(object, this) ?? NO_DEPENDENTS;
  }

  async get<O extends ApiObject>(type: ResourceType<O>, name: Named): Promise<O | undefined> {
    const key = this.#keyOf(type, name);
    if (!this.isServed(type)) return undefined;
    const informer = this.#viewOf(type);
    if (informer?.hasSynced() === true) return informer.lister.get(key);
    try {
      return await this.client.get(type, key, this);
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }

  async list<O extends ApiObject>(
    type: ResourceType<O>,
    { namespace = this.key.namespace, labels, by }: ListedOptions<O> = {},
  ): Promise<readonly O[]> {
    const where = {
      ...(namespace === "" || !type.isNamespaced ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
    };
    if (!this.isServed(type)) return [];
    const informer = this.#viewOf(type);
    if (informer?.hasSynced() === true) {
      if (by === undefined) return informer.lister.list(where);
      return informer.lister.by(by.index, by.value).filter((each) => isListed(each, where));
    }
    const query = labels === undefined ? {} : { labelSelector: labelQueryText(labels) };
    const { items } = await this.client.list(
      type,
      { ...(where.namespace === undefined ? {} : { namespace: where.namespace }), ...query },
      this,
    );
    return by === undefined
      ? items
      : items.filter((each) => by.index.valuesOf(each).includes(by.value));
  }

  owned<O extends ApiObject>(type: ResourceType<O>): readonly O[] {
    const informer = this.#deps.informers.peek(type);
    if (!this.isServed(type)) return [];
    if (informer === undefined) throw new Error(`${type.kind}: the controller does not own it`);
    const { uid = "" } = this.#object.metadata;
    const owned = informer.lister.byIndex(OWNER_UID_INDEX, uid);
    return owned.filter((each) => isControlledBy(each, this.#object));
  }

  async apply<O extends ApiObject>(
    type: ResourceType<O>,
    intent: Intent<O>,
    { isOwned = true, isForced = true }: ApplyOptions = {},
  ): Promise<O> {
    const { key, wanted } = this.#wanted(type, intent, isOwned);
    const call = { owner: keyText(this.key), isForced, context: this };
    try {
      return await this.#deps.applier.apply(type, key, wanted, call);
    } catch (error) {
      this.#doubt(type, error);
      throw error;
    }
  }

  async create<O extends ApiObject>(
    type: ResourceType<O>,
    intent: Intent<O>,
    { isOwned = true }: CreateOptions = {},
  ): Promise<O> {
    const { key, wanted } = this.#wanted(type, intent, isOwned);
    const present = await this.get(type, key);
    if (present !== undefined) return present;
    try {
      return await this.client.create(type, intendedObject(type, wanted), this);
    } catch (error) {
      // The view may be behind: what is there counts, whoever made it.
      if (isStatus(error, "AlreadyExists")) return this.client.get(type, key, this);
      this.#doubt(type, error);
      throw error;
    }
  }

  async delete<O extends ApiObject>(
    type: ResourceType<O>,
    target: Named | O,
    { propagation: propagationPolicy = "Background" }: DeletionOptions = {},
  ): Promise<void> {
    const key = isApiObject(target) ? keyOf(target) : this.#keyOf(type, target);
    const uid = isApiObject(target) ? target.metadata.uid : undefined;
    this.#deps.applier.forget(type, key);
    const informer = this.#deps.informers.peek(type);
    const present = informer?.lister.get(key);
    const isGone = informer !== undefined && present === undefined;
    if (isGone || present?.metadata.deletionTimestamp !== undefined) return;
    try {
      const preconditions = uid === undefined ? {} : { preconditions: { uid } };
      await this.client.delete(type, key, this, { propagationPolicy, ...preconditions });
    } catch (error) {
      if (!isStatus(error, "NotFound")) throw error;
    }
  }

  isServed(type: ResourceType): boolean {
    return this.#deps.presence.presenceOf(type) ?? true;
  }

  now(): number {
    return this.#deps.env.clock.now();
  }

  wouldDo(what: string): void {
    this.#notes?.wouldDo(what);
  }

  event(reason: string, message: string): void {
    this.#deps.recorder.normal(this.#object, this.#deps.type, reason, message);
  }

  warn(reason: string, message: string): void {
    this.#deps.recorder.warning(this.#object, this.#deps.type, reason, message);
  }

  done(): Outcome {
    return DONE;
  }

  requeueAfter(delay: Duration, options: { readonly priority?: number } = {}): Outcome {
    return requeueAfter(milliseconds(delay), options);
  }

  waitFor<O extends ApiObject>(
    type: ResourceType<O>,
    name: Named | readonly Named[],
    options: { readonly isReady?: (object: O) => boolean; readonly timeout?: Duration } = {},
  ): WaitOutcome {
    const { isReady = () => true, timeout } = options;
    const isOver = (present: O | undefined): boolean => present !== undefined && isReady(present);
    return this.#wait({ type, objects: this.#keysOf(type, name), what: "ready", isOver }, timeout);
  }

  waitUntilGone(
    type: ResourceType,
    name: Named | readonly Named[],
    { timeout }: { readonly timeout?: Duration } = {},
  ): WaitOutcome {
    const isOver = (present: ApiObject | undefined): boolean => present === undefined;
    return this.#wait({ type, objects: this.#keysOf(type, name), what: "gone", isOver }, timeout);
  }

  #wait<O extends ApiObject>(wait: Wait<O>, timeout: Duration | undefined): WaitOutcome {
    const { waits } = this.#deps;
    const isServed = this.isServed(wait.type); // if not, all is looked at again when it is
    const { sinceMs, isIdle } = isServed ? waits.add(this.key, wait) : waits.note(this.key, wait);
    if (isIdle || (!isServed && wait.what === "gone"))
      this.#waitMs = Math.min(this.#waitMs ?? IDLE_WAIT_MS, IDLE_WAIT_MS);
    if (timeout !== undefined) {
      const leftMs = sinceMs + milliseconds(timeout) - this.#deps.env.clock.monotonic();
      if (leftMs <= 0) return { kind: "waiting", timeoutMs: this.#waitMs, isTimedOut: true };
      this.#waitMs = Math.min(this.#waitMs ?? leftMs, leftMs);
    }
    return { kind: "waiting", timeoutMs: this.#waitMs, isTimedOut: false };
  }

  /** What an intent comes to, complete with its place and its owner. */
  #wanted<O extends ApiObject>(type: ResourceType<O>, intent: Intent<O>, isOwned: boolean): Wanted {
    const { metadata, ...fields } = intent;
    const key = intendedKey(type, metadata, this.key.namespace);
    const references = isOwned
      ? { ownerReferences: [this.#reference(type, key), ...(metadata.ownerReferences ?? [])] }
      : {};
    const where = key.namespace === "" ? {} : { namespace: key.namespace };
    return { key, wanted: { ...fields, metadata: { ...metadata, ...where, ...references } } };
  }

  /** The kind itself may have gone. */
  #doubt(type: ResourceType, error: unknown): void {
    const isMissing = isStatus(error, "NotFound") || isStatus(error, "MethodNotAllowed");
    if (isMissing) this.#deps.presence.doubt(type);
  }

  /** The view to read from; where it is missing or not synced the server is asked. */
  #viewOf<O extends ApiObject>(type: ResourceType<O>): SharedInformer<O> | undefined {
    const { informers, undeclaredReads } = this.#deps;
    const known = informers.peek(type);
    if (known !== undefined || undeclaredReads === "server" || !this.isServed(type)) return known;
    return informers.for(type);
  }

  #keysOf(type: ResourceType, name: Named | readonly Named[]): readonly ObjectKey[] {
    return (isNames(name) ? name : [name]).map((one) => this.#keyOf(type, one));
  }

  #keyOf(type: ResourceType, name: Named): ObjectKey {
    if (typeof name !== "string") return name;
    return intendedKey(type, { name }, this.key.namespace);
  }

  #reference(type: ResourceType, key: ObjectKey): ReturnType<typeof controllerReference> {
    const { namespace } = this.key;
    if (namespace !== "" && key.namespace !== namespace) {
      const whom = `${type.kind} ${keyText(key)}`;
      throw new Error(
        `${whom} cannot be owned by an object of namespace ${namespace}: an owner is in the same ` +
          "namespace, or in none. Apply it with { isOwned: false } and delete it in `finalize`",
      );
    }
    return controllerReference(this.#object, this.#deps.type);
  }
}

type Wanted = { readonly key: ObjectKey; readonly wanted: Fields & Pick<ApiObject, "metadata"> };

function isNames(name: Named | readonly Named[]): name is readonly Named[] {
  return Array.isArray(name);
}

function isListed(
  { metadata }: ApiObject,
  { namespace, labels }: { readonly namespace?: string; readonly labels?: LabelQuery },
): boolean {
  if (namespace !== undefined && metadata.namespace !== namespace) return false;
  return labels === undefined || matchesLabels(labels, metadata.labels);
}
