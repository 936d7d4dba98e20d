/** Connections to ports of a pod, carried over one connection of a client. */
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { WebSocket } from "ws";
import type { Context } from "../../../base/context.ts";
import type { Env } from "../../../base/env.ts";
import { errorText } from "../../../base/error-text.ts";
import { SpdyConnection, type SpdyStream } from "./spdy-connection.ts";

/** The protocol of both SPDY itself and SPDY inside a WebSocket. */
export const SPDY_PORT_FORWARD_PROTOCOL: string = "portforward.k8s.io";
export const TUNNEL_PROTOCOL: string = "SPDY/3.1+portforward.k8s.io";
/** One pair of channels a port, numbered in their order. */
export const WEBSOCKET_PORT_FORWARD_PROTOCOLS: readonly string[] = [
  "v4.channel.k8s.io",
  "portforward.k8s.io",
];

/** A port that does not take a connection within this time does not, in milliseconds. */
const CONNECT_MS_MAX = 10_000;

/** Where the ports are, and who they belong to. */
export type ForwardTarget = {
  /** The pod's address. */
  readonly host: string;
  readonly podName: string;
};

/** Serves pairs of streams, one of data and one of errors for each connection. */
export async function serveSpdyPortForward(
  socket: Duplex,
  target: ForwardTarget,
  deps: { readonly env: Env },
  context: Context,
): Promise<void> {
  const connection = new SpdyConnection(socket);
  const waiting = new Map<string, SpdyStream>();
  const running = new Set<Promise<void>>();
  await connection.run((stream) => {
    const { streamtype: type, requestid: id = String(stream.id), port } = stream.headers;
    if ((type !== "data" && type !== "error") || portOf(port) === undefined) return "refused";
    const other = waiting.get(id);
    if (other === undefined) {
      waiting.set(id, stream);
      return "accepted";
    }
    if (other.headers["streamtype"] === type) return "refused";
    waiting.delete(id);
    const [data, error] = type === "data" ? [stream, other] : [other, stream];
    const forwarding = forward(data.io, error.io, portOf(port) ?? 0, target, deps).finally(() => {
      running.delete(forwarding);
    });
    running.add(forwarding);
    return "accepted";
  }, context.signal);
  await Promise.all(running);
}

/**
 * Serves the older form: channel 2n is the data of port n, channel 2n + 1 its errors. It has no
 * way to say that one port has ended, so `hangUp` ends it as a whole, when all have.
 */
export async function serveWebSocketPortForward(
  socket: WebSocket,
  ports: readonly number[],
  target: ForwardTarget,
  deps: { readonly env: Env },
  hangUp: () => void,
): Promise<void> {
  const connections = new Map<number, Socket>();
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const ended: Promise<void>[] = [];
  socket.pause(); // what is said before there is a connection waits for it
  const tell = (channel: number, bytes: Buffer): void => {
    if (socket.readyState === socket.OPEN) {
      socket.send(Buffer.concat([Buffer.of(channel), bytes]));
    }
  };
  await Promise.all(
    ports.map(async (port, index) => {
      const [data, error] = [index * 2, index * 2 + 1];
      // Each channel says first which port it is of.
      const word = Buffer.alloc(2);
      word.writeUInt16LE(port, 0);
      tell(data, word);
      tell(error, word);
      try {
        const connection = await connectTo(port, target, deps);
        connections.set(data, connection);
        ended.push(endOf(connection));
        connection.once("close", () => socket.resume());
        connection.on("data", (chunk: Buffer) => tell(data, chunk));
        connection.once("error", (reason) => {
          tell(error, Buffer.from(failureText(port, target, reason)));
        });
      } catch (reason) {
        tell(error, Buffer.from(failureText(port, target, reason)));
      }
    }),
  );
  socket.on("message", (message: Buffer) => {
    const connection = connections.get(message[0] ?? 0);
    if (connection === undefined || connection.write(message.subarray(1))) return;
    socket.pause();
    connection.once("drain", () => socket.resume());
  });
  socket.resume();
  await Promise.race([closed, Promise.all(ended)]);
  for (const connection of connections.values()) connection.destroy();
  hangUp();
  await closed;
}

/** Resolves once nothing more comes from there. */
function endOf(connection: Socket): Promise<void> {
  return new Promise((resolve) => {
    connection.once("end", () => resolve()).once("close", () => resolve());
  });
}

/** The ports of a query, `ports=80&ports=443` or `ports=80,443`; undefined if one is none. */
export function portsOf(query: URLSearchParams): readonly number[] | undefined {
  const texts = query.getAll("ports").flatMap((text) => text.split(","));
  const ports = texts.map(portOf).filter((port) => port !== undefined);
  return ports.length === texts.length && ports.length > 0 ? ports : undefined;
}

function portOf(text: string | undefined): number | undefined {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : undefined;
}

/** Carries one connection; a failure goes to the error stream as a sentence. */
async function forward(
  data: Duplex,
  error: Duplex,
  port: number,
  target: ForwardTarget,
  deps: { readonly env: Env },
): Promise<void> {
  error.resume();
  try {
    const connection = await connectTo(port, target, deps);
    const ways = [pipeline(data, connection), pipeline(connection, data)];
    await Promise.all(ways).catch(() => undefined); // either side may just hang up
    connection.destroy();
    error.end();
  } catch (reason) {
    error.end(failureText(port, target, reason));
    data.end();
  }
}

function connectTo(
  port: number,
  target: ForwardTarget,
  deps: { readonly env: Env },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target.host, port, allowHalfOpen: true });
    const timer = deps.env.timers.after(CONNECT_MS_MAX, () => {
      socket.destroy(new Error(`no answer within ${CONNECT_MS_MAX} ms`));
    });
    socket.once("error", (error) => {
      timer.cancel();
      reject(error);
    });
    socket.once("connect", () => {
      timer.cancel();
      socket.on("error", () => undefined);
      resolve(socket);
    });
  });
}

function failureText(port: number, { host, podName }: ForwardTarget, reason: unknown): string {
  return `failed to connect to ${host}:${port} of pod ${podName}: ${errorText(reason)}`;
}
