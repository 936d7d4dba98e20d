/**
 * What a cluster asks a controller's process: whether it lives (`/healthz`, `/livez`), whether it
 * is ready (`/readyz`), and what it counts (`/metrics`). `?verbose` lists the checks one by one.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { writtenMetrics } from "../../base/metrics-text.ts";
import type { Health } from "../manager/health.ts";
import type { Manager } from "../manager/manager.ts";

/** Where probes and metrics are served. */
export type ProbeServerOptions = {
  /** Default 8080; 0 takes a free one. */
  readonly port?: number;
  /** Default: all addresses, as probes come from outside. */
  readonly host?: string;
};

/** A server of probes and metrics that listens. */
export interface ProbeServer {
  readonly port: number;
  /** Ends connections, those that idle as well. */
  close(): Promise<void>;
}

const PORT = 8_080;

/** Rejects if the port is taken. */
export async function serveProbes(
  manager: Pick<Manager, "healthz" | "metrics" | "readyz">,
  { port = PORT, host }: ProbeServerOptions = {},
): Promise<ProbeServer> {
  const server = createServer((request, response) => answer(manager, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo; // of a server that listens on a port
  return { port: address.port, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function answer(
  manager: Pick<Manager, "healthz" | "metrics" | "readyz">,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  // Not by URL, which throws for what anybody may send, e.g. `GET //`.
  const [pathname, query = ""] = (request.url ?? "/").split("?");
  if (request.method !== "GET" && request.method !== "HEAD") {
    send(response, 405, "only GET is answered here\n");
    return;
  }
  const isVerbose = new URLSearchParams(query).has("verbose");
  switch (pathname) {
    case "/healthz":
    case "/livez":
      sendHealth(response, manager.healthz(), isVerbose);
      return;
    case "/readyz":
      sendHealth(response, manager.readyz(), isVerbose);
      return;
    case "/metrics": {
      const { text, contentType } = writtenMetrics(manager.metrics, request.headers.accept);
      send(response, 200, text, contentType);
      return;
    }
    default:
      send(response, 404, "there are /healthz, /livez, /readyz and /metrics\n");
  }
}

/** A failure is always explained; who only wants to know gets a word. */
function sendHealth(response: ServerResponse, health: Health, isVerbose: boolean): void {
  const lines = health.checks.map(({ name, isOk, state }) => {
    return `[${isOk ? "+" : "-"}]${name} ${isOk ? "ok" : "failed"}: ${state}\n`;
  });
  const text = health.isOk && !isVerbose ? "ok" : lines.join("");
  send(response, health.isOk ? 200 : 500, text);
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  type = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff" });
  response.end(text);
}
