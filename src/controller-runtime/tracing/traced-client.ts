/**
 * A client whose calls are spans: one for each, tries again included, as a child of the span that
 * the cause of the call names. What is sent carries the span on as `traceparent`.
 *
 * The span of a watch ends when the server has begun to answer; that of a streaming list, which is
 * a watch that begins with all objects, when they are all there.
 */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import { clientThrough, type ClientCall } from "../../client/wrappers/client-through.ts";
import { isApiObject, type ApiObject } from "../../machinery/object.ts";
import type { Status } from "../../machinery/status.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import { errorType, objectAttributes } from "./attributes.ts";
import { RequestTally } from "./request-tally.ts";
import { parentOf, traceparentOf } from "./span-context.ts";
import type { TracedWrites } from "./traced-writes.ts";
import { failSpan, SPAN_KIND_CLIENT, type Span, type Tracer } from "./tracer.ts";

/** One call under way. */
type Traced = { readonly span: Span; readonly context: Context };

/** What a traced client needs: `writes` keeps in which span a revision was made. */
export type TracedClientParts = { readonly tracer: Tracer; readonly writes: TracedWrites };

/** `client`, with spans. */
export function tracedClient(client: Client, parts: TracedClientParts): Client {
  const tracing = new CallTracing(parts);
  return clientThrough(client, {
    call: (call, send) => tracing.read(call, send),
    write: (call, send) => tracing.write(call, send),
    stream: (call, open) =>
      call.options.sendInitialEvents === true
        ? tracing.stream(call, open)
        : tracing.read(call, open),
  });
}

/** As in roles, and the method of HTTP. */
const VERBS = {
  get: ["get", "GET"],
  list: ["list", "GET"],
  watch: ["watch", "GET"],
  create: ["create", "POST"],
  update: ["update", "PUT"],
  updateStatus: ["update", "PUT"],
  patch: ["patch", "PATCH"],
  delete: ["delete", "DELETE"],
  deleteCollection: ["deletecollection", "DELETE"],
  createSubresource: ["create", "POST"],
  updateSubresource: ["update", "PUT"],
} as const satisfies Readonly<Record<keyof Client, readonly [string, string]>>;

/** Makes the call, in the context it is given. */
type Send<R> = (context: Context) => Promise<R>;

class CallTracing {
  readonly #tracer: Tracer;
  readonly #writes: TracedWrites;

  constructor({ tracer, writes }: TracedClientParts) {
    this.#tracer = tracer;
    this.#writes = writes;
  }

  read<R>(call: ClientCall, send: Send<R>): Promise<R> {
    return this.#during(call, (traced) => send(traced.context));
  }

  write<R extends ApiObject | Status>(call: ClientCall, send: Send<R>): Promise<R> {
    const { kind } = call.type;
    return this.#during(call, (traced) =>
      this.#writes.send(kind, async () => {
        const reply = await send(traced.context);
        const isObject = reply.kind !== "Status" && isApiObject(reply);
        if (isObject && !call.isDryRun) {
          this.#writes.wrote(kind, reply, traced.span.spanContext());
        }
        return reply;
      }),
    );
  }

  /** The span lasts until the initial objects have come, or the stream ends before. */
  async stream<T extends ApiObject>(
    call: ClientCall,
    open: Send<AsyncIterable<readonly WatchEvent<T>[]>>,
  ): Promise<AsyncIterable<readonly WatchEvent<T>[]>> {
    const tally = new RequestTally(call.context.requests);
    const traced = this.#begin(call, tally, "streaming list");
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

  async #during<R>(call: ClientCall, work: (traced: Traced) => Promise<R>): Promise<R> {
    const tally = new RequestTally(call.context.requests);
    const traced = this.#begin(call, tally);
    try {
      return await work(traced);
    } catch (error) {
      fail(traced.span, error);
      throw error;
    } finally {
      end(traced.span, tally);
    }
  }

  #begin(call: ClientCall, requests: RequestTally, name?: string): Traced {
    const { type, key, subresource, isDryRun, context } = call;
    const [usual, method] = VERBS[call.verb];
    const verb = name ?? usual;
    const resource = subresource === undefined ? type.resource : `${type.resource}/${subresource}`;
    const attributes = {
      ...objectAttributes(type, key),
      "setpoint.verb": verb,
      "http.request.method": method,
      ...(subresource === undefined ? {} : { "setpoint.subresource": subresource }),
      ...(isDryRun ? { "setpoint.dry_run": true } : {}),
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
