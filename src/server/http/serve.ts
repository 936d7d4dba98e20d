/**
 * The API over TLS: HTTP/2, and HTTP/1.1 for those who speak nothing newer. Who has no credentials
 * is told so before a byte of the body is read; who leaves takes all work for them along.
 */
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { NO_CAUSE, type CallCause, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { childSignal } from "../../base/signals.ts";
import {
  CAUSE_HEADER,
  type ApiRequest,
  type ApiResponse,
  type RequestBody,
  type UserInfo,
} from "../../machinery/request.ts";
import { isStatus, serviceUnavailable, timeout, unauthorized } from "../../machinery/status.ts";
import { decodeCauseHeader } from "../../trace/header.ts";
import type { Authenticator } from "../authn/authenticator.ts";
import { withoutCredentials } from "../authn/identity-headers.ts";
import type { Dispatch } from "../dispatch.ts";
import { commonHeaders, requestIdOf } from "../filters/answer-headers.ts";
import { renderStatus } from "../handlers/render.ts";
import type { ConnectToNode, Relay } from "./client-connection.ts";
import { HTTP_LIMITS, type HttpLimits } from "./http-limits.ts";
import { Patience } from "./patience.ts";
import { credentialsOf, readBody, readHead, RequestAbortedError } from "./read-request.ts";
import { serveUpgrade } from "./upgrade.ts";
import { writeResponse, type WriteDeps } from "./write-response.ts";

export type ServeOptions = {
  readonly dispatch: Dispatch;
  readonly authenticate: Authenticator;
  readonly env: Env;
  /** PEM texts. `clientCa` signs the certificates of clients. */
  readonly tls: { readonly key: string; readonly cert: string; readonly clientCa: string };
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** 0 (the default): any free port. */
  readonly port?: number;
  readonly limits?: Partial<HttpLimits>;
  /** For connections to pods. Default: there are none to be had. */
  readonly connectToNode?: ConnectToNode;
  /** For connections to other servers. Default: there are none to be had. */
  readonly relay?: Relay;
};

export type ServingHandle = {
  readonly host: string;
  readonly port: number;
  /** Ends watches, waits for what is under way, then closes every connection. */
  close(): Promise<void>;
};

/** Listens; resolves when connections are accepted. */
export async function serve(options: ServeOptions): Promise<ServingHandle> {
  const serving = new Serving(options);
  await serving.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  return serving;
}

class Serving implements ServingHandle {
  readonly #options: ServeOptions;
  readonly #limits: HttpLimits;
  readonly #server: Http2SecureServer;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #exchanges = new Set<Promise<void>>();
  /** With the readers of the answers under way. */
  readonly #patiences = new Set<Patience>();
  readonly #closing = new AbortController();
  #address: AddressInfo = { address: "", family: "", port: 0 };

  constructor(options: ServeOptions) {
    this.#options = options;
    this.#limits = { ...HTTP_LIMITS, ...options.limits };
    this.#server = createSecureServer(tlsOptions(options, this.#limits));
    Object.assign(this.#server, http1Limits(this.#limits));
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    this.#server.on("session", (session) => {
      this.#sessions.add(session);
      session.once("close", () => this.#sessions.delete(session));
      session.on("error", (error) => this.#note(error));
    });
    this.#server.on("tlsClientError", (error) => this.#note(error));
    this.#server.on("sessionError", (error) => this.#note(error));
    this.#server.on("request", (request, response) => {
      const exchange = this.#answer(request, response).finally(() => {
        this.#exchanges.delete(exchange);
      });
      this.#exchanges.add(exchange);
    });
    this.#server.on("upgrade", (request: Http2ServerRequest, socket: Duplex, head: Buffer) => {
      const exchange = this.#upgrade(request, socket, head).finally(() => {
        this.#exchanges.delete(exchange);
      });
      this.#exchanges.add(exchange);
    });
  }

  get host(): string {
    return this.#address.address;
  }

  get port(): number {
    return this.#address.port;
  }

  async listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#server.removeListener("error", reject);
        this.#server.on("error", (error) => this.#note(error));
        resolve();
      });
    });
    const address = this.#server.address();
    if (address !== null && typeof address === "object") this.#address = address;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#closing.abort(new Error("the server is closing"));
    // What is under way goes on; nothing new begins; who reads nothing is not waited for.
    for (const session of this.#sessions) session.close();
    for (const patience of this.#patiences) patience.close();
    const { env } = this.#options;
    const late = new AbortController();
    const timer = env.timers.after(this.#limits.closeMsMax, () => late.abort());
    const isLate = new Promise<void>((resolve) => {
      late.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([Promise.all(this.#exchanges), isLate]);
    timer.cancel();
    await env.timers.yield(); // lets the last frames out
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** One request and its answer, until its reader has all of it. Never rejects. */
  async #answer(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const life = new AbortController();
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    const patience = this.#patience((error) => {
      life.abort(error);
      cutShort(response);
    });
    response.once("close", () => {
      close();
      life.abort(new RequestAbortedError());
    });
    response.on("error", (error: Error) => life.abort(error));
    try {
      await this.#exchange(request, response, life, patience);
      patience.wait();
      await closed;
    } catch (error) {
      if (!life.signal.aborted && !(error instanceof RequestAbortedError)) {
        this.#options.env.log.error("An answer could not be written.", { error });
      }
      cutShort(response);
    } finally {
      this.#forget(patience);
    }
  }

  #patience(onEnd: (error: Error) => void): Patience {
    const { timers } = this.#options.env;
    const patience = new Patience({ timers, limits: this.#limits, onEnd });
    this.#patiences.add(patience);
    if (this.#closing.signal.aborted) patience.close();
    return patience;
  }

  #forget(patience: Patience): void {
    patience.stop();
    this.#patiences.delete(patience);
  }

  async #exchange(
    request: Http2ServerRequest,
    response: Http2ServerResponse,
    life: AbortController,
    patience: Patience,
  ): Promise<void> {
    const { env } = this.#options;
    const { signal } = life;
    let head: Omit<ApiRequest, "body"> | undefined;
    try {
      head = readHead(request);
      const context: Context = { signal, cause: causeOf(head), log: env.log };
      const user = await this.#authenticate(request, head, context);
      const body = await this.#readBody(request);
      const answer = await this.#options.dispatch(known({ ...head, body }), user, context);
      await this.#write(answer, { response, request: head, signal, env, patience }, life);
    } catch (error) {
      if (!isStatus(error) || response.headersSent) throw error;
      const asked = head ?? UNREADABLE;
      await this.#discardRest(request, response);
      const refusal = renderStatus(error.status, asked.headers["accept"]);
      const headers = { ...commonHeaders(requestIdOf(asked, env)), ...refusal.headers };
      const deps = { response, request: asked, signal, env, patience };
      await writeResponse({ ...refusal, headers }, deps);
    }
  }

  /** A watch ends when the server closes; any other answer is written to its end. */
  async #write(answer: ApiResponse, deps: WriteDeps, life: AbortController): Promise<void> {
    const { kind } = answer.body;
    if (kind !== "events" && kind !== "stream") return writeResponse(answer, deps);
    const closing = this.#closing.signal;
    const end = (): void => life.abort(closing.reason);
    if (closing.aborted) end();
    closing.addEventListener("abort", end, { once: true });
    try {
      await writeResponse(answer, deps);
    } finally {
      closing.removeEventListener("abort", end);
    }
  }

  /** Over HTTP/2 nothing else bounds the time a body may take. */
  async #readBody(request: Http2ServerRequest): Promise<RequestBody> {
    const { requestMsMax, bodyBytesMax } = this.#limits;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = this.#options.env.timers.after(requestMsMax, () => {
      reject(timeout("the body of the request did not come in time"));
    });
    try {
      return await Promise.race([readBody(request, bodyBytesMax), late]);
    } finally {
      timer.cancel();
    }
  }

  /** A request for another protocol. Never rejects. */
  async #upgrade(request: Http2ServerRequest, socket: Duplex, early: Buffer): Promise<void> {
    const { env, dispatch, connectToNode = noNodes, relay = noRelay } = this.#options;
    const child = childSignal(this.#closing.signal);
    const patience = this.#patience((error) => {
      child.abort(error);
      socket.destroy();
    });
    socket.on("error", (error) => child.abort(error));
    socket.once("close", () => child.abort(new RequestAbortedError()));
    try {
      const head = readHead(request);
      const context = { signal: child.signal, cause: causeOf(head), log: env.log };
      const client = { method: head.method, headers: head.headers, socket, head: early };
      const answer = async (asked: ApiRequest): Promise<ApiResponse> =>
        dispatch(known(asked), await this.#authenticate(request, asked, context), context);
      const deps = { answer, connectToNode, relay, request, env, patience };
      await serveUpgrade(head, client, deps, context);
    } catch (error) {
      this.#options.env.log.debug("A connection failed.", { error });
      socket.destroy();
    } finally {
      this.#forget(patience);
      child.release();
    }
  }

  async #authenticate(
    request: Http2ServerRequest,
    head: Omit<ApiRequest, "body">,
    context: Context,
  ): Promise<UserInfo> {
    const credentials = { ...credentialsOf(request), headers: head.headers };
    const outcome = await this.#options.authenticate(credentials, context);
    if (outcome.kind === "user") return outcome.user;
    throw unauthorized();
  }

  /**
   * Whatever of the body is still to come is not wanted. Over HTTP/1.1 it is read and thrown away
   * for a while before the answer is written: a server that closes while the client still sends
   * resets the connection, and the client may never read why it was refused.
   */
  async #discardRest(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    if (request.complete) return;
    if (request.httpVersionMajor >= 2) {
      response.once("finish", () => request.stream.close(constants.NGHTTP2_NO_ERROR));
      return;
    }
    response.setHeader("connection", "close");
    const { timers } = this.#options.env;
    await new Promise<void>((resolve) => {
      const timer = timers.after(this.#limits.closeMsMax, resolve);
      const end = (): void => {
        timer.cancel();
        resolve();
      };
      request.once("end", end);
      request.once("close", end);
      request.resume();
    });
  }

  /** Broken connections are everyday life; they matter only to who looks for them. */
  #note(error: Error): void {
    this.#options.env.log.debug("A connection failed.", { error: error.message });
  }
}

/** Ends an answer before its end, in a way that nobody takes what there is of it for the whole. */
function cutShort(response: Http2ServerResponse): void {
  // Only answers of HTTP/2 have a stream, whatever the type says.
  const { stream }: { readonly stream?: ServerHttp2Stream } = response;
  if (stream === undefined) response.destroy();
  else if (!stream.destroyed) stream.destroy(new Error("the answer was cut short"));
}

/** A request of which not even the head could be read. */
const UNREADABLE: Pick<ApiRequest, "method" | "headers" | "query"> = {
  method: "GET",
  headers: {},
  query: new URLSearchParams(),
};

/** The request of somebody who is known: what proved it goes no further. */
function known(request: ApiRequest): ApiRequest {
  return { ...request, headers: withoutCredentials(request.headers) };
}

const noNodes: ConnectToNode = () =>
  Promise.reject(serviceUnavailable("this server has no connections to nodes"));

const noRelay: Relay = () =>
  Promise.reject(serviceUnavailable("this server has no connections to other servers"));

type SecureServerOptions = Parameters<typeof createSecureServer>[0];

function tlsOptions(options: ServeOptions, limits: HttpLimits): SecureServerOptions {
  const { key, cert, clientCa } = options.tls;
  return {
    key,
    cert,
    ca: clientCa,
    // Who has no certificate may have a token; who has a bad one is treated as having none.
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    handshakeTimeout: limits.handshakeMsMax,
    allowHTTP1: true,
    maxHeaderSize: limits.headerBytesMax,
    settings: {
      maxConcurrentStreams: limits.streamsMax,
      maxHeaderListSize: limits.headerBytesMax,
      initialWindowSize: 1024 * 1024,
    },
  } as SecureServerOptions;
}

/** Settings of the HTTP/1.1 side, which Node reads from the server object. */
function http1Limits(limits: HttpLimits): object {
  return {
    headersTimeout: limits.headersMsMax,
    requestTimeout: limits.requestMsMax,
    keepAliveTimeout: limits.keepAliveMs,
    maxConnections: limits.connectionsMax,
  };
}

function causeOf(head: Omit<ApiRequest, "body">): CallCause {
  const stated = decodeCauseHeader(head.headers[CAUSE_HEADER]);
  if (stated !== undefined) return stated;
  const traceparent = head.headers["traceparent"] ?? "";
  const isTrace = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent);
  return isTrace ? { ...NO_CAUSE, traceparent } : NO_CAUSE;
}
