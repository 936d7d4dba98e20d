import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { connect as connectTcp } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiRequest, ApiResponse, ResponseBody } from "../../machinery/request.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import type { Dispatch } from "../in-process.ts";
import { UnexpectedResponseError } from "../response.ts";
import { TransportError, type Transport } from "../transport.ts";
import { transportConformance } from "../transport-conformance.ts";
import type { ConnectionOptions } from "./connection-options.ts";
import { httpTransport } from "./http-transport.ts";
import { aCertificate } from "./testing/test-certificate.ts";
import {
  startTestServer,
  type TestProtocol,
  type TestServer,
  type TestServerOptions,
} from "./testing/test-server.ts";

// TLS judges certificates by the real clock: the one thing here that is not virtual.
const DAY_MS = 86_400_000;
const validity = {
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + DAY_MS),
};
const certificate = await aCertificate(validity);
const PROTOCOLS = ["h2", "https", "http"] as const;

for (const protocol of PROTOCOLS) {
  transportConformance(protocol, async (dispatch, env) => {
    const server = await startTestServer({ protocol, certificate, dispatch, env });
    const options = { server: server.url, authority: certificate.certificate };
    return { transport: httpTransport(options, env), close: server.close };
  });
}

type World = {
  readonly env: VirtualEnv;
  readonly server: TestServer;
  readonly transport: Transport;
  readonly requests: ApiRequest[];
};

/** A server that answers with `body`, and a transport to it; both end with the test. */
async function aWorld(
  protocol: TestProtocol,
  body: (request: ApiRequest) => ResponseBody,
  options: {
    readonly connection?: Partial<ConnectionOptions>;
    readonly server?: Partial<TestServerOptions>;
  } = {},
): Promise<World> {
  const env = virtualEnv();
  const requests: ApiRequest[] = [];
  const headers = { "content-type": "application/json" };
  const dispatch: Dispatch = (request) => {
    requests.push(request);
    return Promise.resolve<ApiResponse>({
      status: 200,
      headers,
      warnings: [],
      body: body(request),
    });
  };
  const server = await startTestServer({ protocol, certificate, dispatch, env, ...options.server });
  const { certificate: authority } = certificate;
  const connection = { server: server.url, authority, ...options.connection };
  const transport = httpTransport(connection, env);
  onTestFinished(async () => {
    await transport.close();
    await server.close();
    expect(env.pendingTimers).toBe(0);
  });
  return { env, server, transport, requests };
}

const aThing = (): ResponseBody => ({
  kind: "object",
  object: EncodedObject.fromValue({ metadata: { name: "x" } }),
});

const bytesOf = (text: string): ResponseBody => ({
  kind: "bytes",
  bytes: new TextEncoder().encode(text),
});

function get(world: Pick<World, "env" | "transport">, path = "/x"): Promise<ApiResponse> {
  const query = new URLSearchParams();
  const request = { method: "GET", path, query, headers: {}, body: { kind: "none" } } as const;
  return world.transport.send(request, aContext(world.env));
}

async function watch(
  world: Pick<World, "env" | "transport">,
  signal?: AbortSignal,
): Promise<AsyncIterator<unknown>> {
  const query = new URLSearchParams({ watch: "1" });
  const request = {
    method: "GET",
    path: "/x",
    query,
    headers: {},
    body: { kind: "none" },
  } as const;
  const { body } = await world.transport.send(request, aContext(world.env, signal));
  if (body.kind !== "events") throw new Error("a watch");
  return body.events[Symbol.asyncIterator]();
}

/** Events for ever, of which only the first comes. */
async function* oneEvent(): AsyncGenerator<readonly WatchEvent[]> {
  yield [{ kind: "ADDED", object: EncodedObject.fromValue({ metadata: { name: "a" } }) }];
  await new Promise(() => undefined);
}

async function aFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

for (const scheme of ["http", "https"]) {
  test(`${scheme}: nobody listens: refused, so without effect`, async () => {
    const env = virtualEnv();
    const server = `${scheme}://127.0.0.1:${await aFreePort()}`;
    const transport = httpTransport({ server }, env);
    const error: unknown = await get({ env, transport }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ isRefused: true });
    expect(String(error)).toMatch(/cannot connect to 127\.0\.0\.1:[0-9]+: connect ECONNREFUSED/);
    await transport.close();
    expect(env.pendingTimers).toBe(0);
  });
}

test("a certificate of an unknown authority, or for another name, is refused", async () => {
  const stranger = await aWorld("h2", aThing, { connection: { authority: "" } });
  await expect(get(stranger)).rejects.toMatchObject({ isRefused: true });
  const named = await aWorld("h2", aThing, { connection: { serverName: "other.example" } });
  await expect(get(named)).rejects.toThrow(/does not match certificate's altnames/);
  const other = await aCertificate(validity, ["other.example"]);
  const matching = await aWorld("https", aThing, {
    connection: { serverName: "other.example", authority: other.certificate },
    server: { certificate: other },
  });
  expect((await get(matching)).status).toBe(200);
  const unverified = await aWorld("h2", aThing, {
    connection: { authority: "", isUnverified: true },
  });
  expect((await get(unverified)).status).toBe(200);
});

test("who calls is said in headers, and paths begin with the server's prefix", async () => {
  const world = await aWorld("h2", aThing, {
    connection: {
      token: () => Promise.resolve("secret"),
      impersonate: { user: "jane", groups: ["a", "b"], uid: "7" },
      userAgent: "test/1",
    },
  });
  const server = `${world.server.url}/k8s/clusters/c1/`;
  const { certificate: authority } = certificate;
  const prefixed = httpTransport({ server, authority }, world.env);
  await get(world);
  await get({ env: world.env, transport: prefixed }, "/api/v1/pods");
  await prefixed.close();
  expect(world.requests[0]?.headers).toMatchObject({
    authorization: "Bearer secret",
    "impersonate-user": "jane",
    "impersonate-group": "a, b",
    "impersonate-uid": "7",
    "user-agent": "test/1",
    accept: "application/json",
  });
  expect(world.requests[1]?.path).toBe("/k8s/clusters/c1/api/v1/pods");
});

test("h2: all requests share one connection while it has room", async () => {
  const world = await aWorld("h2", aThing);
  await Promise.all(Array.from({ length: 20 }, () => get(world)));
  expect(world.server.connections.length).toBe(1);
});

for (const protocol of ["https", "http"] as const) {
  test(`${protocol}: a connection is kept for the next request`, async () => {
    const world = await aWorld(protocol, aThing);
    await get(world);
    const { length } = world.server.connections;
    for (let count = 0; count < 5; count += 1) await get(world);
    expect(world.server.connections.length).toBe(length);
  });
}

test("a server can be known by an address it is not reached at", async () => {
  const other = await aCertificate(validity, ["10.1.2.3"]);
  for (const [serverName, isFine] of [
    ["10.1.2.3", true],
    ["10.1.2.4", false],
  ] as const) {
    const world = await aWorld("h2", aThing, {
      connection: { serverName, authority: other.certificate },
      server: { certificate: other },
    });
    const call = get(world);
    if (isFine) expect((await call).status).toBe(200);
    else await expect(call).rejects.toMatchObject({ isRefused: true });
  }
});

test("h2: streams the server does not allow go over further connections", async () => {
  const world = await aWorld(
    "h2",
    ({ query }) => (query.has("watch") ? { kind: "events", events: oneEvent() } : aThing()),
    { server: { streamsMax: 4 } },
  );
  await get(world); // the server's settings are known from here on
  for (let count = 0; count < 10; count += 1) {
    expect((await (await watch(world)).next()).done).toBe(false);
  }
  expect((await get(world)).status).toBe(200);
  expect(world.server.connections.length).toBe(3);
});

test("h2: after the server was away a request connects anew", async () => {
  const world = await aWorld("h2", aThing);
  await get(world);
  for (const socket of world.server.connections) socket.destroy();
  // A request that goes out before this side has noticed is lost with the connection.
  let status = 0;
  while (status !== 200)
    status = await get(world).then(
      (answer) => answer.status,
      () => 0,
    );
  expect(world.server.connections.length).toBe(2);
});

test("h2: a server that says good-bye keeps its streams, and gets no new ones", async () => {
  const world = await aWorld("h2", ({ query }) =>
    query.has("watch") ? { kind: "events", events: oneEvent() } : aThing(),
  );
  const controller = new AbortController();
  const events = await watch(world, controller.signal);
  await events.next();
  world.server.sessions[0]?.goaway(0, 1);
  expect((await get(world)).status).toBe(200); // refused there at first, if it was quick enough
  expect(world.server.connections.length).toBe(2);
  let isOver = false;
  const next = events.next().then(() => (isOver = true));
  await world.env.settle();
  expect(isOver).toBe(false);
  controller.abort();
  await next;
});

test("h2: a peer that is gone without a word is found by a ping", async () => {
  // A proxy in between that stops to pass anything on, as a cut cable does.
  const world = await aWorld("h2", () => ({ kind: "events", events: oneEvent() }));
  const { port } = new URL(world.server.url);
  let isCut = false;
  const proxy = createServer((near) => {
    const far = connectTcp(Number(port), "127.0.0.1");
    near.on("data", (data) => void (isCut || far.write(data)));
    far.on("data", (data) => void (isCut || near.write(data)));
    for (const socket of [near, far]) socket.on("error", () => undefined);
    near.on("close", () => far.destroy());
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const server = `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const env = virtualEnv();
  const transport = httpTransport({ server, authority: certificate.certificate }, env);

  const events = await watch({ env, transport });
  await events.next();
  const next = expect(events.next()).rejects.toThrow(TransportError);
  await env.advance(25_000);
  isCut = true;
  await env.advance(5_000 + 14_000);
  await env.advance(1_000);
  await next;
  await transport.close();
  expect(env.pendingTimers).toBe(0);
  proxy.close();
});

for (const protocol of PROTOCOLS) {
  test(`${protocol}: an answer that does not come is given up`, async () => {
    const env = virtualEnv();
    const arrived = Promise.withResolvers<void>();
    const dispatch: Dispatch = () => {
      arrived.resolve();
      return new Promise<never>(() => undefined);
    };
    const server = await startTestServer({ protocol, certificate, dispatch, env });
    const options = { server: server.url, authority: certificate.certificate };
    const transport = httpTransport({ ...options, responseTimeoutMs: 20_000 }, env);
    const failed = expect(get({ env, transport })).rejects.toMatchObject({ isRefused: false });
    await arrived.promise;
    await env.advance(20_000);
    await failed;
    await transport.close();
    await server.close();
    expect(env.pendingTimers).toBe(0);
  });

  test(`${protocol}: an answer that breaks off is no answer`, async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('{"metadata":{');
      throw new Error("cut");
    }
    const world = await aWorld(protocol, () => ({ kind: "stream", chunks: broken() }));
    const error: unknown = await get(world).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ isRefused: false });
  });

  test(`${protocol}: a watch that breaks off in the middle of an event throws`, async () => {
    async function* lines(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('{"type":"ADDED","object":{"metadata":{}}}\n{"type":"AD');
    }
    const world = await aWorld(protocol, () => ({ kind: "stream", chunks: lines() }));
    const events = await watch(world);
    expect((await events.next()).done).toBe(false);
    await expect(events.next()).rejects.toThrow("the watch ended in the middle of an event");
  });
}

test("JSON that cannot be read, or not exactly, is refused", async () => {
  const texts = ['{"a":', "[1]", '{"a":92233720368547758070}'];
  for (const text of texts) {
    const world = await aWorld("http", () => bytesOf(text));
    await expect(get(world), text).rejects.toThrow(UnexpectedResponseError);
  }
  const exact = await aWorld("http", () =>
    bytesOf('{"id":"1234567890123456789","n":0.1,"i":9007199254740993}'),
  );
  const { body } = await get(exact);
  expect(body.kind === "object" && body.object.value).toEqual({
    id: "1234567890123456789",
    n: 0.1,
    i: 9007199254740993n,
  });
});

test("a server that is no URL is a mistake of the caller", () => {
  expect(() => httpTransport({ server: "localhost:6443" }, virtualEnv())).toThrow(/^server: /);
  expect(() => httpTransport({ server: "" }, virtualEnv())).toThrow(TypeError);
});
