/** What is in the store at one moment of a run, for invariants: reads cost no request. */
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { keyPrefixOf } from "../../server/registry/resource.ts";
import { valueOf } from "../../server/registry/entry-views.ts";
import type { Entry } from "../../store/store.ts";
import type { Commit } from "./heard-store.ts";

/** @public The objects of a run at one moment. */
export interface State {
  /** Milliseconds since the run began. */
  readonly nowMs: number;
  /** Of the newest write. */
  readonly revision: number;
  /** By name: in the namespace `default`. */
  get<T extends ApiObject>(type: ResourceType<T>, name: string | ObjectKey): T | undefined;
  /** Of all namespaces, or one, in the order of their keys. */
  list<T extends ApiObject>(type: ResourceType<T>, namespace?: string): readonly T[];
}

/** Kept up to date commit by commit. */
export class LiveState implements State {
  readonly #now: () => number;
  readonly #byPrefix = new Map<string, Map<string, EncodedObject>>();
  /** By key: of what is there. */
  readonly #revisions = new Map<string, number>();
  #revision = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get nowMs(): number {
    return this.#now();
  }

  get revision(): number {
    return this.#revision;
  }

  /** What the commit replaced. */
  take({ key, revision, entry }: Pick<Commit, "key" | "revision" | "entry">): {
    readonly before: EncodedObject | undefined;
    /** 0: there was nothing. */
    readonly beforeRevision: number;
    readonly after: EncodedObject | undefined;
  } {
    this.#revision = Math.max(this.#revision, revision);
    const prefix = prefixOf(key);
    const objects = this.#byPrefix.get(prefix) ?? new Map<string, EncodedObject>();
    this.#byPrefix.set(prefix, objects);
    const before = objects.get(key);
    const after = entry === undefined ? undefined : objectIn(entry);
    const beforeRevision = this.#revisions.get(key) ?? 0;
    if (after === undefined) {
      objects.delete(key);
      this.#revisions.delete(key);
    } else {
      objects.set(key, after);
      this.#revisions.set(key, revision);
    }
    return { before, beforeRevision, after };
  }

  /** The store is as new as this: what it had last may be gone again. */
  reaches(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
  }

  /** Of what is there under the key; 0: nothing. */
  revisionOf(key: string): number {
    return this.#revisions.get(key) ?? 0;
  }

  /** What is there under the key. */
  at(key: string): EncodedObject | undefined {
    return this.#byPrefix.get(prefixOf(key))?.get(key);
  }

  /** Keys of a resource, in no promised order. */
  keysOf(prefix: string): Iterable<string> {
    return this.#byPrefix.get(prefix)?.keys() ?? [];
  }

  get<T extends ApiObject>(type: ResourceType<T>, name: string | ObjectKey): T | undefined {
    const key = typeof name === "string" ? defaultKey(type, name) : name;
    const prefix = keyPrefixOf(type.group, type.resource);
    const path = key.namespace === "" ? key.name : `${key.namespace}/${key.name}`;
    return this.#byPrefix.get(prefix)?.get(`${prefix}${path}`)?.value as T | undefined;
  }

  list<T extends ApiObject>(type: ResourceType<T>, namespace = ""): readonly T[] {
    const prefix = keyPrefixOf(type.group, type.resource);
    const objects = this.#byPrefix.get(prefix);
    if (objects === undefined) return [];
    const under = namespace === "" ? prefix : `${prefix}${namespace}/`;
    return [...objects]
      .filter(([key]) => key.startsWith(under))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object.value as T);
  }

  /** All keys with their objects, in no promised order. */
  *entries(): Iterable<readonly [string, EncodedObject]> {
    for (const objects of this.#byPrefix.values()) yield* objects;
  }
}

/** The server knows the value of what it wrote: nobody has to parse it. */
function objectIn(entry: Entry): EncodedObject {
  return EncodedObject.fromSource({ parts: () => [entry.value], value: () => valueOf(entry) });
}

function defaultKey({ isNamespaced }: ResourceType, name: string): ObjectKey {
  return { namespace: isNamespaced ? "default" : "", name };
}

/** `/registry/core/pods/` of `/registry/core/pods/default/web`. */
export function prefixOf(key: string): string {
  const resourceEnd = key.indexOf("/", key.indexOf("/", "/registry/".length) + 1);
  return key.slice(0, resourceEnd + 1);
}

/** `pods` of `/registry/core/pods/default/web`. */
export function resourceOf(key: string): string {
  const prefix = prefixOf(key);
  return prefix.slice(prefix.lastIndexOf("/", prefix.length - 2) + 1, -1);
}
