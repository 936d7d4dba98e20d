/** A client that stays in one namespace. */
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Client, ListOptions } from "../client.ts";
import type { ResourceType } from "../resource-type.ts";
import { delegatingClient } from "./delegating-client.ts";

/** A call that would have left the namespace of its client. Nothing was sent. */
export class OtherNamespaceError extends Error {
  override readonly name = "OtherNamespaceError";
}

/**
 * `client`, confined to `namespace`: calls that name no namespace mean this one, lists and watches
 * too; calls that name another are refused with `OtherNamespaceError` before anything is sent.
 * Kinds without namespaces pass as they are: what a program may do with them is the server's
 * matter. Throws a `TypeError` if `namespace` is empty.
 *
 *     const client = namespacedClient(everywhere, "shop");
 *     await client.list(Pod, {}, context); // those of "shop"
 */
export function namespacedClient(client: Client, namespace: string): Client {
  if (namespace === "") throw new TypeError("namespace: a client is confined to one, by its name");
  const scope = new Scope(namespace);
  return delegatingClient(client, {
    get: async (type, key, context) => client.get(type, scope.key(type, key), context),
    list: async (type, options, context) =>
      client.list(type, scope.options(type, options), context),
    watch: async (type, options, context) =>
      client.watch(type, scope.options(type, options), context),
    create: async (type, object, ...rest) =>
      client.create(type, scope.object(type, object), ...rest),
    update: async (type, object, ...rest) =>
      client.update(type, scope.object(type, object), ...rest),
    updateStatus: async (type, object, ...rest) =>
      client.updateStatus(type, scope.object(type, object), ...rest),
    patch: async (type, key, ...rest) => client.patch(type, scope.key(type, key), ...rest),
    delete: async (type, key, ...rest) => client.delete(type, scope.key(type, key), ...rest),
    deleteCollection: async (type, options, context) =>
      client.deleteCollection(type, scope.options(type, options), context),
    createSubresource: async (type, key, ...rest) =>
      client.createSubresource(type, scope.key(type, key), ...rest),
    updateSubresource: async (type, key, ...rest) =>
      client.updateSubresource(type, scope.key(type, key), ...rest),
  });
}

class Scope {
  readonly #namespace: string;

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  key(type: ResourceType, key: ObjectKey): ObjectKey {
    return this.#isAsItShouldBe(type, key.namespace, key.name)
      ? key
      : { ...key, namespace: this.#namespace };
  }

  options<T extends ListOptions>(type: ResourceType, options: T): T {
    return this.#isAsItShouldBe(type, options.namespace ?? "", "")
      ? options
      : { ...options, namespace: this.#namespace };
  }

  object<T extends ApiObject>(type: ResourceType, object: T): T {
    const { metadata } = object;
    return this.#isAsItShouldBe(type, metadata.namespace ?? "", metadata.name ?? "")
      ? object
      : { ...object, metadata: { ...metadata, namespace: this.#namespace } };
  }

  /** False: the namespace is to be filled in. */
  #isAsItShouldBe(type: ResourceType, namespace: string, name: string): boolean {
    if (!type.isNamespaced || namespace === this.#namespace) return true;
    if (namespace === "") return false;
    const what = name === "" ? type.kind : `${type.kind} ${name}`;
    throw new OtherNamespaceError(
      `${what} is asked for in namespace ${namespace}, and this client stays in ${this.#namespace}`,
    );
  }
}
