/**
 * The memory of a fake cluster: objects of any kind with one counter of revisions, compare-and-set,
 * finalizers, grace and a history of events, as an API server keeps them. It stores what it is
 * given: there are no defaults, no validation and no admission.
 */
import type { Env } from "../../base/env.ts";
import { deepFreeze } from "../../base/freeze.ts";
import { apiTime, parseApiTime } from "../../machinery/api-time.ts";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from "../../machinery/finalizers.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import { compareKeys, keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import { isFields, isTerminating, own } from "../../machinery/object.ts";
import type { ApiObject, Fields, ObjectMeta } from "../../machinery/object.ts";
import { alreadyExists, conflict, notFound, OBJECT_MODIFIED } from "../../machinery/status.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { DeleteOptions } from "../../client/client.ts";
import { equalValues } from "../../machinery/json-value.ts";

export type StoredEvent = {
  readonly kind: "ADDED" | "MODIFIED" | "DELETED";
  readonly revision: number;
  readonly object: ApiObject;
};

type Table = {
  readonly objects: Map<string, ApiObject>;
  readonly history: StoredEvent[];
  readonly listeners: Set<(event: StoredEvent) => void>;
};

const SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const SUFFIX_LENGTH = 5;

export class FakeStore {
  readonly #env: Env;
  readonly #tables = new Map<string, Table>();
  #revision = 0;

  constructor(env: Env) {
    this.#env = env;
  }

  get revision(): number {
    return this.#revision;
  }

  get(type: ResourceType, key: ObjectKey): ApiObject {
    const object = this.find(type, key);
    if (object === undefined) throw notFound(type, key.name);
    return object;
  }

  find(type: ResourceType, key: ObjectKey): ApiObject | undefined {
    return this.#table(type).objects.get(keyText(key));
  }

  /** In key order. */
  list(type: ResourceType): readonly ApiObject[] {
    const objects = [...this.#table(type).objects.values()];
    return objects.sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
  }

  /** Stores a new object. `isDry`: says what it would be. */
  create(type: ResourceType, given: ApiObject, isDry = false): ApiObject {
    const { metadata } = given;
    const name = metadata.name ?? `${metadata.generateName ?? ""}${this.#suffix()}`;
    const { resourceVersion: _, deletionTimestamp: __, ...wished } = metadata;
    const object: ApiObject = {
      ...given,
      ...this.#typeMeta(type),
      metadata: {
        ...wished,
        name,
        uid: this.#env.ids.uuid(),
        creationTimestamp: apiTime(this.#env.clock.now()),
        ...(specOf(given) === undefined ? {} : { generation: 1 }),
      },
    };
    const born = type.kind === "Namespace" ? withNamespaceDefaults(object) : object;
    if (this.find(type, keyOf(born)) !== undefined) throw alreadyExists(type, name);
    return isDry ? deepFreeze(born) : this.#commit(type, "ADDED", born);
  }

  /** Puts an object of a test's choosing, status and all; only missing metadata is filled in. */
  seed(type: ResourceType, given: ApiObject): ApiObject {
    const { resourceVersion: _, ...metadata } = given.metadata;
    const object: ApiObject = {
      ...given,
      ...this.#typeMeta(type),
      metadata: {
        uid: this.#env.ids.uuid(),
        creationTimestamp: apiTime(this.#env.clock.now()),
        ...(specOf(given) === undefined ? {} : { generation: 1 }),
        ...metadata,
      },
    };
    const isThere = this.find(type, keyOf(object)) !== undefined;
    return this.#commit(type, isThere ? "MODIFIED" : "ADDED", object);
  }

  /**
   * Replaces an object by what `change` makes of it, keeping what only the server may set. Without
   * a change there is no new revision; without finalizers a terminating object goes.
   */
  replace(
    type: ResourceType,
    key: ObjectKey,
    expected: { readonly resourceVersion?: string | undefined; readonly uid?: string | undefined },
    change: (old: ApiObject) => ApiObject,
    isDry = false,
  ): ApiObject {
    const old = this.get(type, key);
    this.#check(type, old, expected);
    const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds } = old.metadata;
    const changed = change(old);
    const {
      uid: _uid,
      creationTimestamp: _creation,
      deletionTimestamp: _deletion,
      deletionGracePeriodSeconds: _grace,
      resourceVersion: _revision,
      generation: _generation,
      ...wished
    } = changed.metadata;
    const generation = nextGeneration(old, changed);
    const kept = {
      uid,
      creationTimestamp,
      deletionTimestamp,
      deletionGracePeriodSeconds,
      generation,
    };
    const metadata: ObjectMeta = { ...wished, ...defined(kept) };
    const next: ApiObject = { ...changed, ...this.#typeMeta(type), metadata };
    if (equalValues(withoutRevision(old), next)) return old;
    if (isDry) return deepFreeze(next);
    if (isTerminating(next) && !isHeld(next)) return this.#remove(type, next);
    return this.#commit(type, "MODIFIED", next);
  }

  /** Begins the deletion, or ends it if nothing holds the object. */
  delete(
    type: ResourceType,
    key: ObjectKey,
    options: DeleteOptions,
  ): { readonly object: ApiObject; readonly isGone: boolean } {
    const old = this.get(type, key);
    this.#check(type, old, options.preconditions ?? {});
    const graceSeconds = type.kind === "Pod" ? podGrace(old, options) : 0;
    const finalizers = finalizersAfterDelete(old, options);
    const nowMs = this.#env.clock.now();
    const isFirst = !isTerminating(old);
    const oldGrace = old.metadata.deletionGracePeriodSeconds ?? 0;
    const grace = isFirst ? graceSeconds : Math.min(oldGrace, graceSeconds);
    const started = isFirst ? nowMs : parseApiTime(old.metadata.deletionTimestamp ?? "");
    const due = isFirst ? started + grace * 1000 : started - (oldGrace - grace) * 1000;
    const { finalizers: _, ...rest } = old.metadata;
    const next: ApiObject = {
      ...old,
      metadata: {
        ...rest,
        deletionTimestamp: apiTime(due),
        deletionGracePeriodSeconds: grace,
        ...(finalizers.length === 0 ? {} : { finalizers }),
        ...(isFirst && old.metadata.generation !== undefined
          ? { generation: old.metadata.generation + 1 }
          : {}),
      },
      ...(type.kind === "Namespace" ? terminatingNamespace(old) : {}),
    };
    if (options.dryRun === true) return { object: deepFreeze(next), isGone: !isHeld(next) };
    if (!isHeld(next)) return { object: this.#remove(type, next), isGone: true };
    if (equalValues(old, next)) return { object: old, isGone: false };
    return { object: this.#commit(type, "MODIFIED", next), isGone: false };
  }

  /** Makes an object vanish, whatever holds it: as if its whole life had been missed. */
  vanish(type: ResourceType, key: ObjectKey): void {
    this.#remove(type, this.get(type, key));
  }

  history(type: ResourceType): readonly StoredEvent[] {
    return this.#table(type).history;
  }

  subscribe(type: ResourceType, listener: (event: StoredEvent) => void): () => void {
    const { listeners } = this.#table(type);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  #check(
    type: ResourceType,
    old: ApiObject,
    expected: { readonly resourceVersion?: string | undefined; readonly uid?: string | undefined },
  ): void {
    const { uid, resourceVersion, name = "" } = old.metadata;
    if (expected.uid !== undefined && expected.uid !== uid) {
      const why = `the UID in the precondition (${expected.uid}) does not match (${uid ?? ""})`;
      throw conflict(type, name, why);
    }
    const wanted = expected.resourceVersion;
    if (wanted !== undefined && wanted !== "" && wanted !== resourceVersion) {
      throw conflict(type, name, OBJECT_MODIFIED);
    }
  }

  #commit(type: ResourceType, kind: StoredEvent["kind"], object: ApiObject): ApiObject {
    this.#revision += 1;
    const resourceVersion = String(this.#revision);
    const stored = deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion } });
    const table = this.#table(type);
    if (kind === "DELETED") table.objects.delete(keyText(keyOf(stored)));
    else table.objects.set(keyText(keyOf(stored)), stored);
    const event: StoredEvent = { kind, revision: this.#revision, object: stored };
    table.history.push(event);
    for (const listener of table.listeners) listener(event);
    return stored;
  }

  #remove(type: ResourceType, last: ApiObject): ApiObject {
    return this.#commit(type, "DELETED", last);
  }

  #table(type: ResourceType): Table {
    const name = `${type.group}/${type.resource}`;
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const table: Table = { objects: new Map(), history: [], listeners: new Set() };
    this.#tables.set(name, table);
    return table;
  }

  #typeMeta(type: ResourceType): { readonly apiVersion: string; readonly kind: string } {
    return { apiVersion: apiVersionOf(type), kind: type.kind };
  }

  #suffix(): string {
    const letter = (): string =>
      SUFFIX_ALPHABET.charAt(Math.floor(this.#env.random.next() * SUFFIX_ALPHABET.length));
    return Array.from({ length: SUFFIX_LENGTH }, letter).join("");
  }
}

/** A field of any object, by name. */
export function fieldOf(object: ApiObject, name: string): unknown {
  const fields: Fields = { ...object };
  return own(fields, name);
}

function specOf(object: ApiObject): Fields | undefined {
  const spec = fieldOf(object, "spec");
  return isFields(spec) ? spec : undefined;
}

function nextGeneration(old: ApiObject, next: ApiObject): number | undefined {
  const { generation } = old.metadata;
  if (generation === undefined) return undefined;
  return equalValues(specOf(old), specOf(next)) ? generation : generation + 1;
}

function withoutRevision(object: ApiObject): ApiObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function withNamespaceDefaults(object: ApiObject): ApiObject {
  const fields: Fields = {
    spec: { finalizers: ["kubernetes"], ...specOf(object) },
    status: { phase: "Active" },
  };
  return { ...object, ...fields };
}

function terminatingNamespace(object: ApiObject): Fields {
  const status = fieldOf(object, "status");
  return { status: { ...(isFields(status) ? status : {}), phase: "Terminating" } };
}

function isHeld(object: ApiObject): boolean {
  const { finalizers, deletionGracePeriodSeconds } = object.metadata;
  const inSpec = specOf(object)?.["finalizers"];
  return (
    (finalizers?.length ?? 0) > 0 ||
    (deletionGracePeriodSeconds ?? 0) > 0 ||
    (Array.isArray(inSpec) && inSpec.length > 0)
  );
}

function podGrace(pod: ApiObject, options: DeleteOptions): number {
  const spec = specOf(pod);
  const status = fieldOf(pod, "status");
  const phase = isFields(status) ? status["phase"] : undefined;
  const isUnscheduled = spec?.["nodeName"] === undefined || spec["nodeName"] === "";
  if (isUnscheduled || phase === "Succeeded" || phase === "Failed") return 0;
  if (options.gracePeriodSeconds !== undefined) return Math.max(0, options.gracePeriodSeconds);
  const own = spec?.["terminationGracePeriodSeconds"];
  return typeof own === "number" ? own : 30;
}

function finalizersAfterDelete(object: ApiObject, options: DeleteOptions): readonly string[] {
  const old = object.metadata.finalizers ?? [];
  const propagation = options.propagationPolicy;
  if (propagation === undefined) return old;
  const others = old.filter((name) => name !== FOREGROUND_FINALIZER && name !== ORPHAN_FINALIZER);
  if (propagation === "Foreground") return [...others, FOREGROUND_FINALIZER];
  if (propagation === "Orphan") return [...others, ORPHAN_FINALIZER];
  return others;
}

function defined(fields: ObjectMetaFields): ObjectMeta {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

type ObjectMetaFields = { readonly [K in keyof ObjectMeta]: ObjectMeta[K] | undefined };
