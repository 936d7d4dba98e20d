/** A server that looks at who calls: by certificate, by token. For tests of credentials. */
import { once } from "node:events";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";
import type { TestCertificate } from "./test-certificate.ts";

/** What one request showed. */
export type SeenRequest = {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** PEM; undefined: none was shown. */
  readonly certificate: string | undefined;
  readonly body: string;
};

export type IdentityServer = {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Connections made so far, and those that are open. */
  readonly connections: { made: number; open: number };
  /** From now on it shows another certificate to new connections. */
  renew(certificate: TestCertificate): void;
};

export type IdentityServerOptions = {
  readonly protocol: "h2" | "https";
  readonly certificate: TestCertificate;
  /** PEM of the client certificates that it can verify (default: none is asked for). */
  readonly clients?: readonly string[];
  /** Whether a caller is known (default: all are). Others get 401. */
  readonly knows?: (request: SeenRequest) => boolean;
};

/** Answers an object, or with `watch` one event of a watch that stays open; ends with the test. */
export async function anIdentityServer(options: IdentityServerOptions): Promise<IdentityServer> {
  const { protocol, certificate, clients, knows = () => true } = options;
  const seen: SeenRequest[] = [];
  const connections = { made: 0, open: 0 };
  const server = createSecureServer(
    {
      cert: certificate.certificate,
      key: certificate.key,
      allowHTTP1: true,
      ALPNProtocols: protocol === "h2" ? ["h2", "http/1.1"] : ["http/1.1"],
      ...(clients === undefined
        ? {}
        : { ca: [...clients], requestCert: true, rejectUnauthorized: false }),
    },
    (incoming, outgoing) => void answer(incoming, outgoing, seen, knows),
  );
  const sockets = new Set<TLSSocket>();
  server.on("secureConnection", (socket: TLSSocket) => {
    connections.made += 1;
    connections.open += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      connections.open -= 1;
      sockets.delete(socket);
    });
  });
  server.on("sessionError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    connections,
    renew: (next) => server.setSecureContext({ cert: next.certificate, key: next.key }),
  };
}

async function answer(
  incoming: Http2ServerRequest,
  outgoing: Http2ServerResponse,
  seen: SeenRequest[],
  knows: (request: SeenRequest) => boolean,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  const socket = (incoming.stream?.session?.socket ?? incoming.socket) as TLSSocket;
  const request: SeenRequest = {
    headers: incoming.headers,
    certificate: socket.authorized ? socket.getPeerX509Certificate()?.toString() : undefined,
    body: Buffer.concat(chunks).toString(),
  };
  seen.push(request);
  outgoing.setHeader("content-type", "application/json");
  if (!knows(request)) {
    outgoing.statusCode = 401;
    const status = { kind: "Status", apiVersion: "v1", status: "Failure", code: 401 };
    outgoing.end(JSON.stringify({ ...status, reason: "Unauthorized", message: "Unauthorized" }));
    return;
  }
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } };
  if (!incoming.url.includes("watch=")) {
    outgoing.end(JSON.stringify(object));
    return;
  }
  outgoing.write(`${JSON.stringify({ type: "ADDED", object })}\n`);
}
