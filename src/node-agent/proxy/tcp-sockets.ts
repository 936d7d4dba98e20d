/**
 * The real sockets of a service proxy. Bytes are piped by Node with back-pressure in both
 * directions, and each direction ends on its own (half-open connections are kept), as without a
 * proxy in between.
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Timers } from "../../base/env.ts";
import type { SocketAddress } from "./plan-listeners.ts";
import type {
  ClientConnection,
  ListenHandlers,
  ListenResult,
  ProxySockets,
} from "./proxy-sockets.ts";

/** A backend that has not taken a connection by then is unreachable. */
export const CONNECT_MS_MAX = 5_000;

/** Connections that the kernel keeps for a listener that is busy. */
const BACKLOG = 511;

const SOCKET_OPTIONS = {
  allowHalfOpen: true,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 60_000,
} as const;

export function tcpSockets(deps: { readonly timers: Timers }): ProxySockets {
  return { listen: (at, handlers) => listen(at, handlers, deps.timers) };
}

function listen(
  { address, port }: SocketAddress,
  handlers: ListenHandlers,
  timers: Timers,
): Promise<ListenResult> {
  const server = createServer({ ...SOCKET_OPTIONS, pauseOnConnect: true }, (socket) =>
    handlers.accept(new TcpConnection(socket, timers)),
  );
  return new Promise((resolve) => {
    const onRefused = (error: NodeJS.ErrnoException): void => resolve(refusalOf(error));
    server.once("error", onRefused);
    server.listen({ host: address, port, backlog: BACKLOG }, () => {
      server.off("error", onRefused);
      server.on("error", handlers.failed);
      resolve({ kind: "listening", close: () => closed(server) });
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function refusalOf({ code, message }: NodeJS.ErrnoException): ListenResult {
  if (code === "EADDRINUSE") return { kind: "in-use" };
  if (code === "EACCES") return { kind: "denied" };
  return { kind: "failed", message };
}

class TcpConnection implements ClientConnection {
  readonly remoteAddress: string;
  readonly #client: Socket;
  readonly #timers: Timers;
  #backend: Socket | undefined;

  constructor(client: Socket, timers: Timers) {
    this.#client = client;
    this.#timers = timers;
    this.remoteAddress = client.remoteAddress ?? "";
    client.on("error", () => this.destroy());
  }

  async forwardTo({ address, port }: SocketAddress): Promise<"ended" | "unreachable"> {
    if (this.#client.destroyed) return "ended";
    const backend = connect({ ...SOCKET_OPTIONS, host: address, port });
    this.#backend = backend;
    if (!(await isConnected(backend, this.#timers))) {
      return this.#client.destroyed ? "ended" : "unreachable";
    }
    backend.on("error", () => this.destroy());
    if (backend.destroyed || this.#client.destroyed) this.destroy();
    const both = Promise.all([whenClosed(this.#client), whenClosed(backend)]);
    this.#client.pipe(backend);
    backend.pipe(this.#client);
    await both;
    return "ended";
  }

  destroy(): void {
    reset(this.#client);
    if (this.#backend !== undefined) reset(this.#backend);
  }
}

function reset(socket: Socket): void {
  if (socket.destroyed) return;
  // One that is connecting would wait for the connection in order to reset it.
  if (socket.connecting) socket.destroy();
  else socket.resetAndDestroy();
}

/** Whether the socket is connected before the time is up and before somebody destroys it. */
function isConnected(socket: Socket, timers: Timers): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = timers.after(CONNECT_MS_MAX, () => socket.destroy());
    const settle = (): void => {
      timer.cancel();
      socket.off("connect", settle);
      socket.off("close", settle);
      resolve(!socket.destroyed);
    };
    socket.once("connect", settle);
    socket.once("close", settle);
    socket.once("error", () => undefined); // `close` follows
  });
}

function whenClosed(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve();
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
  });
}
