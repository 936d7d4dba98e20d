/** A client whose calls go through the caller's own function, one and all. */
import type { Context } from "../../base/context.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Client, Subresource } from "../client.ts";
import type { ResourceType } from "../resource-type.ts";

/** A call of a client, before it is made. */
export type ClientCall = {
  /** The method that is called. */
  readonly verb: keyof Client;
  readonly type: ResourceType;
  /** Empty parts: none is named, as in a list of all namespaces, or a name the server makes up. */
  readonly key: ObjectKey;
  readonly isWrite: boolean;
  readonly subresource?: Subresource;
  /** What is sent: the object, the `Patch`, or the body of a subresource. */
  readonly sent?: unknown;
  /** As the call has them: a list's, a write's or a deletion's. */
  readonly options?: unknown;
  readonly context: Context;
};

/**
 * Stands around each call: `next` makes it, once or not at all, with the context of the call unless
 * it is given another. What is thrown here is thrown to the caller, and what is returned is
 * answered.
 */
export type Interceptor = <R>(
  call: ClientCall,
  next: (context?: Context) => Promise<R>,
) => Promise<R>;

/**
 * `client`, with every call handed to `intercept`. For faults in tests, above all: before `next`
 * the server has not heard of the call, after it the write is done and only its answer is lost.
 *
 *     let conflicts = 2;
 *     const unlucky = interceptedClient(client, async (call, next) => {
 *       if (call.verb === "update" && conflicts-- > 0) throw new StatusError(aConflict);
 *       return next();
 *     });
 */
export function interceptedClient(client: Client, intercept: Interceptor): Client {
  const read = (call: Omit<ClientCall, "isWrite">): ClientCall => ({ ...call, isWrite: false });
  const write = (call: Omit<ClientCall, "isWrite">): ClientCall => ({ ...call, isWrite: true });
  return {
    get: (type, key, context) =>
      intercept(read({ verb: "get", type, key, context }), (inner = context) =>
        client.get(type, key, inner),
      ),
    list: (type, options, context) =>
      intercept(
        read({ verb: "list", type, key: scopeOf(options), options, context }),
        (inner = context) => client.list(type, options, inner),
      ),
    watch: (type, options, context) =>
      intercept(
        read({ verb: "watch", type, key: scopeOf(options), options, context }),
        (inner = context) => client.watch(type, options, inner),
      ),
    create: (type, object, context, options) =>
      intercept(write(withObject("create", type, object, context, options)), (inner = context) =>
        client.create(type, object, inner, options),
      ),
    update: (type, object, context, options) =>
      intercept(write(withObject("update", type, object, context, options)), (inner = context) =>
        client.update(type, object, inner, options),
      ),
    updateStatus: (type, object, context, options) => {
      const call = withObject("updateStatus", type, object, context, options);
      return intercept(write({ ...call, subresource: "status" }), (inner = context) =>
        client.updateStatus(type, object, inner, options),
      );
    },
    patch: (type, key, patch, context, options) => {
      const part = options?.subresource === undefined ? {} : { subresource: options.subresource };
      const call = { verb: "patch", type, key, sent: patch, context, ...part } as const;
      return intercept(write({ ...call, ...maybe(options) }), (inner = context) =>
        client.patch(type, key, patch, inner, options),
      );
    },
    delete: (type, key, context, options) =>
      intercept(
        write({ verb: "delete", type, key, context, ...maybe(options) }),
        (inner = context) => client.delete(type, key, inner, options),
      ),
    deleteCollection: (type, options, context) => {
      const call = { verb: "deleteCollection", type, key: scopeOf(options), context } as const;
      return intercept(write({ ...call, options }), (inner = context) =>
        client.deleteCollection(type, options, inner),
      );
    },
    createSubresource: (type, key, subresource, body, context, options) => {
      const call = { verb: "createSubresource", type, key, subresource, context } as const;
      return intercept(write({ ...call, sent: body, ...maybe(options) }), (inner = context) =>
        client.createSubresource(type, key, subresource, body, inner, options),
      );
    },
    updateSubresource: (type, key, subresource, body, context, options) => {
      const call = { verb: "updateSubresource", type, key, subresource, context } as const;
      return intercept(write({ ...call, sent: body, ...maybe(options) }), (inner = context) =>
        client.updateSubresource(type, key, subresource, body, inner, options),
      );
    },
  };
}

function withObject(
  verb: keyof Client,
  type: ResourceType,
  object: ApiObject,
  context: Context,
  options: unknown,
): Omit<ClientCall, "isWrite"> {
  const { namespace = "", name = "" } = object.metadata; // a name may be the server's to make up
  return { verb, type, key: { namespace, name }, sent: object, context, ...maybe(options) };
}

function maybe(options: unknown): { readonly options?: unknown } {
  return options === undefined ? {} : { options };
}

function scopeOf(options: { readonly namespace?: string }): ObjectKey {
  return { namespace: options.namespace ?? "", name: "" };
}
