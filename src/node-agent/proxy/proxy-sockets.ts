/** The sockets of a service proxy: `tcp-sockets.ts` has the real ones. */
import type { SocketAddress } from "./plan-listeners.ts";

/** How an attempt to listen ended. */
export type ListenResult =
  | {
      readonly kind: "listening";
      /** Takes no more connections. Settles when all that were taken are closed. */
      readonly close: () => Promise<void>;
    }
  /** Another process has the address, or the port on all addresses. */
  | { readonly kind: "in-use" }
  /** This process may not listen at such a port. */
  | { readonly kind: "denied" }
  | { readonly kind: "failed"; readonly message: string };

export type ListenHandlers = {
  /** Owns the connection from now on: forwards or destroys it. */
  readonly accept: (connection: ClientConnection) => void;
  /** A connection could not be taken; the listener goes on. */
  readonly failed: (error: Error) => void;
};

/** A connection that a client has made, of which nothing has been read yet. */
export interface ClientConnection {
  /** Of the client; empty if it is gone already. */
  readonly remoteAddress: string;
  /**
   * Connects to `backend` and passes bytes both ways; each direction ends on its own. Resolves with
   * `ended` when both have ended or one broke, and with `unreachable`, the connection untouched,
   * when the backend takes no connection. Never rejects.
   */
  forwardTo(backend: SocketAddress): Promise<"ended" | "unreachable">;
  /** Resets the connection, and the one to its backend. Safe to call twice. */
  destroy(): void;
}

export interface ProxySockets {
  listen(at: SocketAddress, handlers: ListenHandlers): Promise<ListenResult>;
}
