/** HTTP/1.1: one exchange at a time on a connection, connections kept for the next. */
import http from "node:http";
import https from "node:https";
import { Socket } from "node:net";
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import { TransportError } from "../transport.ts";
import type { Connection } from "./connection-options.ts";
import { connectTls, refused, TCP_KEEP_ALIVE_MS, tlsOptions } from "./tls-socket.ts";
import type { Wire, WireHeaders, WireRequest, WireResponse } from "./wire.ts";

export class Http1Wire implements Wire {
  readonly #connection: Connection;
  readonly #env: Pick<Env, "timers">;
  readonly #agent: http.Agent;

  constructor(connection: Connection, env: Pick<Env, "timers">) {
    this.#connection = connection;
    this.#env = env;
    const options = { keepAlive: true, keepAliveMsecs: TCP_KEEP_ALIVE_MS };
    this.#agent = connection.isTls
      ? tunnelled(new https.Agent(options), connection, env)
      : new http.Agent(options);
  }

  send(request: WireRequest, signal: AbortSignal): Promise<WireResponse> {
    return new Promise((resolve, reject) => {
      const outgoing = this.#open(request);
      const connecting = new Connecting(outgoing, this.#connection, this.#env);
      const onAbort = (): void => void outgoing.destroy();
      const release = (): void => signal.removeEventListener("abort", onAbort);
      signal.addEventListener("abort", onAbort, { once: true });
      outgoing.on("error", (error) => {
        release();
        connecting.end();
        reject(failure(error, connecting.isConnected, this.#connection, signal));
      });
      outgoing.once("response", (incoming) => {
        resolve({
          status: incoming.statusCode ?? 0,
          headers: headersOf(incoming),
          chunks: read(incoming, this.#connection, signal, release),
        });
      });
      outgoing.end(request.body);
    });
  }

  close(): Promise<void> {
    this.#agent.destroy();
    return Promise.resolve();
  }

  #open(request: WireRequest): http.ClientRequest {
    const connection = this.#connection;
    const options: https.RequestOptions = {
      ...(connection.isTls
        ? tlsOptions(connection)
        : { host: connection.host, port: connection.port }),
      agent: this.#agent,
      method: request.method,
      path: request.path,
      headers: {
        ...mutableHeaders(request.headers),
        ...(request.body === undefined ? {} : { "content-length": request.body.length }),
      },
    };
    return connection.isTls ? https.request(options) : http.request(options);
  }
}

/** An agent whose connections go through the proxy, if there is one. */
function tunnelled(
  agent: https.Agent,
  connection: Connection,
  env: Pick<Env, "timers">,
): https.Agent {
  if (connection.proxy === undefined) return agent;
  agent.createConnection = (_options, callback) => {
    void tunnel(connection, env, (error, socket) => callback?.(error, socket));
    return undefined;
  };
  return agent;
}

async function tunnel(
  connection: Connection,
  env: Pick<Env, "timers">,
  tell: (error: Error | null, socket: Socket) => void,
): Promise<void> {
  let socket: Socket;
  try {
    socket = await connectTls(connection, ["http/1.1"], env);
  } catch (error) {
    // Who has the error takes no socket.
    tell(error instanceof Error ? error : new Error(String(error)), new Socket());
    return;
  }
  tell(null, socket);
}

/** Watches a request get its connection, within its time. */
class Connecting {
  isConnected = false;
  readonly #timer: { cancel(): void };

  constructor(outgoing: http.ClientRequest, connection: Connection, env: Pick<Env, "timers">) {
    this.#timer = env.timers.after(connection.connectTimeoutMs, () => {
      outgoing.destroy(new Error(`not connected after ${connection.connectTimeoutMs} ms`));
    });
    outgoing.once("socket", (socket) => {
      if (outgoing.reusedSocket) this.#done();
      else socket.once(connection.isTls ? "secureConnect" : "connect", () => this.#done());
    });
  }

  end(): void {
    this.#timer.cancel();
  }

  #done(): void {
    this.isConnected = true;
    this.#timer.cancel();
  }
}

async function* read(
  incoming: http.IncomingMessage,
  connection: Connection,
  signal: AbortSignal,
  release: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of incoming) yield chunk as Uint8Array; // no encoding is set
  } catch (error) {
    throw failure(error, true, connection, signal);
  } finally {
    release();
    incoming.destroy();
  }
}

function failure(
  error: unknown,
  isConnected: boolean,
  connection: Connection,
  signal: AbortSignal,
): unknown {
  if (signal.aborted) return signal.reason;
  if (!isConnected) return refused(connection, error);
  return new TransportError(`the connection broke: ${errorText(error)}`, {
    isRefused: false,
    cause: error,
  });
}

function headersOf(incoming: http.IncomingMessage): WireHeaders {
  const present = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(present);
}

function mutableHeaders(headers: WireHeaders): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === "string" ? value : [...value],
    ]),
  );
}
