/** Objects as they are now, read from the store, as far as one user may know them. */
import type { Context } from "../../base/context.ts";
import { parseExactly } from "../../machinery/codec/exact-json.ts";
import { parseApiVersion } from "../../machinery/gvk.ts";
import { keyText } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Entry } from "../../store/store.ts";
import type { ToldEvent } from "../../trace/explain/not-ready/judgement.ts";
import type { Attempt, Present } from "../../trace/explain/not-ready/not-ready.ts";
import { CLUSTER_EVENTS, eventsByUid } from "../../trace/explain/not-ready/told-event.ts";
import { isSameObject, type ObjectName } from "../../trace/facts.ts";
import type { ReadRecord, RuntimeInsight } from "../../trace/reconcile-record.ts";
import { Pace } from "../handlers/pace.ts";
import { storeKey, storePrefix, type Resource } from "../registry/resource.ts";
import type { MayRead } from "./readable-facts.ts";
import { servedKind } from "./served-kind.ts";
import type { StoreFactsDeps } from "./store-facts.ts";

/** What these own is of one kind, so that no other kind is searched. */
const OWNED_KINDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["apps/Deployment", new Set(["ReplicaSet"])],
  ["apps/ReplicaSet", new Set(["Pod"])],
  ["apps/StatefulSet", new Set(["Pod"])],
  ["apps/DaemonSet", new Set(["Pod"])],
  ["batch/Job", new Set(["Pod"])],
  ["batch/CronJob", new Set(["Job"])],
  ["/ReplicationController", new Set(["Pod"])],
  ["/Pod", new Set()],
]);

export type PresentDeps = StoreFactsDeps & { readonly insight: RuntimeInsight | undefined };

const EVENT = { apiVersion: "v1", kind: "Event" } as const;
const POD = { apiVersion: "v1", kind: "Pod" } as const;

const decoder = new TextDecoder();

export class StorePresent implements Present {
  readonly #deps: PresentDeps;
  readonly #mayRead: MayRead;
  readonly #context: Context;
  readonly #pace: Pace;
  readonly #events = new Map<string, Promise<ReadonlyMap<string, readonly ToldEvent[]>>>();

  /** For one question; `context` is that of its request. */
  constructor(deps: PresentDeps, mayRead: MayRead, context: Context) {
    this.#deps = deps;
    this.#mayRead = mayRead;
    this.#context = context;
    this.#pace = new Pace(deps.env);
  }

  nowMs(): number {
    return this.#deps.env.clock.now();
  }

  async get(name: ObjectName): Promise<ApiObject | undefined> {
    const served = servedKind(name, this.#deps.resources);
    const isPlaced = served?.isNamespaced === (name.namespace !== "") && name.name !== "";
    if (served === undefined || !isPlaced || !(await this.#mayRead(name))) return undefined;
    const entry = await this.#deps.store.get(storeKey(served, name), this.#context);
    return entry === undefined ? undefined : objectOf(entry);
  }

  async ownedBy(owner: ApiObject): Promise<readonly ApiObject[]> {
    const { uid, namespace = "" } = owner.metadata;
    if (uid === undefined) return [];
    const needle = Buffer.from(`"${uid}"`);
    const found: ApiObject[] = [];
    for (const resource of this.#kindsOwnedBy(owner)) {
      const prefix = storePrefix(resource, resource.isNamespaced ? namespace : "");
      const owned = (object: ApiObject): boolean =>
        (object.metadata.ownerReferences ?? []).some((reference) => reference.uid === uid);
      found.push(...(await this.#range(prefix, owned, (entry) => holds(entry, needle))));
    }
    return found;
  }

  async pods(namespace: string): Promise<readonly ApiObject[]> {
    const served = servedKind({ ...POD, namespace, name: "" }, this.#deps.resources);
    if (served === undefined || namespace === "") return [];
    return this.#range(storePrefix(served, namespace), () => true);
  }

  async leaving(namespace: string): Promise<readonly ApiObject[]> {
    if (namespace === "") return [];
    const needle = Buffer.from('"deletionTimestamp"');
    const isLeaving = ({ metadata }: ApiObject): boolean =>
      metadata.deletionTimestamp !== undefined;
    const inside = this.#deps.resources.all().filter(({ isNamespaced }) => isNamespaced);
    const found: ApiObject[] = [];
    for (const resource of new Map(inside.map((each) => [each.keyPrefix, each])).values()) {
      const prefix = storePrefix(resource, namespace);
      found.push(...(await this.#range(prefix, isLeaving, (entry) => holds(entry, needle))));
    }
    return found;
  }

  async events({ metadata }: ApiObject): Promise<readonly ToldEvent[]> {
    const { namespace = CLUSTER_EVENTS, uid = "" } = metadata;
    const told = this.#events.get(namespace) ?? this.#eventsOf(namespace);
    this.#events.set(namespace, told);
    return (await told).get(uid) ?? [];
  }

  /** Of the newest reconcile of each controller that has read the object and goes by its key. */
  attempts(object: ApiObject): readonly Attempt[] {
    const { namespace, name } = nameOf(object);
    const key = keyText({ namespace, name });
    const attempts: Attempt[] = [];
    for (const { controller, recent } of this.#deps.insight?.reconciles.figures() ?? []) {
      const last = recent.findLast((record) => record.key === key);
      if (last?.againInMs === undefined || !last.reads.some((read) => isOf(read, object))) continue;
      const { error, endMs, againInMs } = last;
      const againAtMs = endMs + againInMs;
      attempts.push({ controller, againAtMs, ...(error === undefined ? {} : { error }) });
    }
    return attempts;
  }

  async #eventsOf(namespace: string): Promise<ReadonlyMap<string, readonly ToldEvent[]>> {
    const served = servedKind({ ...EVENT, namespace, name: "" }, this.#deps.resources);
    if (served === undefined) return new Map();
    return eventsByUid(await this.#range(storePrefix(served, namespace), () => true));
  }

  /** Each store once, whichever versions it is served in; events own and are owned by nothing. */
  #kindsOwnedBy(owner: ApiObject): readonly Resource[] {
    const group = parseApiVersion(owner.apiVersion ?? "")?.group ?? "";
    const kinds = OWNED_KINDS.get(`${group}/${owner.kind ?? ""}`);
    const isInside = (owner.metadata.namespace ?? "") !== "";
    const byPrefix = new Map<string, Resource>();
    for (const resource of this.#deps.resources.all()) {
      const { kind } = resource;
      const isMeant = kinds === undefined ? kind !== EVENT.kind : kinds.has(kind);
      if (isMeant && (resource.isNamespaced || !isInside)) {
        byPrefix.set(resource.keyPrefix, resource);
      }
    }
    return [...byPrefix.values()];
  }

  /** `mayBe` judges the bytes, so that few objects are parsed. */
  async #range(
    prefix: string,
    isMeant: (object: ApiObject) => boolean,
    mayBe: (entry: Entry) => boolean = () => true,
  ): Promise<readonly ApiObject[]> {
    const { entries } = await this.#deps.store.range({ prefix }, this.#context);
    const found: ApiObject[] = [];
    for (const entry of entries) {
      await this.#pace.step();
      if (!mayBe(entry)) continue;
      const object = objectOf(entry);
      if (isMeant(object) && (await this.#mayRead(nameOf(object)))) found.push(object);
    }
    return found;
  }
}

function isOf(read: ReadRecord, object: ApiObject): boolean {
  return read.kind === "object" && isSameObject(read.object, nameOf(object));
}

function holds({ value }: Entry, needle: Buffer): boolean {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).includes(needle);
}

function objectOf({ value, revision }: Entry): ApiObject {
  const object = parseExactly(decoder.decode(value)) as ApiObject; // written by this program
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

function nameOf({ apiVersion = "", kind = "", metadata }: ApiObject): ObjectName {
  const { namespace = "", name = "" } = metadata;
  return { apiVersion, kind, namespace, name };
}
