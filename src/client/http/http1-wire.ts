/** HTTP/1.1: one exchange at a time on a connection, connections kept for the next. */
import http from "node:http";
import https from "node:https";
import { Socket } from "node:net";
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import { TransportError } from "../transport.ts";
import { authorityOf, type Connection } from "./connection-options.ts";
import { isSocks, proxyAuthorization } from "./proxy-address.ts";
import { connectThrough, connectTo } from "./proxy-tunnel.ts";
import {
  connectTls,
  lookupOf,
  proxyLimits,
  refused,
  TCP_KEEP_ALIVE_MS,
  tlsOptions,
} from "./tls-socket.ts";
import type { Wire, WireHeaders, WireRequest, WireResponse } from "./wire.ts";

export class Http1Wire implements Wire {
  readonly #connection: Connection;
  readonly #env: Pick<Env, "timers">;
  readonly #agent: http.Agent;

  constructor(connection: Connection, env: Pick<Env, "timers">) {
    this.#connection = connection;
    this.#env = env;
    const options = { keepAlive: true, keepAliveMsecs: TCP_KEEP_ALIVE_MS };
    const agent = connection.isTls ? new https.Agent(options) : new http.Agent(options);
    this.#agent = connection.proxy === undefined ? agent : proxied(agent, connection, env);
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

  retire(): void {
    this.#agent.maxFreeSockets = 0; // those in use end when they are free
    for (const free of Object.values(this.#agent.freeSockets)) {
      for (const socket of free ?? []) socket.destroy();
    }
  }

  close(): Promise<void> {
    this.#agent.destroy();
    return Promise.resolve();
  }

  #open(request: WireRequest): http.ClientRequest {
    const connection = this.#connection;
    const { host, port, isTls, proxy } = connection;
    const isHanded = !isTls && proxy !== undefined && !isSocks(proxy);
    const options: https.RequestOptions = {
      ...(isTls ? tlsOptions(connection) : { host, port, ...lookupOf(connection) }),
      agent: this.#agent,
      method: request.method,
      path: isHanded ? `http://${authorityOf(connection)}${request.path}` : request.path,
      headers: {
        ...mutableHeaders(request.headers),
        ...(request.body === undefined ? {} : { "content-length": request.body.length }),
        ...(isHanded ? proxyHeaders(proxy) : {}),
      },
    };
    return isTls ? https.request(options) : http.request(options);
  }
}

/** Requests in clear are handed to the proxy, which is told at each of them who asks. */
function proxyHeaders(proxy: URL): Record<string, string> {
  const authorization = proxyAuthorization(proxy);
  return authorization === undefined ? {} : { "proxy-authorization": authorization };
}

/** `agent`, with connections that go by the connection's proxy. */
function proxied<T extends http.Agent>(
  agent: T,
  connection: Connection,
  env: Pick<Env, "timers">,
): T {
  agent.createConnection = (_options, callback) => {
    void connectFor(connection, env, (error, socket) => callback?.(error, socket));
    return undefined;
  };
  return agent;
}

async function connectFor(
  connection: Connection,
  env: Pick<Env, "timers">,
  tell: (error: Error | null, socket: Socket) => void,
): Promise<void> {
  let socket: Socket;
  try {
    socket = await socketOf(connection, env);
  } catch (error) {
    // Who has the error takes no socket.
    tell(error instanceof Error ? error : new Error(String(error)), new Socket());
    return;
  }
  tell(null, socket);
}

async function socketOf(connection: Connection, env: Pick<Env, "timers">): Promise<Socket> {
  const { proxy, isTls } = connection;
  if (isTls || proxy === undefined) return connectTls(connection, ["http/1.1"], env);
  const limits = proxyLimits(connection, env);
  return isSocks(proxy) ? connectThrough(proxy, connection, limits) : connectTo(proxy, limits);
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
      // What comes through a proxy has made its way before it is handed over.
      if (outgoing.reusedSocket || connection.proxy !== undefined) this.#done();
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
  if (error instanceof TransportError) return error;
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
