import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { realEnv } from "../../base/real/env.ts";
import { aContext } from "../../base/testing/context.ts";
import type { SocketAddress } from "./plan-listeners.ts";
import { PortListener } from "./port-listener.ts";
import { tcpSockets } from "./tcp-sockets.ts";
import { aService } from "./testing/views.ts";

const HOST = "127.0.0.1";
const env = realEnv({ level: "silent" });
const sockets = tcpSockets({ timers: env.timers });
const closers: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A server of this test; `undefined` frees its port at once. */
async function aServer(
  onConnection: ((socket: Socket) => void) | undefined,
): Promise<SocketAddress> {
  const connections = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket);
    socket.on("error", () => undefined);
    onConnection?.(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of connections) socket.destroy();
      server.close(() => resolve());
    });
  if (onConnection === undefined) await close();
  else closers.push(close);
  return { address: HOST, port };
}

/** A listener that leads to `backends`; resolves when it listens. */
async function aProxy(
  backends: readonly SocketAddress[],
): Promise<SocketAddress & { readonly stop: () => Promise<void> }> {
  const at = await aServer(undefined);
  const controller = new AbortController();
  let onListening: (() => void) | undefined;
  const listening = new Promise<void>((resolve) => {
    onListening = resolve;
  });
  const record = (): void => undefined;
  const listener = new PortListener(
    { ...at, key: "", service: aService(), affinityMs: undefined, backends },
    {
      env,
      recorder: { normal: record, warning: record },
      sockets: {
        listen: async (where, handlers) => {
          const result = await sockets.listen(where, handlers);
          if (result.kind === "listening") onListening?.();
          return result;
        },
      },
    },
  );
  const ended = listener.run(aContext(env, controller.signal));
  const stop = async (): Promise<void> => {
    controller.abort(new Error("the test is over"));
    await ended;
  };
  closers.push(stop);
  await listening;
  return { ...at, stop };
}

function aClient({ address, port }: SocketAddress): Socket {
  const socket = connect({ host: address, port, allowHalfOpen: true });
  socket.on("error", () => undefined);
  closers.push(() => {
    socket.destroy();
  });
  return socket;
}

/** All that the other side sends until it ends. */
async function received(socket: Socket): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text;
}

test("bytes pass both ways, and each direction ends on its own", async () => {
  // Answers only when it has heard all: without half-open connections it would never get to it.
  const backend = await aServer((socket) => {
    void received(socket).then((text) => socket.end(`heard ${text}`));
  });
  const client = aClient(await aProxy([backend]));
  client.write("a");
  client.end("b");
  expect(await received(client)).toBe("heard ab");
});

test("a backend that refuses is passed over, and nothing the client said is lost", async () => {
  const refusing = await aServer(undefined);
  const backend = await aServer((socket) => socket.pipe(socket));
  const client = aClient(await aProxy([refusing, backend]));
  client.end("hello");
  expect(await received(client)).toBe("hello");
});

test("a client is refused where no backend takes it", async () => {
  const client = aClient(await aProxy([await aServer(undefined)]));
  const error = await new Promise<NodeJS.ErrnoException>((resolve) =>
    client.once("error", resolve),
  );
  expect(error.code).toBe("ECONNRESET");
});

test("a large answer waits for a slow reader instead of filling the memory", async () => {
  const chunk = Buffer.alloc(64 * 1024);
  const total = 64 * 1024 * 1024;
  let sent = 0;
  const backend = await aServer((socket) => {
    const send = (): void => {
      while (sent < total) {
        sent += chunk.length;
        if (!socket.write(chunk)) {
          socket.once("drain", send);
          return;
        }
      }
      socket.end();
    };
    send();
  });
  const client = aClient(await aProxy([backend]));
  await new Promise((resolve) => client.once("readable", resolve));
  // Nobody reads: the backend stops as soon as the buffers of the kernel and of the proxy are full.
  let before = -1;
  while (sent !== before) {
    before = sent;
    for (let turn = 0; turn < 200; turn += 1) await env.timers.yield();
  }
  expect(sent).toBeLessThan(total / 2);
  let size = 0;
  for await (const part of client) size += (part as Buffer).length;
  expect(size).toBe(total);
});

test("what breaks on one side breaks on the other", async () => {
  const backend = await aServer((socket) => {
    socket.once("data", () => socket.resetAndDestroy());
  });
  const client = aClient(await aProxy([backend]));
  client.write("x");
  const error = await new Promise<NodeJS.ErrnoException>((resolve) =>
    client.once("error", resolve),
  );
  expect(error.code).toBe("ECONNRESET");
});

test("a proxy that ends resets its connections, whether they are read or not", async () => {
  const backend = await aServer((socket) => {
    socket.write(Buffer.alloc(8 * 1024 * 1024));
  });
  const proxy = await aProxy([backend]);
  const client = aClient(proxy);
  await new Promise((resolve) => client.once("readable", resolve));
  const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
  await proxy.stop();
  client.resume();
  await closed;
});

test("an address that is taken is told apart from one that cannot be had", async () => {
  const handlers = { accept: () => undefined, failed: () => undefined };
  const taken = await aServer(() => undefined);
  expect(await sockets.listen(taken, handlers)).toEqual({ kind: "in-use" });
  const elsewhere = { address: "192.0.2.1", port: 0 };
  expect(await sockets.listen(elsewhere, handlers)).toMatchObject({
    kind: "failed",
    message: expect.stringContaining("EADDRNOTAVAIL"),
  });
});
