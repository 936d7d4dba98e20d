/**
 * The HTTPS server of a node: logs, commands and ports for the API server, health and metrics.
 * Only clients whose certificate is signed by the cluster's authority and names one of the
 * allowed groups get in; other nodes do not.
 */
import { once } from "node:events";
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Context } from "../../base/context.ts";
import { aborted } from "../../base/signals.ts";
import { LogRequestError, type LogRequests } from "./log-requests.ts";
import type { StreamingRequests, Upgrade } from "./streaming/streaming-requests.ts";

export type NodeServerOptions = {
  /** Address to listen at. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  /** PEM: signs the clients that may connect. */
  readonly clientAuthority: string;
  /** Groups (organizations of a certificate) that are let in. */
  readonly clientGroups: readonly string[];
};

export type NodeServerDeps = {
  readonly logs: LogRequests;
  /** Commands in containers and ports of pods. */
  readonly streaming: StreamingRequests;
  /** Prometheus text. */
  readonly metrics: () => string;
};

/** Headers that come slower than this are not waited for. */
const HEADERS_MS_MAX = 10_000;

export class NodeServer {
  readonly #server: Server;
  readonly #options: NodeServerOptions;
  readonly #deps: NodeServerDeps;
  /** Connections that speak another protocol by now; the HTTP server has let go of them. */
  readonly #upgraded = new Set<Duplex>();
  #context: Context | undefined;

  constructor(options: NodeServerOptions, deps: NodeServerDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#server = createServer({
      cert: options.certificate,
      key: options.key,
      ca: options.clientAuthority,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: "TLSv1.2",
      headersTimeout: HEADERS_MS_MAX,
    });
    this.#server.on("request", (request, response) => void this.#serve(request, response));
    this.#server.on("upgrade", (request, socket, head) => {
      void this.#upgrade({ request, socket, head });
    });
    this.#server.on("tlsClientError", (_error, socket) => socket.destroy());
  }

  /** Listens; answers the port. Requests are served once `run()` runs. */
  async listen(): Promise<number> {
    this.#server.listen(this.#options.port, this.#options.host);
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  /** Serves until the signal aborts, then ends all connections. */
  async run(context: Context): Promise<void> {
    this.#context = context;
    await aborted(context.signal);
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const context = this.#context;
    try {
      if (context === undefined) throw new LogRequestError(503, "the node agent is starting");
      this.#authorize(request);
      const { pathname, searchParams } = new URL(request.url ?? "/", "https://node");
      if (request.method !== "GET") throw new LogRequestError(405, "only GET is served here");
      if (pathname === "/healthz") send(response, 200, "ok");
      else if (pathname === "/metrics") send(response, 200, this.#deps.metrics());
      else await this.#serveLog(pathname, searchParams, response, context);
    } catch (error) {
      const isRefusal = error instanceof LogRequestError;
      if (!isRefusal) context?.log.error("a request to the node failed", { error });
      if (response.headersSent) response.destroy();
      else
        send(response, isRefusal ? error.code : 500, isRefusal ? error.message : "internal error");
    }
  }

  /** Serves a connection that changes its protocol, until it ends. */
  async #upgrade(upgrade: Upgrade): Promise<void> {
    const { request, socket } = upgrade;
    const context = this.#context;
    const controller = new AbortController();
    const end = (): void => {
      this.#upgraded.delete(socket);
      controller.abort(new Error("the client has gone"));
    };
    this.#upgraded.add(socket);
    socket.on("error", end);
    socket.once("close", end);
    try {
      if (context === undefined) throw new LogRequestError(503, "the node agent is starting");
      this.#authorize(request);
      const own = { ...context, signal: controller.signal };
      await this.#deps.streaming.serve(upgrade, own);
    } catch (error) {
      const isRefusal = error instanceof LogRequestError;
      if (!isRefusal && !controller.signal.aborted) {
        context?.log.error("a connection to the node failed", { error });
      }
      if (isRefusal) refuse(socket, error.code, error.message);
      else socket.destroy();
    }
  }

  #authorize(request: IncomingMessage): void {
    const { socket } = request;
    const subject = socket instanceof TLSSocket ? socket.getPeerCertificate().subject : undefined;
    const groups: unknown = subject?.O;
    const own: readonly unknown[] = Array.isArray(groups) ? groups : [groups];
    if (own.some((group) => this.#options.clientGroups.some((allowed) => allowed === group)))
      return;
    throw new LogRequestError(403, "this client may not read from nodes");
  }

  async #serveLog(
    path: string,
    query: URLSearchParams,
    response: ServerResponse,
    context: Context,
  ): Promise<void> {
    const controller = new AbortController();
    const end = (): void => controller.abort(new Error("the reader has gone"));
    response.once("close", end);
    context.signal.addEventListener("abort", end, { once: true });
    try {
      const own = { ...context, signal: controller.signal };
      const chunks = await this.#deps.logs.open(path, query, own);
      response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
      response.flushHeaders();
      for await (const chunk of chunks) {
        if (controller.signal.aborted) return;
        if (!response.write(chunk)) {
          await once(response, "drain", { signal: controller.signal });
        }
      }
      response.end();
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    } finally {
      context.signal.removeEventListener("abort", end);
    }
  }
}

/** An answer over a connection that was to change its protocol, and does not. */
function refuse(socket: Duplex, code: number, text: string): void {
  const body = `${text}\n`;
  socket.end(
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ""}\r\nConnection: close\r\n` +
      "Content-Type: text/plain; charset=utf-8\r\n" +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function send(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
