/**
 * A small HTTP server around a dispatch function, in each version of HTTP, on a free port of this
 * machine: the other end of the wire in tests of the transport.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { once } from "node:events";
import { NO_CAUSE } from "../../../base/context.ts";
import type { Env } from "../../../base/env.ts";
import { encodeJson } from "../../../machinery/codec/json.ts";
import { CAUSE_HEADER, type ApiResponse, type Method } from "../../../machinery/request.ts";
import type { WatchEvent } from "../../../machinery/watch-event.ts";
import { decodeCauseHeader } from "../../../trace/header.ts";
import type { Dispatch } from "../../in-process.ts";
import type { TestCertificate } from "./test-certificate.ts";

export type TestProtocol = "h2" | "https" | "http";

export type TestServer = {
  readonly url: string;
  /** Connections made so far. */
  readonly connections: readonly Socket[];
  readonly sessions: readonly ServerHttp2Session[];
  readonly close: () => Promise<void>;
};

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

export type TestServerOptions = {
  readonly protocol: TestProtocol;
  readonly certificate: TestCertificate;
  readonly dispatch: Dispatch;
  readonly env: Env;
  /** Default: any that is free. */
  readonly port?: number;
  /** Streams one HTTP/2 connection may have (default: no limit). */
  readonly streamsMax?: number;
};

export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const connections: Socket[] = [];
  const sessions: ServerHttp2Session[] = [];
  const listener = (incoming: Incoming, outgoing: Outgoing): void => {
    // Without an answer the exchange is cut: for the client, the connection broke.
    answer(incoming, outgoing, options).catch(() => cut(outgoing));
  };
  const server = create(options, listener);
  server.on("connection", (socket: Socket) => connections.push(socket));
  if (options.protocol === "h2") {
    (server as Http2SecureServer).on("session", (session) => sessions.push(session));
  }
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const scheme = options.protocol === "http" ? "http" : "https";
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    connections,
    sessions,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}

function create(
  options: TestServerOptions,
  listener: (incoming: Incoming, outgoing: Outgoing) => void,
): Server {
  const { certificate, protocol, streamsMax } = options;
  const tls = { cert: certificate.certificate, key: certificate.key };
  switch (protocol) {
    case "h2": {
      const settings = streamsMax === undefined ? {} : { maxConcurrentStreams: streamsMax };
      return createSecureServer({ ...tls, allowHTTP1: true, settings }, listener);
    }
    case "https":
      return createTlsServer(tls, listener);
    case "http":
      return createServer(listener);
  }
}

function cut(outgoing: Outgoing): void {
  if ("stream" in outgoing) outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else outgoing.destroy();
}

async function answer(
  incoming: Incoming,
  outgoing: Outgoing,
  { dispatch, env }: TestServerOptions,
): Promise<void> {
  const url = new URL(incoming.url ?? "/", "http://test");
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  const bytes = new Uint8Array(Buffer.concat(chunks));
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    typeof value === "string" && !name.startsWith(":") ? [[name, value] as const] : [],
  );
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort(new Error("the client is gone")));
  const cause = decodeCauseHeader(incoming.headers[CAUSE_HEADER] as string | undefined) ?? NO_CAUSE;
  const response = await dispatch(
    {
      method: incoming.method as Method,
      path: url.pathname,
      query: url.searchParams,
      headers: Object.fromEntries(headers),
      body: bytes.length === 0 ? { kind: "none" } : { kind: "bytes", bytes },
    },
    { name: "test", groups: [] },
    { signal: gone.signal, cause, log: env.log },
  );
  await write(response, outgoing);
}

async function write(response: ApiResponse, outgoing: Outgoing): Promise<void> {
  outgoing.statusCode = response.status;
  for (const [name, value] of Object.entries(response.headers)) outgoing.setHeader(name, value);
  if (response.warnings.length > 0) {
    const texts = response.warnings.map((text) => `299 - "${text.replaceAll(/["\\]/g, "\\$&")}"`);
    outgoing.setHeader("warning", texts);
  }
  for await (const chunk of bytesOf(response)) send(outgoing, chunk);
  outgoing.end();
}

/** The two kinds of response have the same methods with types that do not fit each other. */
function send(outgoing: Outgoing, chunk: Uint8Array | undefined): void {
  const response = outgoing as ServerResponse;
  if (chunk === undefined) response.flushHeaders();
  else response.write(chunk);
}

/** Undefined: nothing yet, but the headers are to go now. */
async function* bytesOf(
  response: ApiResponse,
): AsyncGenerator<Uint8Array | undefined, void, undefined> {
  const { body } = response;
  switch (body.kind) {
    case "none":
      return;
    case "bytes":
      return yield body.bytes;
    case "object":
      return yield body.object.bytes;
    case "list": {
      const { apiVersion, listKind, metadata } = body;
      const items = body.items.map((item) => item.value);
      return yield encodeJson({ kind: listKind, apiVersion, metadata, items });
    }
    case "relay":
    case "upgrade": // connections are no matter of clients here
      return;
    case "events":
      yield undefined;
      for await (const batch of body.events) {
        for (const event of batch) yield eventLine(event);
      }
      return;
    case "stream":
      yield undefined;
      yield* body.chunks;
  }
}

function eventLine(event: WatchEvent): Uint8Array {
  const object = event.kind === "ERROR" ? event.status : event.object.value;
  const json = encodeJson({ type: event.kind, object });
  return new Uint8Array([...json, 0x0a]);
}
