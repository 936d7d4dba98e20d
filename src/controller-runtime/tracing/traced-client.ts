/**
 * A client whose calls are spans: one for each, tries again included, as a child of the span that
 * the cause of the call names. What is sent carries the span on as `traceparent`.
 *
 * The span of a watch ends when the server has begun to answer; that of a streaming list, which is
 * a watch that begins with all objects, when they are all there.
 */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import { isApiObject, type ApiObject } from "../../machinery/object.ts";
import type { Status } from "../../machinery/status.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import { errorType, objectAttributes } from "./attributes.ts";
import { RequestTally } from "./request-tally.ts";
import { parentOf, traceparentOf } from "./span-context.ts";
import type { TracedWrites } from "./traced-writes.ts";
import { failSpan, SPAN_KIND_CLIENT, type Span, type Tracer } from "./tracer.ts";

type Call = {
  /** As in roles: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, ... */
  readonly verb: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly type: ResourceType;
  /** Without a name: of a collection. */
  readonly key: ObjectKey;
  readonly subresource?: string | undefined;
  readonly isDryRun?: boolean | undefined;
};

/** One call under way. */
type Traced = { readonly span: Span; readonly context: Context };

/** What a traced client needs: `writes` keeps in which span a revision was made. */
export type TracedClientParts = { readonly tracer: Tracer; readonly writes: TracedWrites };

/** `client`, with spans. */
export function tracedClient(client: Client, parts: TracedClientParts): Client {
  const tracing = new CallTracing(parts);
  return {
    get: (type, key, context) =>
      tracing.read({ verb: "get", method: "GET", type, key }, context, (traced) =>
        client.get(type, key, traced),
      ),
    list: (type, options, context) =>
      tracing.read(collection("list", "GET", type, options.namespace), context, (traced) =>
        client.list(type, options, traced),
      ),
    watch: (type, options, context) => {
      const isList = options.sendInitialEvents === true;
      const call = collection(isList ? "streaming list" : "watch", "GET", type, options.namespace);
      return isList
        ? tracing.stream(call, context, (traced) => client.watch(type, options, traced))
        : tracing.read(call, context, (traced) => client.watch(type, options, traced));
    },
    create: (type, object, context, options) => {
      const { namespace = "", name = "" } = object.metadata;
      const key = { namespace, name };
      const call: Call = { verb: "create", method: "POST", type, key, isDryRun: options?.dryRun };
      return tracing.write(call, context, (traced) => client.create(type, object, traced, options));
    },
    update: (type, object, context, options) =>
      tracing.write(change("update", type, keyOf(object), options), context, (traced) =>
        client.update(type, object, traced, options),
      ),
    updateStatus: (type, object, context, options) =>
      tracing.write(
        { ...change("update", type, keyOf(object), options), subresource: "status" },
        context,
        (traced) => client.updateStatus(type, object, traced, options),
      ),
    patch: (type, key, patch, context, options) =>
      tracing.write(
        { ...change("patch", type, key, options), subresource: options?.subresource },
        context,
        (traced) => client.patch(type, key, patch, traced, options),
      ),
    delete: (type, key, context, options) =>
      tracing.write(
        { verb: "delete", method: "DELETE", type, key, isDryRun: options?.dryRun },
        context,
        (traced) => client.delete(type, key, traced, options),
      ),
    deleteCollection: (type, options, context) =>
      tracing.read(
        collection("deletecollection", "DELETE", type, options.namespace),
        context,
        (traced) => client.deleteCollection(type, options, traced),
      ),
    createSubresource: (type, key, subresource, body, context, options) =>
      tracing.read({ verb: "create", method: "POST", type, key, subresource }, context, (traced) =>
        client.createSubresource(type, key, subresource, body, traced, options),
      ),
    updateSubresource: (type, key, subresource, body, context, options) =>
      tracing.read({ verb: "update", method: "PUT", type, key, subresource }, context, (traced) =>
        client.updateSubresource(type, key, subresource, body, traced, options),
      ),
  };
}

function collection(
  verb: string,
  method: Call["method"],
  type: ResourceType,
  namespace = "",
): Call {
  return { verb, method, type, key: { namespace, name: "" } };
}

function change(
  verb: "update" | "patch",
  type: ResourceType,
  key: ObjectKey,
  options: { readonly dryRun?: boolean } = {},
): Call {
  const method = verb === "patch" ? "PATCH" : "PUT";
  return { verb, method, type, key, isDryRun: options.dryRun };
}

class CallTracing {
  readonly #tracer: Tracer;
  readonly #writes: TracedWrites;

  constructor({ tracer, writes }: TracedClientParts) {
    this.#tracer = tracer;
    this.#writes = writes;
  }

  read<R>(call: Call, context: Context, send: (context: Context) => Promise<R>): Promise<R> {
    return this.#during(call, context, (traced) => send(traced.context));
  }

  write<R extends ApiObject | Status>(
    call: Call,
    context: Context,
    send: (context: Context) => Promise<R>,
  ): Promise<R> {
    const { kind } = call.type;
    return this.#during(call, context, (traced) =>
      this.#writes.send(kind, async () => {
        const reply = await send(traced.context);
        const isObject = reply.kind !== "Status" && isApiObject(reply);
        if (isObject && call.isDryRun !== true) {
          this.#writes.wrote(kind, reply, traced.span.spanContext());
        }
        return reply;
      }),
    );
  }

  /** The span lasts until the initial objects have come, or the stream ends before. */
  async stream<T extends ApiObject>(
    call: Call,
    context: Context,
    open: (context: Context) => Promise<AsyncIterable<readonly WatchEvent<T>[]>>,
  ): Promise<AsyncIterable<readonly WatchEvent<T>[]>> {
    const tally = new RequestTally(context.requests);
    const traced = this.#begin(call, context, tally);
    try {
      const events = await open(traced.context);
      return endedByList(events, (error) => {
        if (error !== undefined) failSpan(traced.span, error);
        end(traced.span, tally);
      });
    } catch (error) {
      fail(traced.span, error);
      end(traced.span, tally);
      throw error;
    }
  }

  async #during<R>(call: Call, context: Context, work: (traced: Traced) => Promise<R>): Promise<R> {
    const tally = new RequestTally(context.requests);
    const traced = this.#begin(call, context, tally);
    try {
      return await work(traced);
    } catch (error) {
      fail(traced.span, error);
      throw error;
    } finally {
      end(traced.span, tally);
    }
  }

  #begin(call: Call, context: Context, requests: RequestTally): Traced {
    const { verb, method, type, key, subresource, isDryRun } = call;
    const resource = subresource === undefined ? type.resource : `${type.resource}/${subresource}`;
    const attributes = {
      ...objectAttributes(type, key),
      "setpoint.verb": verb,
      "http.request.method": method,
      ...(subresource === undefined ? {} : { "setpoint.subresource": subresource }),
      ...(isDryRun === true ? { "setpoint.dry_run": true } : {}),
    };
    const options = { kind: SPAN_KIND_CLIENT, attributes };
    const parent = parentOf(context.cause.traceparent);
    const span = this.#tracer.startSpan(`${verb} ${resource}`, options, parent);
    const traceparent = traceparentOf(span.spanContext());
    return { span, context: { ...context, cause: { ...context.cause, traceparent }, requests } };
  }
}

function fail(span: Span, error: unknown): void {
  failSpan(span, error);
  span.setAttributes({ "error.type": errorType(error) });
}

function end(span: Span, { status, tries, waitedMs }: RequestTally): void {
  span.setAttributes({
    ...(status === undefined ? {} : { "http.response.status_code": status }),
    ...(tries > 1 ? { "http.request.resend_count": tries - 1 } : {}),
    ...(waitedMs > 0 ? { "setpoint.throttled_seconds": waitedMs / 1_000 } : {}),
  });
  span.end();
}

/** Tells once that the initial objects are over, or why they never will be. */
async function* endedByList<T extends ApiObject>(
  events: AsyncIterable<readonly WatchEvent<T>[]>,
  ended: (error: unknown) => void,
): AsyncGenerator<readonly WatchEvent<T>[], void, undefined> {
  let isOver = false;
  const end = (error?: unknown): void => {
    if (isOver) return;
    isOver = true;
    ended(error);
  };
  try {
    for await (const batch of events) {
      if (!isOver && batch.some(isEndOfList)) end();
      yield batch;
    }
  } catch (error) {
    end(error);
    throw error;
  } finally {
    end();
  }
}

function isEndOfList(event: WatchEvent): boolean {
  return event.kind === "BOOKMARK" && event.isInitialEventsEnd;
}
