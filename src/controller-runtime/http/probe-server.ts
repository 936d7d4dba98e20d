/**
 * What a cluster asks a controller's process: whether it lives (`/healthz`, `/livez`), whether it
 * is ready (`/readyz`), and what it counts (`/metrics`). `?verbose` lists the checks one by one.
 * And what a person on call asks: what it is doing, and what it waits for (`/debug`).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { writtenMetrics } from "../../base/metrics-text.ts";
import type { Health } from "../manager/health.ts";
import type { Manager } from "../manager/manager.ts";
import { DEBUG_ADVICE, isOwnRequest } from "./debug/debug-access.ts";
import { debugPage } from "./debug/debug-page.ts";
import type { DebugReport } from "./debug/debug-report.ts";
import { listen } from "./listen.ts";

/** Where probes and metrics are served. */
export type ProbeServerOptions = {
  /** Default 8080; 0 takes a free one. */
  readonly port?: number;
  /** Default: all addresses, as probes come from outside. */
  readonly host?: string;
  /**
   * Whether `/debug` tells what runs, what waits and what fails, as a page or as JSON (default
   * false). For requests of this machine only, such as those of `kubectl port-forward`: who may
   * forward ports of the pod may see it. Runs, calls and last errors are remembered for it.
   */
  readonly debug?: boolean;
};

/** What is asked for answers: a manager, or what can answer like one. */
export type Probed = Pick<Manager, "healthz" | "metrics" | "readyz"> & {
  /** Absent: there is no debug page, whatever the options say. */
  debug?(): DebugReport;
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
  manager: Probed,
  { port = PORT, host, debug = false }: ProbeServerOptions = {},
): Promise<ProbeServer> {
  const report = debug ? manager.debug?.bind(manager) : undefined;
  const server = createServer((request, response) => answer(manager, report, request, response));
  const listening = await listen(server, { port, host });
  return { port: listening, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function answer(
  manager: Probed,
  report: (() => DebugReport) | undefined,
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
    case "/debug":
      if (report === undefined) send(response, 404, NO_DEBUG);
      else answerDebug(report, request, response, query);
      return;
    default:
      send(response, 404, "there are /healthz, /livez, /readyz and /metrics\n");
  }
}

const NO_DEBUG = "there is no debug page here: start it with probes: { debug: true }\n";

function answerDebug(
  report: () => DebugReport,
  { headers, socket }: IncomingMessage,
  response: ServerResponse,
  query: string,
): void {
  response.setHeader("cache-control", "no-store");
  if (!isOwnRequest({ address: socket.remoteAddress, headers })) {
    send(response, 403, DEBUG_ADVICE);
    return;
  }
  const { accept = "" } = headers;
  const isJsonWanted = accept.includes("application/json") && !accept.includes("text/html");
  if (isJsonWanted || new URLSearchParams(query).get("format") === "json") {
    send(response, 200, `${JSON.stringify(report(), undefined, 2)}\n`, "application/json");
    return;
  }
  const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
  response.setHeader("content-security-policy", policy);
  send(response, 200, debugPage(report()), "text/html; charset=utf-8");
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
