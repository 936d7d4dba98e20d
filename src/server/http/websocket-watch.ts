/** Watches over WebSockets, as browsers open them: one message an event. */
import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import { WebSocketServer, type WebSocket } from "ws";
import type { Context } from "../../base/context.ts";
import { orAborted } from "../../base/signals.ts";
import type { ResponseBody } from "../../machinery/request.ts";
import { FRAME_LENGTH_BYTES } from "../protobuf/encode-object.ts";
import type { ClientConnection } from "./client-connection.ts";
import type { Patience } from "./patience.ts";
import { eventLine } from "./write-response.ts";

/** Watchers have nothing to say; a message this long is already too much. */
const MESSAGE_BYTES_MAX = 4_096;

/** A protocol that carries a token, not messages. */
const TOKEN_PROTOCOL = "base64url.bearer.authorization.k8s.io.";

const NORMAL_CLOSURE = 1_000;

type EventsBody = Extract<ResponseBody, { readonly kind: "events" }>;

/** Whether the client asks for a WebSocket, rather than another protocol. */
export function isWebSocket({ method, headers }: ClientConnection): boolean {
  return method === "GET" && headers["upgrade"]?.toLowerCase() === "websocket";
}

type WatchDeps = { readonly request: Http2ServerRequest; readonly patience: Patience };

/** Accepts the WebSocket and sends until the events or the connection end. */
export async function sendEvents(
  body: EventsBody,
  { request, patience }: WatchDeps,
  { socket, head }: ClientConnection,
  context: Context,
): Promise<void> {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES_MAX,
    handleProtocols: (offered) => protocolOf(offered),
  });
  const connection = await new Promise<WebSocket>((resolve, reject) => {
    socket.once("close", () => reject(new Error("the connection ended before it was made")));
    // Over HTTP/1.1, where alone protocols are switched, requests are of the older type.
    server.handleUpgrade(request as unknown as IncomingMessage, socket, Buffer.from(head), resolve);
  });
  connection.on("error", () => connection.terminate());
  connection.on("message", () => undefined); // read, so that a closing message is seen
  patience.begin("events");
  try {
    for await (const batch of body.events) {
      for (const event of batch) {
        // A message has its own length.
        const frame = body.frame?.(event).subarray(FRAME_LENGTH_BYTES);
        const message = frame ?? Buffer.from(eventLine(event)).toString();
        patience.wait();
        await orAborted(send(connection, message), context.signal);
        patience.goOn();
      }
      if (context.signal.aborted) break;
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
  } finally {
    connection.close(NORMAL_CLOSURE);
  }
}

function protocolOf(offered: ReadonlySet<string>): string | false {
  return [...offered].find((protocol) => !protocol.startsWith(TOKEN_PROTOCOL)) ?? false;
}

/** Resolves when the message is on its way, so that a slow reader is waited for. */
function send(connection: WebSocket, message: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is gone ends the events as well.
    connection.send(message, () => resolve());
  });
}
