/**
 * The seam between the client stair and a server: HTTP to any Kubernetes API server, or a function
 * call to one in this process. `transport-conformance.ts` runs over every implementation.
 *
 * Promises: `send` resolves with the server's answer whatever its status code; answers are already
 * decoded (`object`, `list`, `events`) where their media type is JSON, `bytes` or `stream` else;
 * an aborted signal ends the call and any stream it opened. It rejects only when there is no answer
 * (connection refused, reset, timed out): then the effect of a write is unknown.
 */
import type { Context } from "../base/context.ts";
import type { ApiRequest, ApiResponse } from "../machinery/request.ts";

/** Takes requests to a server and brings its answers. It rejects only if no answer came. */
export interface Transport {
  /** Sends the request with `context.cause` beside it. */
  send(request: ApiRequest, context: Context): Promise<ApiResponse>;
  /** Ends its connections. */
  close(): Promise<void>;
}

/** No answer came: the request may or may not have had its effect. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  /** True if the connection could not be made at all, so there was no effect. */
  readonly isRefused: boolean;
  constructor(message: string, options: { readonly isRefused: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.isRefused = options.isRefused;
  }
}
