/**
 * The client of a controller: what it writes, its listers show at once.
 *
 * Every reply of a write goes into the overlay of the kind's informer, if there is one, before the
 * caller goes on. A PUT that would change nothing is answered from the lister and never sent: a
 * reconciler may state its whole wish each time without making work for the rest of the world.
 *
 * Reads of this client are live, as those of the client below it. A write without an answer changes
 * nothing here: the watch will tell.
 */
import type { Context } from "../base/context.ts";
import type { Client, DeleteOptions, Patch, Subresource, WriteOptions } from "../client/client.ts";
import { isMetadataOnly, metadataOf, metadataPart, wholeOf } from "../client/metadata-of.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { delegatingClient } from "../client/wrappers/delegating-client.ts";
import type { Informers } from "../informer/informers.ts";
import { keyOf, type ObjectKey } from "../machinery/key.ts";
import { isApiObject, isFields, isTerminating, own } from "../machinery/object.ts";
import type { ApiObject, Uid } from "../machinery/object.ts";
import type { Status } from "../machinery/status.ts";
import { equalValues } from "../machinery/json-value.ts";

type PatchOptions = WriteOptions & { readonly subresource?: Subresource };

/** `client`, with its replies shown by the listers of `informers`. */
export function observingClient(client: Client, informers: Informers): Client {
  const observed = async <T extends ApiObject>(
    type: ResourceType<T>,
    reply: Promise<T>,
    options: { readonly dryRun?: boolean; readonly subresource?: Subresource } = {},
  ): Promise<T> => {
    const sent = deletionsOf(informers, type); // the reply is still on its way
    const object = await reply;
    const isWhole = options.subresource === undefined || options.subresource === "status";
    if (options.dryRun !== true && isWhole) observe(informers, type, object, sent);
    return object;
  };
  const put = async <T extends ApiObject>(
    type: ResourceType<T>,
    object: ApiObject,
    options: WriteOptions | undefined,
    send: () => Promise<T>,
  ): Promise<T> => {
    const cached = informers.peek(type)?.lister.get(keyOf(object));
    const isCurrent =
      cached?.metadata.resourceVersion !== undefined &&
      cached.metadata.resourceVersion === object.metadata.resourceVersion;
    if (isCurrent && equalValues(cached, object)) return cached;
    return observed(type, send(), options);
  };

  return delegatingClient(client, {
    create: (type, object, context, options) =>
      observed(type, client.create(type, object, context, options), options),
    update: async (type, object, context, options) =>
      put(type, object, options, () => client.update(type, object, context, options)),
    updateStatus: async (type, object, context, options) =>
      put(type, object, options, () => client.updateStatus(type, object, context, options)),
    patch: async <T extends ApiObject>(
      type: ResourceType<T>,
      key: ObjectKey,
      patch: Patch,
      context: Context,
      options?: PatchOptions,
    ) => {
      // A view of the whole kind can only show whole replies; who asked for metadata gets that.
      const whole = wholeOf(type);
      if (!isMetadataOnly(type) || informers.peek(whole) === undefined) {
        return observed(type, client.patch(type, key, patch, context, options), options);
      }
      const reply = client.patch(whole, key, patch, context, options);
      return metadataPart(type, await observed(whole, reply, options)) as T;
    },
    delete: async (type, key, context, options = {}) => {
      const before = seen(informers, type, key);
      const sent = deletionsOf(informers, type);
      const reply = await client.delete(type, key, context, options);
      const call = { type, key, before, sent, reply, options };
      if (options.dryRun !== true) observeDelete(informers, call);
      return reply;
    },
  });
}

/** Of the view of a kind, and of that of its metadata, which know of deletions each by itself. */
type Deletions = { readonly whole: number | undefined; readonly part: number | undefined };

function deletionsOf(informers: Informers, type: ResourceType): Deletions {
  return {
    whole: informers.peek(wholeOf(type))?.ownWrites.deletions,
    part: informers.peek(metadataOf(type))?.ownWrites.deletions,
  };
}

function observe<T extends ApiObject>(
  informers: Informers,
  type: ResourceType<T>,
  object: T,
  sent: Deletions,
): void {
  const { uid } = object.metadata;
  // What else holds a namespace is not in its metadata.
  const isUnknown = isMetadataOnly(type) && type.kind === "Namespace";
  if (uid !== undefined && isTerminating(object) && !isHeld(object) && !isUnknown) {
    ended(informers, type, keyOf(object), uid); // the write took the last finalizer away
  } else {
    wrote(informers, type, object, sent);
  }
}

/** Into the view of the kind, and into that of its metadata. */
function wrote<T extends ApiObject>(
  informers: Informers,
  type: ResourceType<T>,
  object: T,
  sent: Deletions,
): void {
  if (!isMetadataOnly(type)) informers.peek(type)?.ownWrites.wrote(object, sent.whole);
  const part = metadataOf(type);
  informers.peek(part)?.ownWrites.wrote(metadataPart(part, object), sent.part);
}

function ended(informers: Informers, type: ResourceType, key: ObjectKey, uid: Uid): void {
  informers.peek(wholeOf(type))?.ownWrites.deleted(key, uid);
  informers.peek(metadataOf(type))?.ownWrites.deleted(key, uid);
}

/** What any of the views shows of the object. */
function seen(informers: Informers, type: ResourceType, key: ObjectKey): ApiObject | undefined {
  const whole = informers.peek(wholeOf(type))?.lister.get(key);
  return whole ?? informers.peek(metadataOf(type))?.lister.get(key);
}

function observeDelete<T extends ApiObject>(
  informers: Informers,
  call: {
    readonly type: ResourceType<T>;
    readonly key: ObjectKey;
    readonly before: ApiObject | undefined;
    readonly sent: Deletions;
    readonly reply: T | Status;
    readonly options: DeleteOptions;
  },
): void {
  const { type, key, before, sent, reply, options } = call;
  if (!isObject(reply)) {
    // Without a uid from the server or the caller, the lister's is a guess: it may be of an earlier
    // object of that name. A wrong tombstone hides nothing but that earlier one.
    const uid = reply.details?.uid ?? options.preconditions?.uid ?? before?.metadata.uid;
    if (uid !== undefined) ended(informers, type, key, uid);
    return;
  }
  const { uid } = reply.metadata;
  if (uid === undefined) return;
  if (isTerminating(reply) && isHeld(reply)) wrote(informers, type, reply, sent);
  else ended(informers, type, key, uid); // some kinds answer with the last state of what is gone
}

/** Whether something still keeps a terminating object: grace, or finalizers of either kind. */
function isHeld(object: ApiObject): boolean {
  const { finalizers, deletionGracePeriodSeconds } = object.metadata;
  if ((finalizers?.length ?? 0) > 0 || (deletionGracePeriodSeconds ?? 0) > 0) return true;
  const spec: unknown = own({ ...object }, "spec");
  const inSpec = isFields(spec) ? own(spec, "finalizers") : undefined; // of a Namespace
  return Array.isArray(inSpec) && inSpec.length > 0;
}

function isObject<T extends ApiObject>(reply: T | Status): reply is T {
  return reply.kind !== "Status" && isApiObject(reply);
}
