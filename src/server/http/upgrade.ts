/**
 * Requests of HTTP/1.1 that ask for another protocol. They go through dispatch like all others, and
 * only an answer that is a connection changes the protocol; every other one, and every refusal, is
 * written as an ordinary answer, after which the connection ends.
 */
import { STATUS_CODES } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { ApiRequest, ApiResponse } from "../../machinery/request.ts";
import { badRequest, internalError, isStatus, type StatusError } from "../../machinery/status.ts";
import { statusAnswer } from "../answers.ts";
import { commonHeaders, requestIdOf } from "../filters/answer-headers.ts";
import { renderStatus } from "../handlers/render.ts";
import type { ClientConnection, ConnectToNode, Relay } from "./client-connection.ts";
import { ChunkWriter } from "./chunk-writer.ts";
import type { Patience } from "./patience.ts";
import { plainSink } from "./sink.ts";
import { isWebSocket, sendEvents } from "./websocket-watch.ts";
import { wholePieces } from "./write-response.ts";

export type UpgradeDeps = {
  readonly answer: (request: ApiRequest, context: Context) => Promise<ApiResponse>;
  readonly connectToNode: ConnectToNode;
  readonly relay: Relay;
  /** As it came; of HTTP/1.1, whatever its type says. */
  readonly request: Http2ServerRequest;
  readonly env: Env;
  readonly patience: Patience;
};

/** Serves until the connection has ended. Never rejects. */
export async function serveUpgrade(
  head: Omit<ApiRequest, "body">,
  client: ClientConnection,
  deps: UpgradeDeps,
  context: Context,
): Promise<void> {
  try {
    const answer = await deps.answer({ ...head, body: { kind: "none" } }, context);
    switch (answer.body.kind) {
      case "upgrade":
        await deps.connectToNode(answer.body.node, answer.body.target, client, context);
        return;
      case "relay":
        await deps.relay(answer.body.backend, answer.body.head, client, context);
        return;
      case "events":
        if (isWebSocket(client)) await sendEvents(answer.body, deps, client, context);
        else await writeAnswer(statusAnswer(noStream().status), client, deps, context);
        return;
      default:
        await writeAnswer(answer, client, deps, context);
    }
  } catch (error) {
    if (!isStatus(error)) context.log.error("A connection could not be made.", { error });
    const refusal = isStatus(error) ? error : internalError("the connection could not be made");
    const answer = renderStatus(refusal.status, head.headers["accept"]);
    const headers = { ...commonHeaders(requestIdOf(head, deps.env)), ...answer.headers };
    await writeAnswer({ ...answer, headers }, client, deps, context);
  }
}

function noStream(): StatusError {
  return badRequest("this protocol cannot be switched to; events are streamed without a switch");
}

/** Resolves when the client has taken the answer. Rejects when it is gone before. */
async function writeAnswer(
  answer: ApiResponse,
  { socket }: ClientConnection,
  { patience, env }: UpgradeDeps,
  { signal }: Context,
): Promise<void> {
  if (socket.destroyed || socket.writableEnded) return;
  const pieces = [...wholePieces(answer.body)];
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const headers = { ...answer.headers, connection: "close", "content-length": String(length) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  patience.begin("whole");
  socket.write(
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ""}\r\n${lines.join("")}\r\n`,
  );
  const chunks = new ChunkWriter(plainSink({ response: socket, signal, env, patience }));
  for (const piece of pieces) await chunks.write(piece);
  await chunks.flush();
  await new Promise<void>((resolve) => {
    patience.wait();
    socket.once("close", resolve);
    socket.end(resolve);
  });
}
