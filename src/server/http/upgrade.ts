/**
 * Requests of HTTP/1.1 that ask for another protocol. They go through dispatch like all others, and
 * only an answer that is a connection changes the protocol; every other one, and every refusal, is
 * written as an ordinary answer, after which the connection ends.
 */
import { STATUS_CODES } from "node:http";
import type { Context } from "../../base/context.ts";
import type { ApiRequest, ApiResponse } from "../../machinery/request.ts";
import { internalError, isStatus } from "../../machinery/status.ts";
import { statusAnswer } from "../answers.ts";
import type { ClientConnection, ConnectToNode } from "./client-connection.ts";

export type UpgradeDeps = {
  readonly answer: (request: ApiRequest, context: Context) => Promise<ApiResponse>;
  readonly connectToNode: ConnectToNode;
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
    if (answer.body.kind !== "upgrade") return writeAnswer(answer, client);
    await deps.connectToNode(answer.body.node, answer.body.target, client, context);
  } catch (error) {
    if (!isStatus(error)) context.log.error("A connection could not be made.", { error });
    const refusal = isStatus(error) ? error : internalError("the connection could not be made");
    writeAnswer(statusAnswer(refusal.status), client);
  }
}

function writeAnswer(answer: ApiResponse, { socket }: ClientConnection): void {
  if (socket.destroyed || socket.writableEnded) return;
  const body = bytesOf(answer);
  const headers = { ...answer.headers, connection: "close", "content-length": String(body.length) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ""}\r\n${lines.join("")}\r\n`,
  );
  socket.end(body);
}

function bytesOf({ body }: ApiResponse): Uint8Array {
  switch (body.kind) {
    case "bytes":
      return body.bytes;
    case "object":
      return body.object.bytes;
    default:
      return new Uint8Array();
  }
}
