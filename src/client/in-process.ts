/**
 * The transport to a server in the same process: a function call. Values are handed across as they
 * are, without making bytes; what JSON would leave out is left out, so that a program behaves the
 * same when the server moves to the other end of a wire.
 *
 * It knows nothing of the server: `dispatch` is all it needs, so tests and the simulator can put
 * anything in between.
 */
import { withSignal, type Context } from "../base/context.ts";
import { childSignal, orAborted, type ChildSignal } from "../base/signals.ts";
import { EncodedObject } from "../machinery/encoded.ts";
import type { ApiRequest, ApiResponse, ResponseBody, UserInfo } from "../machinery/request.ts";
import { jsonValue } from "./json-value.ts";
import { isJsonType } from "./media-type.ts";
import { TransportError, type Transport } from "./transport.ts";

/** Answers a request made by `user`. Rejects only when `context.signal` aborts. */
export type Dispatch = (
  request: ApiRequest,
  user: UserInfo,
  context: Context,
) => Promise<ApiResponse>;

/** What connects a client with a server in the same process. */
export type InProcessOptions = {
  readonly dispatch: Dispatch;
  /** Who the caller is: there is nothing to authenticate inside one process. */
  readonly user: UserInfo;
};

/** A transport that calls `dispatch`. */
export function inProcessTransport(options: InProcessOptions): Transport {
  let isClosed = false;
  return {
    send: async (request, context) => {
      context.signal.throwIfAborted();
      if (isClosed) throw new TransportError("the transport is closed", { isRefused: true });
      const child = childSignal(context.signal);
      try {
        const callContext = withSignal(context, child.signal);
        const pending = options.dispatch(cleaned(request), options.user, callContext);
        const response = await orAborted(pending, child.signal);
        return { ...response, body: guarded(response, child, context.signal) };
      } catch (error) {
        child.abort(error);
        child.release();
        throw error;
      }
    },
    close: () => {
      isClosed = true;
      return Promise.resolve();
    },
  };
}

function cleaned(request: ApiRequest): ApiRequest {
  if (request.body.kind !== "value") return request;
  return { ...request, body: { kind: "value", value: jsonValue(request.body.value) } };
}

/** The body, decoded if it is JSON, with the call's signal let go of as soon as it is over. */
function guarded(response: ApiResponse, call: ChildSignal, signal: AbortSignal): ResponseBody {
  const { body } = response;
  switch (body.kind) {
    case "events":
      return { kind: "events", events: untilAborted(body.events, call, signal) };
    case "stream":
      return { kind: "stream", chunks: untilAborted(body.chunks, call, signal) };
    case "bytes":
      call.release();
      return isJsonType(response.headers["content-type"])
        ? { kind: "object", object: EncodedObject.fromBytes(body.bytes) }
        : body;
    case "none":
    case "object":
    case "list":
    case "relay":
    case "upgrade": // whoever asks for a connection finds none in the answer
      call.release();
      return body;
  }
}

/** One for all: an error of its own would cost more than all else that a watch's end costs. */
const OVER = new Error("the stream is over");

/**
 * `source` until it or the signal ends. When the reader stops early, the server's side is told
 * through its own signal: it may be waiting in the middle of a read, where `return()` cannot reach.
 */
async function* untilAborted<T>(
  source: AsyncIterable<T>,
  call: ChildSignal,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    while (!signal.aborted) {
      // The call has a signal of its own: a thousand watches would queue up at a shared one.
      const next = await orAborted(iterator.next(), call.signal);
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    call.abort(OVER);
    call.release();
    // The server's generator ends by its signal; its last words must not reject unheard.
    iterator.return?.().catch(() => undefined);
  }
}
