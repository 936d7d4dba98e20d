/**
 * The client of an API server: typed calls made into requests over a transport.
 *
 * Promises: every object has `apiVersion` and `kind`, those of a list too; objects are frozen; a
 * refusal is thrown as `StatusError`, a missing answer as `TransportError`; nothing is cached,
 * throttled or paginated. A server that asks to wait (`Retry-After`) is asked again a bounded
 * number of times; a write whose answer was lost is never repeated.
 */
import { withCause, type Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { checkOptions, type OptionNames } from "../base/option-names.ts";
import { apiVersionOf } from "../machinery/gvk.ts";
import { EncodedObject } from "../machinery/encoded.ts";
import { keyOf, type ObjectKey } from "../machinery/key.ts";
import type { ApiList, ApiObject } from "../machinery/object.ts";
import type { ApiRequest, ApiResponse, Method, RequestBody } from "../machinery/request.ts";
import { StatusError, type Status } from "../machinery/status.ts";
import type { WatchEvent } from "../machinery/watch-event.ts";
import type {
  Client,
  DeleteOptions,
  ListOptions,
  Patch,
  Subresource,
  WatchOptions,
  WriteOptions,
} from "./client.ts";
import { acceptHeaders, isMetadataOnly, metadataPart, refuseMetadataOnly } from "./metadata-of.ts";
import type { ObjectInput } from "./object-input.ts";
import { deleteBody, listQuery, patchHeaders, patchValue, writeQuery } from "./request-parts.ts";
import { collectionPath, newObjectPath, objectPath } from "./resource-path.ts";
import type { ResourceType } from "./resource-type.ts";
import { describe, objectOf, statusOf, UnexpectedResponseError } from "./response.ts";
import { sendWithRetry, type RetryOptions } from "./retry.ts";
import type { Transport } from "./transport.ts";

/** The transport, and the timers that waits are measured by. */
export type RestClientDeps = {
  readonly transport: Transport;
  readonly env: Pick<Env, "timers">;
};

/** Who a client writes as, and how patient it is. */
export type RestClientOptions = {
  /** Name of the writer in managedFields and causes (default "setpoint"). */
  readonly fieldManager?: string;
  /** How often, and how long, to wait for a server that asks for it. */
  readonly retry?: RetryOptions;
};

const NAMES: OptionNames<RestClientOptions> = { fieldManager: true, retry: true };
const RETRY_NAMES: OptionNames<RetryOptions> = { retriesMax: true, waitMsMax: true };

/** A request in short: what is missing is empty. */
export type RawRequest = {
  /** Default: GET. */
  readonly method?: Method;
  /** Percent-encoded, without query. */
  readonly path: string;
  readonly query?: URLSearchParams;
  /** Lower-case names (default: none). */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: none. */
  readonly body?: RequestBody;
};

/**
 * The client of an API server behind any transport. What a busy server asks to send later is sent
 * later, and a read whose answer was lost is sent again (`RetryOptions`); a write whose answer was
 * lost never is: it throws a `TransportError`.
 */
export class RestClient implements Client {
  readonly #deps: RestClientDeps;
  readonly #fieldManager: string;
  readonly #retry: Required<RetryOptions>;

  constructor(deps: RestClientDeps, options: RestClientOptions = {}) {
    checkOptions("RestClient", options, NAMES);
    checkOptions("RestClient: retry", options.retry ?? {}, RETRY_NAMES);
    this.#deps = deps;
    this.#fieldManager = options.fieldManager ?? "setpoint";
    this.#retry = {
      retriesMax: options.retry?.retriesMax ?? 10,
      waitMsMax: options.retry?.waitMsMax ?? 30_000,
    };
  }

  /** Sends any request; answers the success, throws the refusal. For logs, discovery and tables. */
  request(raw: RawRequest, context: Context): Promise<ApiResponse> {
    const request: ApiRequest = {
      method: raw.method ?? "GET",
      path: raw.path,
      query: raw.query ?? new URLSearchParams(),
      headers: raw.headers ?? {},
      body: raw.body ?? { kind: "none" },
    };
    return sendWithRetry(this.#deps, request, this.#retry, this.#named(context));
  }

  async get<T extends ApiObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    context: Context,
  ): Promise<T> {
    const raw = { path: objectPath(type, key), headers: acceptHeaders(type, "object") };
    return typed(type, objectOf(await this.request(raw, context)));
  }

  async list<T extends ApiObject>(
    type: ResourceType<T>,
    options: ListOptions,
    context: Context,
  ): Promise<ApiList<T>> {
    const path = collectionPath(type, options.namespace ?? "");
    const raw = { path, query: listQuery(options), headers: acceptHeaders(type, "list") };
    const { body } = await this.request(raw, context);
    if (body.kind !== "list") {
      throw new UnexpectedResponseError(`the server answered a list with ${describe(body)}`);
    }
    const items: T[] = [];
    for (const item of body.items) {
      items.push(typed(type, item.value));
      if (items.length % TYPED_AT_ONCE === 0) await this.#deps.env.timers.yield();
    }
    const { apiVersion, listKind: kind, metadata } = body;
    return { apiVersion, kind, metadata, items };
  }

  async watch<T extends ApiObject>(
    type: ResourceType<T>,
    options: WatchOptions,
    context: Context,
  ): Promise<AsyncIterable<readonly WatchEvent<T>[]>> {
    const query = listQuery(options);
    query.set("watch", "true");
    if (options.allowWatchBookmarks === true) query.set("allowWatchBookmarks", "true");
    if (options.sendInitialEvents !== undefined) {
      query.set("sendInitialEvents", String(options.sendInitialEvents));
    }
    if (options.timeoutSeconds !== undefined) {
      query.set("timeoutSeconds", String(options.timeoutSeconds));
    }
    const path = collectionPath(type, options.namespace ?? "");
    const raw = { path, query, headers: acceptHeaders(type, "object") };
    const { body } = await this.request(raw, context);
    if (body.kind !== "events") {
      throw new UnexpectedResponseError(`the server answered a watch with ${describe(body)}`);
    }
    // The path names the kind; the server's word that all objects of it are of this type.
    const events = untilError(body.events as AsyncIterable<readonly WatchEvent<T>[]>);
    return isMetadataOnly(type) ? metadataEvents(type, events) : events;
  }

  async create<T extends ApiObject>(
    type: ResourceType<T>,
    object: ObjectInput<T>,
    context: Context,
    options: WriteOptions = {},
  ): Promise<T> {
    const path = newObjectPath(type, object.metadata.namespace ?? "");
    return typed(type, await this.#write("POST", path, this.#put(type, object, options), context));
  }

  async update<T extends ApiObject>(
    type: ResourceType<T>,
    object: ObjectInput<T>,
    context: Context,
    options: WriteOptions = {},
  ): Promise<T> {
    const path = objectPath(type, keyOf(object));
    return typed(type, await this.#write("PUT", path, this.#put(type, object, options), context));
  }

  async updateStatus<T extends ApiObject>(
    type: ResourceType<T>,
    object: T,
    context: Context,
    options: WriteOptions = {},
  ): Promise<T> {
    const path = objectPath(type, keyOf(object), "status");
    return typed(type, await this.#write("PUT", path, this.#put(type, object, options), context));
  }

  async patch<T extends ApiObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: Patch,
    context: Context,
    options: WriteOptions & { readonly subresource?: Subresource } = {},
  ): Promise<T> {
    const query = writeQuery(options, this.#fieldManager);
    if (patch.kind === "apply" && patch.isForced === true) query.set("force", "true");
    const path = objectPath(type, key, options.subresource);
    const headers = { ...patchHeaders(patch), ...acceptHeaders(type, "object") };
    const parts = { query, headers, value: patchValue(patch) };
    return typed(type, await this.#write("PATCH", path, parts, context));
  }

  async delete<T extends ApiObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    context: Context,
    options: DeleteOptions = {},
  ): Promise<T | Status> {
    const parts = { query: new URLSearchParams(), headers: {}, value: deleteBody(options) };
    const reply = await this.#write("DELETE", objectPath(type, key), parts, context);
    return statusOf(reply, 200) ?? typed(type, reply);
  }

  async deleteCollection<T extends ApiObject>(
    type: ResourceType<T>,
    options: ListOptions & DeleteOptions,
    context: Context,
  ): Promise<void> {
    const path = newObjectPath(type, options.namespace ?? "");
    const body: RequestBody = { kind: "value", value: deleteBody(options) };
    await this.request({ method: "DELETE", path, query: listQuery(options), body }, context);
  }

  async createSubresource<T extends ApiObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    subresource: Subresource,
    body: ApiObject,
    context: Context,
    options: WriteOptions = {},
  ): Promise<ApiObject | Status> {
    const parts = { query: writeQuery(options, this.#fieldManager), headers: {}, value: body };
    const path = objectPath(type, key, subresource);
    const reply = await this.#write("POST", path, parts, context);
    return statusOf(reply, 201) ?? reply;
  }

  updateSubresource<T extends ApiObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    subresource: Subresource,
    body: ApiObject,
    context: Context,
    options: WriteOptions = {},
  ): Promise<ApiObject> {
    const parts = { query: writeQuery(options, this.#fieldManager), headers: {}, value: body };
    return this.#write("PUT", objectPath(type, key, subresource), parts, context);
  }

  #put(type: ResourceType, object: ApiObject, options: WriteOptions): WriteParts {
    refuseMetadataOnly(type);
    const query = writeQuery(options, this.#fieldManager);
    return { query, headers: {}, value: withKind(type, object) };
  }

  async #write(
    method: Method,
    path: string,
    parts: WriteParts,
    context: Context,
  ): Promise<ApiObject> {
    const { query, headers, value } = parts;
    const body: RequestBody = { kind: "value", value };
    return objectOf(await this.request({ method, path, query, headers, body }, context));
  }

  /** A call without an actor is made in the name of this client. */
  #named(context: Context): Context {
    if (context.cause.actor !== "") return context;
    return withCause(context, { ...context.cause, actor: this.#fieldManager });
  }
}

/** Items of a list that are looked at before anything else has its turn. */
const TYPED_AT_ONCE = 5_000;

type WriteParts = {
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: unknown;
};

/**
 * The endpoint's word that its objects are of this type; their kind is filled in if they lack it.
 */
function typed<T extends ApiObject>(type: ResourceType<T>, object: ApiObject): T {
  return (isMetadataOnly(type) ? metadataPart(type, object) : withKind(type, object)) as T;
}

/** Lists of built-in kinds come without kind and apiVersion on the items. */
function withKind(type: ResourceType, object: ApiObject): ApiObject {
  if (object.kind !== undefined && object.apiVersion !== undefined) return object;
  const { apiVersion = apiVersionOf(type), kind = type.kind, ...rest } = object;
  return Object.freeze({ apiVersion, kind, ...rest });
}

/** The same events, with the metadata of their objects. */
async function* metadataEvents<T extends ApiObject>(
  type: ResourceType<T>,
  batches: AsyncIterable<readonly WatchEvent<T>[]>,
): AsyncGenerator<readonly WatchEvent<T>[], void, undefined> {
  for await (const batch of batches) {
    yield batch.map((event) =>
      event.kind === "ERROR" || event.kind === "BOOKMARK"
        ? event
        : { ...event, object: EncodedObject.fromValue(typed(type, event.object.value)) },
    );
  }
}

/**
 * The batches up to an ERROR event, which is thrown. No generator: it would cost each event more
 * than the look at it.
 */
function untilError<T extends ApiObject>(
  batches: AsyncIterable<readonly WatchEvent<T>[]>,
): AsyncIterable<readonly WatchEvent<T>[]> {
  return { [Symbol.asyncIterator]: () => new UntilError(batches[Symbol.asyncIterator]()) };
}

type Batch<T extends ApiObject> = IteratorResult<readonly WatchEvent<T>[], undefined>;

class UntilError<T extends ApiObject> implements AsyncIterator<readonly WatchEvent<T>[]> {
  readonly #batches: AsyncIterator<readonly WatchEvent<T>[]>;
  #error: StatusError | undefined;

  constructor(batches: AsyncIterator<readonly WatchEvent<T>[]>) {
    this.#batches = batches;
  }

  async next(): Promise<Batch<T>> {
    if (this.#error !== undefined) return this.#thrown(this.#error);
    const next = await this.#batches.next();
    if (next.done === true) return OVER;
    const last = next.value.at(-1);
    if (last?.kind !== "ERROR") return next;
    const error = new StatusError({ ...last.status, code: last.status.code ?? 500 });
    if (next.value.length === 1) return this.#thrown(error);
    this.#error = error; // what came before it is told first
    return { value: next.value.slice(0, -1), done: false };
  }

  async return(): Promise<Batch<T>> {
    await this.#batches.return?.();
    return OVER;
  }

  async #thrown(error: StatusError): Promise<never> {
    this.#error = undefined;
    await this.#batches.return?.();
    throw error;
  }
}

const OVER = { value: undefined, done: true } as const;
