/**
 * A served resource: the strategy of its kind, and where and in which form its objects are kept.
 *
 * Objects are stored as JSON whose first fields are apiVersion, kind and metadata, without the
 * resource version: the revision of the entry is it, and `read.ts` writes it in.
 */
import { assert } from "../../base/assert.ts";
import type { Context } from "../../base/context.ts";
import { apiVersionOf, gvrKey, type GroupVersionResource } from "../../machinery/gvk.ts";
import { compareText, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { AnyStrategy, Strategy } from "../../apis/strategy.ts";
import type { CustomFacts } from "./custom-facts.ts";

/**
 * How objects that are kept in another form than the one they are served in are read and written.
 * Both directions keep the order and number of objects; one that needs no change is given back as
 * the very same value. May refuse with a `StatusError`: then the read or write fails.
 */
export interface Conversion {
  /** Whether versions are converted by others, who may change their mind, or be gone. */
  readonly isOfOthers: boolean;
  fromStored(objects: readonly ApiObject[], context: Context): Promise<readonly ApiObject[]>;
  toStored(object: ApiObject, context: Context): Promise<ApiObject>;
}

/** Names of the form in which new states are kept. */
export type StoredForm = { readonly apiVersion: string; readonly kind: string };

export type Resource = {
  readonly strategy: Strategy;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  /** Plural. */
  readonly resource: string;
  readonly apiVersion: string;
  readonly isNamespaced: boolean;
  /** Of all keys, with the closing slash. */
  readonly keyPrefix: string;
  readonly storedForm: StoredForm;
  /** Undefined: objects are always kept as they are served, so that bytes can be passed on. */
  readonly conversion?: Conversion;
  /** Of a custom resource: what its definition says besides the strategy. */
  readonly custom?: CustomFacts;
  /** Aborts when the resource is served no longer, or differently: its watches end then. */
  readonly life?: AbortSignal;
};

export function makeResource(strategy: AnyStrategy): Resource {
  const { group, version, kind, listKind, plural, isNamespaced } = strategy.names;
  return {
    strategy,
    group,
    version,
    kind,
    listKind: listKind ?? `${kind}List`,
    resource: plural,
    apiVersion: apiVersionOf({ group, version }),
    isNamespaced,
    keyPrefix: keyPrefixOf(group, plural),
    storedForm: { apiVersion: apiVersionOf({ group, version }), kind },
  };
}

/** Where the objects of a resource are kept, whatever version they are written through. */
export function keyPrefixOf(group: string, plural: string): string {
  return `/registry/${group === "" ? "core" : group}/${plural}/`;
}

/** The store key of an object. */
export function storeKey(resource: Resource, key: ObjectKey): string {
  assert(key.name !== "", "a stored object has a name");
  assert(resource.isNamespaced === (key.namespace !== ""), "scope and namespace agree");
  return `${storePrefix(resource, key.namespace)}${key.name}`;
}

/** The prefix of all keys in a namespace; "" is all namespaces. */
export function storePrefix(resource: Resource, namespace: string): string {
  return namespace === "" ? resource.keyPrefix : `${resource.keyPrefix}${namespace}/`;
}

/** A resource that comes and goes, with the means to end its watches. */
export type DynamicResource = { readonly resource: Resource; readonly retire: () => void };

/**
 * All resources that are served: the built-in ones, and those of owners that come and go (custom
 * resource definitions). Readers look again at each request; who keeps something may be told of
 * changes.
 */
export class Resources {
  readonly #builtIn = new Map<string, Resource>();
  readonly #owned = new Map<string, readonly DynamicResource[]>();
  readonly #byGvr = new Map<string, Resource>();
  #sorted: readonly Resource[] | undefined;
  #generation = 0;
  readonly #listeners = new Set<() => void>();

  constructor(strategies: readonly AnyStrategy[]) {
    for (const strategy of strategies) {
      const resource = storedElsewhere(makeResource(strategy), strategies);
      const key = gvrKey(resource);
      assert(!this.#builtIn.has(key), `one strategy serves ${key}`);
      this.#builtIn.set(key, resource);
      this.#byGvr.set(key, resource);
    }
  }

  /** Counts every change of what is served: whoever keeps something made of it compares. */
  get generation(): number {
    return this.#generation;
  }

  find(gvr: GroupVersionResource): Resource | undefined {
    return this.#byGvr.get(gvrKey(gvr));
  }

  /** Whether any resource is served under this group and version. */
  hasGroupVersion(group: string, version: string): boolean {
    return this.all().some((each) => each.group === group && each.version === version);
  }

  /** Whether a built-in resource is served under any version of this group. */
  hasBuiltInGroup(group: string): boolean {
    for (const each of this.#builtIn.values()) if (each.group === group) return true;
    return false;
  }

  /** Whether a built-in resource is served under this group and version. */
  hasBuiltInGroupVersion(group: string, version: string): boolean {
    for (const each of this.#builtIn.values()) {
      if (each.group === group && each.version === version) return true;
    }
    return false;
  }

  /** Sorted by group, version, plural. */
  all(): readonly Resource[] {
    this.#sorted ??= [...this.#byGvr.values()].sort(
      (a, b) =>
        compareText(a.group, b.group) ||
        compareText(a.version, b.version) ||
        compareText(a.resource, b.resource),
    );
    return this.#sorted;
  }

  /** What is told of a resource changed, though not the resource. */
  touch(): void {
    this.#generation += 1;
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after every change until the signal aborts. It must not throw. */
  onChange(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  /**
   * Serves exactly `resources` for `owner`, none to serve it no longer. Watches of what it had
   * before end. Built-in resources cannot be replaced: those of their names are left out.
   */
  replace(owner: string, resources: readonly DynamicResource[]): void {
    const before = this.#owned.get(owner) ?? [];
    if (before.length === 0 && resources.length === 0) return;
    for (const { resource } of before) this.#byGvr.delete(gvrKey(resource));
    const served = resources.filter(({ resource }) => !this.#builtIn.has(gvrKey(resource)));
    for (const { resource } of served) this.#byGvr.set(gvrKey(resource), resource);
    if (served.length === 0) this.#owned.delete(owner);
    else this.#owned.set(owner, served);
    this.#sorted = undefined;
    this.touch();
    for (const { retire } of before) retire();
  }
}

/** A kind that is kept as another one has the keys of that one, and a conversion. */
function storedElsewhere(resource: Resource, strategies: readonly AnyStrategy[]): Resource {
  const { storedAs } = resource.strategy;
  if (storedAs === undefined) return resource;
  const { group, version, plural } = storedAs;
  const names = strategies.map((each) => each.names);
  const stored = names.find(
    (each) => each.group === group && each.version === version && each.plural === plural,
  );
  assert(stored !== undefined, `${group}/${version} ${plural} is served`);
  return {
    ...resource,
    keyPrefix: keyPrefixOf(group, plural),
    storedForm: { apiVersion: apiVersionOf({ group, version }), kind: stored.kind },
    conversion: {
      isOfOthers: false,
      fromStored: (objects) => Promise.resolve(objects.map((each) => storedAs.fromStored(each))),
      toStored: (object) => Promise.resolve(storedAs.toStored(object)),
    },
  };
}
