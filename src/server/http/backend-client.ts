/** Connections to the servers that requests are handed on to, over HTTP/1.1 with or without TLS. */
import { Agent as PlainAgent, request as plainRequest, type IncomingMessage } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { connect as connectPlain, isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectSecure, type ConnectionOptions } from "node:tls";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { Backend, BackendHead, BackendTls } from "../../machinery/backend.ts";
import { badRequest, serviceUnavailable } from "../../machinery/status.ts";
import {
  BackendError,
  type BackendAnswer,
  type BackendCall,
  type Backends,
} from "../proxy/backends.ts";
import type { ClientConnection } from "./client-connection.ts";
import { causeText } from "./https-webhook-client.ts";
import { joinConnections } from "./join-connections.ts";

/** A backend that does not accept a connection within this time is not waited for. */
export const CONNECT_MS_MAX = 30_000;
/** Connections to one backend that are kept for the next request. */
const IDLE_SOCKETS_MAX = 25;

/** A certificate and its key, PEM. */
export type BackendIdentity = { readonly certificate: string; readonly key: string };

/** What this server shows, and whom it believes. Undefined where it has no certificates. */
export type BackendIdentities = {
  readonly frontProxy: BackendIdentity;
  readonly nodeClient: BackendIdentity;
  /** PEM of the authority of nodes' agents. */
  readonly authority: string;
};

export type HttpBackendsDeps = {
  readonly env: Pick<Env, "timers">;
  /** Asked for at each connection: certificates are there before it. */
  readonly identities: () => BackendIdentities | undefined;
};

export class HttpBackends implements Backends {
  readonly #deps: HttpBackendsDeps;
  readonly #plain = new PlainAgent({ keepAlive: true, maxFreeSockets: IDLE_SOCKETS_MAX });
  readonly #secure = new SecureAgent({ keepAlive: true, maxFreeSockets: IDLE_SOCKETS_MAX });

  constructor(deps: HttpBackendsDeps) {
    this.#deps = deps;
  }

  async send(call: BackendCall, context: Context): Promise<BackendAnswer> {
    try {
      const response = await this.#open(call, context.signal);
      return {
        status: response.statusCode ?? 502,
        headers: headersOf(response),
        chunks: response as AsyncIterable<Buffer>,
      };
    } catch (error) {
      context.signal.throwIfAborted();
      throw backendError(error, call.backend);
    }
  }

  /**
   * Connects `client` to a backend until one of them ends. Throws a `StatusError` when it cannot be
   * reached; then nothing was written to the client.
   */
  async relay(
    backend: Backend,
    head: BackendHead,
    client: ClientConnection,
    context: Context,
  ): Promise<void> {
    const texts = [head.target, ...Object.entries(head.headers).flat(2)];
    // Names of users are written here, too: none of them may end a line.
    if (texts.some((text) => /[\r\n\0]/.test(text))) throw badRequest("invalid header");
    const socket = await this.#dial(backend).catch((error: unknown) => {
      const { message } = backendError(error, backend);
      throw serviceUnavailable(`error trying to reach service: ${message}`);
    });
    const lines = Object.entries(head.headers).flatMap(([name, values]) =>
      [values].flat().map((value) => `${name}: ${value}\r\n`),
    );
    socket.write(`${head.method} ${head.target} HTTP/1.1\r\n${lines.join("")}\r\n`);
    if (client.head.length > 0) socket.write(client.head);
    await joinConnections(client.socket, socket, context.signal);
  }

  /** Lets go of idle connections. */
  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }

  #open(call: BackendCall, signal: AbortSignal): Promise<IncomingMessage> {
    const { backend, head, body } = call;
    const { host, port, tls } = backend;
    const hasBody = body.length > 0 || /^(?:POST|PUT|PATCH)$/.test(head.method);
    const options = {
      method: head.method,
      host,
      port,
      path: head.target,
      headers: {
        ...(head.headers as Record<string, string | string[]>),
        ...(hasBody ? { "content-length": String(body.length) } : {}),
      },
      signal,
    };
    return new Promise((resolve, reject) => {
      const request =
        tls === undefined
          ? plainRequest({ ...options, agent: this.#plain })
          : secureRequest({ ...options, agent: this.#secure, ...this.#tlsOptions(tls, host) });
      const timer = this.#deps.env.timers.after(CONNECT_MS_MAX, () => {
        request.destroy(timedOut(backend));
      });
      request.on("socket", (socket) => {
        if (!socket.connecting) timer.cancel();
        else socket.once(tls === undefined ? "connect" : "secureConnect", () => timer.cancel());
      });
      request.on("close", () => timer.cancel());
      request.on("error", reject);
      request.on("response", resolve);
      // A backend that changes the protocol unasked is one that does not answer.
      request.on("upgrade", (_response, socket: Duplex) => socket.destroy());
      request.end(body);
    });
  }

  #dial(backend: Backend): Promise<Socket> {
    const { host, port, tls } = backend;
    return new Promise((resolve, reject) => {
      const socket =
        tls === undefined
          ? connectPlain({ host, port })
          : connectSecure({
              host,
              port,
              ALPNProtocols: ["http/1.1"],
              ...this.#tlsOptions(tls, host),
            });
      const timer = this.#deps.env.timers.after(CONNECT_MS_MAX, () => {
        socket.destroy(timedOut(backend));
      });
      socket.once("error", (error) => {
        timer.cancel();
        reject(error);
      });
      socket.once(tls === undefined ? "connect" : "secureConnect", () => {
        timer.cancel();
        resolve(socket);
      });
    });
  }

  #tlsOptions({ trust, serverName, identity }: BackendTls, host: string): ConnectionOptions {
    const known = this.#deps.identities();
    const shown = identity === "front-proxy" ? known?.frontProxy : known?.nodeClient;
    const ca = trust.kind === "bundle" ? trust.pem : known?.authority;
    const name = serverName === "" ? host : serverName;
    return {
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(trust.kind === "anyone" ? { rejectUnauthorized: false } : {}),
      ...(trust.kind === "system" || trust.kind === "anyone" || ca === undefined ? {} : { ca }),
      ...(identity === "none" || shown === undefined
        ? {}
        : { cert: shown.certificate, key: shown.key }),
    };
  }
}

function timedOut({ host, port }: Backend): Error {
  const error = new Error("connection timed out");
  return Object.assign(error, { code: "ETIMEDOUT", address: host, port });
}

function backendError(error: unknown, { authority }: Backend): BackendError {
  return new BackendError(causeText(error, `https://${authority}/`), { cause: error });
}

function headersOf(response: IncomingMessage): Readonly<Record<string, string>> {
  const entries = Object.entries(response.headers).flatMap(
    ([name, value]): readonly (readonly [string, string])[] => {
      if (value === undefined) return [];
      if (typeof value === "string") return [[name, value]];
      return [[name, value.join(name === "set-cookie" ? "\n" : ", ")]];
    },
  );
  return Object.fromEntries(entries);
}
