/** Requests that become connections: commands in containers, and ports of pods. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { createWebSocketStream, WebSocketServer, type WebSocket } from "ws";
import type { Context } from "../../../base/context.ts";
import type { Env } from "../../../base/env.ts";
import type { Pod } from "../../../client/builtin.ts";
import type { Lister } from "../../../informer/lister.ts";
import type { ExecSession, Runtime, RuntimeContainer } from "../../runtime/runtime.ts";
import { LogRequestError } from "../log-requests.ts";
import { commandStreams, type CommandChannels } from "./command-channels.ts";
import {
  portsOf,
  serveSpdyPortForward,
  serveWebSocketPortForward,
  SPDY_PORT_FORWARD_PROTOCOL,
  TUNNEL_PROTOCOL,
  WEBSOCKET_PORT_FORWARD_PROTOCOLS,
  type ForwardTarget,
} from "./port-forward.ts";
import { runCommand } from "./run-command.ts";
import { serveSpdyCommand, SPDY_COMMAND_PROTOCOLS } from "./spdy-command.ts";
import { WEBSOCKET_COMMAND_PROTOCOLS, websocketChannels } from "./websocket-command.ts";

export type StreamingDeps = {
  readonly runtime: Runtime;
  /** Of the pods of this node. */
  readonly pods: Lister<Pod>;
  readonly env: Env;
};

/** A connection that a client wants to turn into another protocol. */
export type Upgrade = {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What came after the request's head. */
  readonly head: Buffer;
};

/** Messages larger than this end a WebSocket. */
const MESSAGE_BYTES_MAX = 32 * 1024 * 1024;
const NORMAL_CLOSURE = 1000;

export class StreamingRequests {
  readonly #deps: StreamingDeps;

  constructor(deps: StreamingDeps) {
    this.#deps = deps;
  }

  /**
   * Serves `/exec|attach/NAMESPACE/POD/CONTAINER` and `/portForward/NAMESPACE/POD` until the
   * connection ends. Throws `LogRequestError` before the protocol has changed.
   */
  async serve(upgrade: Upgrade, context: Context): Promise<void> {
    const { pathname, searchParams: query } = new URL(upgrade.request.url ?? "/", "https://node");
    const [kind, namespace = "", name = "", container = ""] = pathname
      .split("/")
      .slice(1)
      .map(decodeURIComponent);
    const pod = this.#deps.pods.get({ namespace, name });
    if (pod === undefined) {
      throw new LogRequestError(404, `pod "${name}" does not exist on this node`);
    }
    if (kind === "portForward") return this.#forward(upgrade, pod, query, context);
    if (kind !== "exec" && kind !== "attach") throw new LogRequestError(404, "not found");
    const { id } = await this.#running(pod, container, context);
    const wanted = commandStreams(query);
    const open = (): Promise<ExecSession> => {
      const { runtime } = this.#deps;
      if (kind === "attach") return watched(runtime.attach(id, wanted, context));
      return runtime.exec(id, { ...wanted, command: query.getAll("command") }, context);
    };
    return this.#command(upgrade, wanted, (channels) => runCommand(open, channels), context);
  }

  async #command(
    upgrade: Upgrade,
    wanted: ReturnType<typeof commandStreams>,
    run: (channels: CommandChannels) => Promise<void>,
    context: Context,
  ): Promise<void> {
    if (isWebSocket(upgrade.request)) {
      const socket = await openWebSocket(upgrade, WEBSOCKET_COMMAND_PROTOCOLS);
      return run(websocketChannels(socket, wanted, () => hangUp(socket, upgrade)));
    }
    const protocol = acceptSpdy(upgrade, SPDY_COMMAND_PROTOCOLS);
    return serveSpdyCommand(upgrade.socket, protocol, wanted, this.#deps, run, context);
  }

  async #forward(
    upgrade: Upgrade,
    pod: Pod,
    query: URLSearchParams,
    context: Context,
  ): Promise<void> {
    const { name: podName = "", uid = "" } = pod.metadata;
    const sandboxes = await this.#deps.runtime.listSandboxes({ podUid: uid }, context);
    const sandbox = sandboxes.find(({ state }) => state === "ready");
    if (sandbox === undefined) throw new LogRequestError(400, `pod ${podName} is not running`);
    const target: ForwardTarget = { host: sandbox.ip, podName };
    if (!isWebSocket(upgrade.request)) {
      acceptSpdy(upgrade, [SPDY_PORT_FORWARD_PROTOCOL]);
      return serveSpdyPortForward(upgrade.socket, target, this.#deps, context);
    }
    const offered = offeredProtocols(upgrade.request);
    if (offered.includes(TUNNEL_PROTOCOL)) {
      const tunnel = createWebSocketStream(await openWebSocket(upgrade, [TUNNEL_PROTOCOL]));
      return serveSpdyPortForward(tunnel, target, this.#deps, context);
    }
    const ports = portsOf(query);
    if (ports === undefined) throw new LogRequestError(400, "ports are missing or not numbers");
    const socket = await openWebSocket(upgrade, WEBSOCKET_PORT_FORWARD_PROTOCOLS);
    const end = (): void => hangUp(socket, upgrade);
    return serveWebSocketPortForward(socket, ports, target, this.#deps, end);
  }

  async #running(pod: Pod, container: string, context: Context): Promise<RuntimeContainer> {
    const { name = "", uid = "" } = pod.metadata;
    const all = await this.#deps.runtime.listContainers({ podUid: uid }, context);
    const found = all.find((one) => one.name === container && one.state.kind === "running");
    if (found !== undefined) return found;
    throw new LogRequestError(404, `container not found ("${container}") in pod ${name}`);
  }
}

/**
 * Who attaches is told of nothing but what is said: how the container ended is in the pod's status,
 * and clients take a failure to mean that they could not attach.
 */
async function watched(attaching: Promise<ExecSession>): Promise<ExecSession> {
  const session = await attaching;
  return { ...session, ended: session.ended.then(() => 0) };
}

function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === "websocket";
}

function offeredProtocols(request: IncomingMessage): readonly string[] {
  const header = request.headers["sec-websocket-protocol"] ?? "";
  return header.split(",").map((name) => name.trim());
}

/** Completes the handshake. Throws `LogRequestError` if no protocol is spoken by both sides. */
function openWebSocket(upgrade: Upgrade, spoken: readonly string[]): Promise<WebSocket> {
  const { request, socket, head } = upgrade;
  const offered = offeredProtocols(request).filter((name) => name !== "");
  const chosen = spoken.find((name) => offered.includes(name));
  if (chosen === undefined && offered.length > 0) {
    throw new LogRequestError(403, `none of the protocols ${offered.join(", ")} is spoken here`);
  }
  // `ws` takes no protocol with a slash in its name: it is kept from it, and put in afterwards.
  delete request.headers["sec-websocket-protocol"];
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES_MAX,
  });
  if (chosen !== undefined) {
    server.on("headers", (headers) => headers.push(`Sec-WebSocket-Protocol: ${chosen}`));
  }
  return new Promise((resolve, reject) => {
    socket.once("close", () => reject(new Error("the client has gone")));
    server.handleUpgrade(request, socket, head, (opened) => {
      opened.on("error", () => opened.terminate());
      Object.defineProperty(opened, "protocol", { value: chosen ?? "" });
      resolve(opened);
    });
  });
}

/**
 * Says goodbye and, as upstream, nothing more: clients that look at a connection only when
 * something new arrives on it see what they have not looked at yet when it ends.
 */
function hangUp(socket: WebSocket, { socket: connection }: Upgrade): void {
  socket.close(NORMAL_CLOSURE);
  connection.end();
}

/** Answers 101, and says which protocol is spoken from now on. */
function acceptSpdy({ request, socket, head }: Upgrade, spoken: readonly string[]): string {
  if (request.headers.upgrade?.toLowerCase() !== "spdy/3.1") {
    throw new LogRequestError(400, "unable to upgrade: only SPDY/3.1 and websocket are spoken");
  }
  const header = request.headers["x-stream-protocol-version"] ?? "";
  const offered = (Array.isArray(header) ? header.join(",") : header)
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const chosen =
    offered.length === 0 ? spoken.at(-1) : spoken.find((name) => offered.includes(name));
  if (chosen === undefined) {
    throw new LogRequestError(403, `none of the protocols ${offered.join(", ")} is spoken here`);
  }
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n" +
      `X-Stream-Protocol-Version: ${chosen}\r\n\r\n`,
  );
  if (head.length > 0) socket.unshift(head);
  return chosen;
}
