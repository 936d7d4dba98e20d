/** The one place that describes the calls of a client, for those that stand around each of them. */
import type { Context } from "../../base/context.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Status } from "../../machinery/status.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import type { Client, Subresource, WatchOptions, WriteOptions } from "../client.ts";
import type { ResourceType } from "../resource-type.ts";

/** A call of a client, before it is made. */
export type ClientCall = {
  /** The method that is called. */
  readonly verb: keyof Client;
  readonly type: ResourceType;
  /** Empty parts: none is named, as in a list of all namespaces, or a name the server makes up. */
  readonly key: ObjectKey;
  readonly isWrite: boolean;
  /** Whether nothing is to be changed. */
  readonly isDryRun: boolean;
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

/** A watch, before it begins. */
export type StreamCall = ClientCall & { readonly options: WatchOptions };

type Events<T extends ApiObject> = AsyncIterable<readonly WatchEvent<T>[]>;

/** What stands around the calls of a client. */
export type ClientWays = {
  /** Around each call that has no way of its own. */
  readonly call: Interceptor;
  /** Around writes that are answered with what was written: the object, or how it was deleted. */
  readonly write?: <R extends ApiObject | Status>(
    call: ClientCall,
    next: (context?: Context) => Promise<R>,
  ) => Promise<R>;
  /** Around watches. */
  readonly stream?: <T extends ApiObject>(
    call: StreamCall,
    next: (context?: Context) => Promise<Events<T>>,
  ) => Promise<Events<T>>;
};

/** `client`, with every call described and handed to one of `ways`. */
export function clientThrough(client: Client, ways: ClientWays): Client {
  const { call: around, write: aroundWrite = around, stream = around } = ways;
  return {
    get: (type, key, context) =>
      around(read("get", { type, key, context }), (inner = context) =>
        client.get(type, key, inner),
      ),
    list: (type, options, context) =>
      around(read("list", { type, key: scopeOf(options), options, context }), (inner = context) =>
        client.list(type, options, inner),
      ),
    watch: (type, options, context) =>
      stream(
        { ...read("watch", { type, key: scopeOf(options), context }), options },
        (inner = context) => client.watch(type, options, inner),
      ),
    create: (type, object, context, options) =>
      aroundWrite(write("create", { type, ...sent(object), context }, options), (inner = context) =>
        client.create(type, object, inner, options),
      ),
    update: (type, object, context, options) =>
      aroundWrite(write("update", { type, ...sent(object), context }, options), (inner = context) =>
        client.update(type, object, inner, options),
      ),
    updateStatus: (type, object, context, options) => {
      const parts = { type, ...sent(object), subresource: "status", context } as const;
      return aroundWrite(write("updateStatus", parts, options), (inner = context) =>
        client.updateStatus(type, object, inner, options),
      );
    },
    patch: (type, key, patch, context, options) => {
      const part = options?.subresource === undefined ? {} : { subresource: options.subresource };
      const parts = { type, key, sent: patch, context, ...part };
      return aroundWrite(write("patch", parts, options), (inner = context) =>
        client.patch(type, key, patch, inner, options),
      );
    },
    delete: (type, key, context, options) =>
      aroundWrite(write("delete", { type, key, context }, options), (inner = context) =>
        client.delete(type, key, inner, options),
      ),
    deleteCollection: (type, options, context) => {
      const parts = { type, key: scopeOf(options), context };
      return around(write("deleteCollection", parts, options), (inner = context) =>
        client.deleteCollection(type, options, inner),
      );
    },
    createSubresource: (type, key, subresource, body, context, options) => {
      const parts = { type, key, subresource, sent: body, context };
      return around(write("createSubresource", parts, options), (inner = context) =>
        client.createSubresource(type, key, subresource, body, inner, options),
      );
    },
    updateSubresource: (type, key, subresource, body, context, options) => {
      const parts = { type, key, subresource, sent: body, context };
      return around(write("updateSubresource", parts, options), (inner = context) =>
        client.updateSubresource(type, key, subresource, body, inner, options),
      );
    },
  };
}

type Parts = Omit<ClientCall, "verb" | "isWrite" | "isDryRun">;

function read(verb: keyof Client, parts: Parts): ClientCall {
  return { ...parts, verb, isWrite: false, isDryRun: false };
}

function write(
  verb: keyof Client,
  parts: Parts,
  options: Pick<WriteOptions, "dryRun"> | undefined,
): ClientCall {
  const isDryRun = options?.dryRun === true;
  return { ...parts, ...(options === undefined ? {} : { options }), verb, isWrite: true, isDryRun };
}

function sent(object: ApiObject): Pick<ClientCall, "key" | "sent"> {
  const { namespace = "", name = "" } = object.metadata; // a name may be the server's to make up
  return { key: { namespace, name }, sent: object };
}

function scopeOf(options: { readonly namespace?: string }): ObjectKey {
  return { namespace: options.namespace ?? "", name: "" };
}
