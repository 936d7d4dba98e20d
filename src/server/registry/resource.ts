/**
 * A served resource: the strategy of its kind, and where its objects are kept.
 *
 * Objects are stored as JSON whose first fields are apiVersion, kind and metadata, without the
 * resource version: the revision of the entry is it, and `read.ts` writes it in.
 */
import { assert } from "../../base/assert.ts";
import { apiVersionOf, gvrKey, type GroupVersionResource } from "../../machinery/gvk.ts";
import { compareText, type ObjectKey } from "../../machinery/key.ts";
import type { AnyStrategy, Strategy } from "../../apis/strategy.ts";

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
    keyPrefix: `/registry/${group === "" ? "core" : group}/${plural}/`,
  };
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

/** All resources that are served. Later it grows and shrinks with custom resources. */
export class Resources {
  readonly #byGvr = new Map<string, Resource>();

  constructor(strategies: readonly AnyStrategy[]) {
    for (const strategy of strategies) {
      const resource = makeResource(strategy);
      assert(!this.#byGvr.has(gvrKey(resource)), `one strategy serves ${gvrKey(resource)}`);
      this.#byGvr.set(gvrKey(resource), resource);
    }
  }

  find(gvr: GroupVersionResource): Resource | undefined {
    return this.#byGvr.get(gvrKey(gvr));
  }

  /** Whether any resource is served under this group and version. */
  hasGroupVersion(group: string, version: string): boolean {
    return this.all().some((each) => each.group === group && each.version === version);
  }

  /** Sorted by group, version, plural. */
  all(): readonly Resource[] {
    return [...this.#byGvr.values()].sort(
      (a, b) =>
        compareText(a.group, b.group) ||
        compareText(a.version, b.version) ||
        compareText(a.resource, b.resource),
    );
  }
}
