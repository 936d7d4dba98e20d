/**
 * The seam to the servers that requests are handed on to. `http/backend-client.ts` speaks the
 * protocol.
 */
import type { Context } from "../../base/context.ts";
import type { Backend, BackendHead } from "../../machinery/backend.ts";

export type BackendCall = {
  readonly backend: Backend;
  readonly head: BackendHead;
  /** Empty: none. */
  readonly body: Uint8Array;
};

export type BackendAnswer = {
  readonly status: number;
  /** Lower-case names. Cookies are separated by line feeds. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it comes. Whoever does not want it all must stop the iteration. */
  readonly chunks: AsyncIterable<Uint8Array>;
};

/** See the header of this file. */
export interface Backends {
  /** Resolves with the head of the answer. Rejects with a `BackendError` if there is none. */
  send(call: BackendCall, context: Context): Promise<BackendAnswer>;
}

/** No answer came. `message` is what upstream's client says of it. */
export class BackendError extends Error {
  override readonly name = "BackendError";
}

/** Of a server that has no connections to others. */
export const NO_BACKENDS: Backends = {
  send: () =>
    Promise.reject(new BackendError("this server was started without connections to others")),
};
