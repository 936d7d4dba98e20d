/**
 * What plug-ins look up: objects as they are stored now. The store has them in memory, and each is
 * parsed once for everybody.
 */
import type { Context } from "../../base/context.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Store } from "../../store/store.ts";
import { objectOf, prepare } from "../registry/read.ts";
import { storeKey, storePrefix, type Resource, type Resources } from "../registry/resource.ts";

/** A kind by its names; `T` is the shape of its objects. */
export type KindOf<T extends ApiObject> = {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** Never set: it carries the type. */
  readonly shape?: T;
};

export class ClusterReader {
  readonly #store: Store;
  readonly #resources: Resources;

  constructor(deps: { readonly store: Store; readonly resources: Resources }) {
    this.#store = deps.store;
    this.#resources = deps.resources;
  }

  /** Whether the kind is served at all. */
  has(kind: KindOf<ApiObject>): boolean {
    return this.#resources.find(kind) !== undefined;
  }

  async get<T extends ApiObject>(
    kind: KindOf<T>,
    namespace: string,
    name: string,
    context: Context,
  ): Promise<T | undefined> {
    const resource = this.#resources.find(kind);
    if (resource === undefined || name === "") return undefined;
    const entry = await this.#store.get(storeKey(resource, { namespace, name }), context);
    if (entry === undefined) return undefined;
    await prepare([entry], resource, context);
    return typed<T>(objectOf(entry, resource).value);
  }

  /** In order of their names; `namespace` "" for all, and for kinds outside namespaces. */
  async list<T extends ApiObject>(
    kind: KindOf<T>,
    namespace: string,
    context: Context,
  ): Promise<readonly T[]> {
    const resource = this.#resources.find(kind);
    if (resource === undefined) return [];
    return this.listOf<T>(resource, namespace, context);
  }

  async listOf<T extends ApiObject>(
    resource: Resource,
    namespace: string,
    context: Context,
  ): Promise<readonly T[]> {
    const prefix = storePrefix(resource, namespace);
    const { entries } = await this.#store.range({ prefix }, context);
    await prepare(entries, resource, context);
    return entries.map((entry) => typed<T>(objectOf(entry, resource).value));
  }
}

/** What is stored was decoded and validated as its kind. */
function typed<T extends ApiObject>(object: ApiObject): T {
  return object as T;
}
