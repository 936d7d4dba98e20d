/** A client's connection that is to speak another protocol than HTTP. */
import type { Duplex } from "node:stream";
import type { Context } from "../../base/context.ts";
import type { Backend, BackendHead } from "../../machinery/backend.ts";

export type ClientConnection = {
  readonly method: string;
  /** Lower-case names, as the client sent them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly socket: Duplex;
  /** What came after the request's head already. */
  readonly head: Uint8Array;
};

/**
 * Connects a client to the agent of a node, with a request for `target` there. Resolves when the
 * connection has ended; throws a `StatusError` when there is none, and then has written nothing.
 */
export type ConnectToNode = (
  node: string,
  target: string,
  client: ClientConnection,
  context: Context,
) => Promise<void>;

/** Connects a client to any other server, in the same way. */
export type Relay = (
  backend: Backend,
  head: BackendHead,
  client: ClientConnection,
  context: Context,
) => Promise<void>;
