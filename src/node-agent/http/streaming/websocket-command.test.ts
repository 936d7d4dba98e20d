import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { duplexPair } from "node:stream";
import { expect, test } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { websocketChannels } from "./websocket-command.ts";

test("a client that goes in the middle of a message ends nothing but its command", async () => {
  const socket = await anOpenSocket();
  const wanted = { hasStdin: false, hasStdout: true, hasStderr: false, isTty: false };
  const { stdout, finish } = websocketChannels(socket, wanted, () => undefined);
  socket.terminate();
  // An error that nobody hears would end the process.
  stdout?.write("more than it will ever read");
  await new Promise<void>((resolve) => stdout?.once("close", resolve));
  expect(stdout?.destroyed).toBe(true);
  await finish({ metadata: {}, status: "Success" });
});

/** Without a network: the other end is in this process. */
function anOpenSocket(): Promise<WebSocket> {
  const [server] = duplexPair();
  const request = new IncomingMessage(new Socket());
  request.method = "GET";
  request.headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const sockets = new WebSocketServer({ noServer: true });
  return new Promise((resolve) => {
    sockets.handleUpgrade(request, server, Buffer.alloc(0), resolve);
  });
}
