import { once } from "node:events";
import { createServer, type ServerHttp2Stream } from "node:http2";
import { connect, type AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { realEnv } from "../../base/real/env.ts";
import { Http2Session } from "./http2-session.ts";

const env = realEnv({ level: "silent" });

/** A session in clear with a server that answers each stream with `answer`. */
async function aSession(answer: (stream: ServerHttp2Stream) => void): Promise<{
  readonly session: Http2Session;
  readonly streamClosed: Promise<void>;
}> {
  const closed = Promise.withResolvers<void>();
  const server = createServer();
  server.on("stream", (stream) => {
    stream.once("close", () => closed.resolve());
    stream.on("error", () => undefined);
    answer(stream);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const session = new Http2Session(`127.0.0.1:${port}`, socket as TLSSocket, env);
  onTestFinished(async () => {
    await session.close();
    server.close();
  });
  return { session, streamClosed: closed.promise };
}

const GET = { method: "GET", path: "/", headers: {}, body: undefined } as const;

/** Lets the whole answer arrive and its stream close before anybody reads. */
async function untilOver(streamClosed: Promise<void>): Promise<void> {
  await streamClosed;
  for (let turn = 0; turn < 50; turn += 1) await env.timers.yield();
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString("utf8");
}

test("an answer that was over before anybody read it is read whole", async () => {
  const body = "x".repeat(1_238);
  const { session, streamClosed } = await aSession((stream) => {
    stream.respond({ ":status": 201 });
    stream.end(body);
  });
  const response = await session.send(GET, new AbortController().signal);
  await untilOver(streamClosed);
  expect(response.status).toBe(201);
  expect(await textOf(response.chunks)).toBe(body);
});

test("an answer that was cut before its end is no answer", async () => {
  const { session, streamClosed } = await aSession((stream) => {
    stream.respond({ ":status": 200, "content-length": "2000" });
    stream.write("x".repeat(1_000), () => stream.session?.destroy());
  });
  const response = await session.send(GET, new AbortController().signal);
  await untilOver(streamClosed);
  await expect(textOf(response.chunks)).rejects.toThrow(/the connection broke/);
});
