import { createServer, type Server } from "node:http";
import {
  createServer as createSocketServer,
  connect,
  type AddressInfo,
  type Socket,
} from "node:net";
import { expect, test } from "vitest";
import { realEnv } from "../../base/real/env.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import type { Backend } from "../../machinery/backend.ts";
import { readAll } from "../proxy/forward.ts";
import { HttpBackends } from "./backend-client.ts";

async function listening(server: Server | ReturnType<typeof createSocketServer>): Promise<Backend> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { tls: undefined, host: "127.0.0.1", port, authority: "pods" };
}

const context = aContext(virtualEnv());
const aClient = (): HttpBackends =>
  new HttpBackends({ env: realEnv({ level: "error" }), identities: () => undefined });

test("a request is sent as it is, and every value of its answer is kept", async () => {
  const server = createServer((request, response) => {
    response.setHeader("set-cookie", ["a=1, b", "c=2"]);
    const { host, "content-length": length } = request.headers;
    request.pipe(response.writeHead(201, { "x-seen": `${host} ${length} ${request.url}` }));
  });
  const backend = await listening(server);
  const client = aClient();
  const head = { method: "POST", target: "/a?b", headers: { host: "pods" } };
  const answer = await client.send({ backend, head, body: Buffer.from("hi") }, context);
  expect(answer).toMatchObject({
    status: 201,
    headers: { "x-seen": "pods 2 /a?b", "set-cookie": "a=1, b\nc=2" },
  });
  expect(Buffer.from(await readAll(answer.chunks, 10)).toString()).toBe("hi");
  server.close();
  await expect(
    new Promise((resolve) => {
      client.close();
      server.once("close", resolve);
    }).then(() => client.send({ backend, head, body: Buffer.alloc(0) }, context)),
  ).rejects.toThrow(`dial tcp 127.0.0.1:${backend.port}: connect: connection refused`);
});

test("a relayed connection carries bytes both ways, and none before its head is fit", async () => {
  const upstream = createServer();
  upstream.on("upgrade", (request, socket, early) => {
    const user = String(request.headers["x-remote-user"]);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n\r\n${user}:${early.toString()}`);
    socket.pipe(socket);
  });
  const backend = await listening(upstream);
  const accepted = Promise.withResolvers<Socket>();
  const front = createSocketServer((socket) => accepted.resolve(socket));
  const { port } = await listening(front);
  const near = connect(port, "127.0.0.1");
  const socket = await accepted.promise;
  const client = { method: "GET", headers: {}, socket, head: Buffer.from("early ") };
  const headers = { host: "pods", connection: "Upgrade", upgrade: "echo", "x-remote-user": "ann" };
  const head = { method: "GET", target: "/ws", headers };
  const bad = { ...head, headers: { ...headers, "x-remote-user": "a\r\nx: y" } };
  await expect(aClient().relay(backend, bad, client, context)).rejects.toThrow("invalid header");
  const relayed = aClient().relay(backend, head, client, context);
  near.write("late");
  let seen = "";
  await new Promise<void>((resolve) => {
    near.on("data", (chunk) => {
      seen += chunk.toString();
      if (seen.endsWith("late")) resolve();
    });
  });
  expect(seen).toMatch(/^HTTP\/1\.1 101 .*ann:early late$/s);
  near.destroy();
  await relayed;
  front.close();
  upstream.close();
});
