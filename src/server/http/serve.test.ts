import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import { request as httpsRequest } from "node:https";
import { gunzipSync } from "node:zlib";
import * as x509 from "@peculiar/x509";
import { afterEach, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { configMapSchema } from "../../apis/core/v1/schema.generated.ts";
import { decodeProtobufBody } from "../protobuf/decode-body.ts";
import { readFields } from "../protobuf/wire.ts";
import { aServer, type TestServer } from "../testing/test-server.ts";
import { serve, type ServingHandle } from "./serve.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";
const TOKEN = { authorization: "Bearer secret" };

type Pair = { readonly cert: string; readonly key: string };
let ca: Pair;
let serverPair: Pair;
let adminPair: Pair;

beforeAll(async () => {
  const authority = await issue("CN=test-ca", undefined);
  ca = authority.pair;
  serverPair = (await issue("CN=localhost", authority)).pair;
  adminPair = (await issue("CN=ann, O=system:masters", authority)).pair;
});

type Issued = {
  readonly pair: Pair;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly name: string;
};

async function issue(name: string, issuer: Issued | undefined): Promise<Issued> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer?.name ?? name,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(issuer === undefined),
      new x509.SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }]),
    ],
  });
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  const key = x509.PemConverter.encode(pkcs8, "PRIVATE KEY");
  return { pair: { cert: certificate.toString("pem"), key }, keys, name };
}

type Running = { readonly server: TestServer; readonly handle: ServingHandle };

const running: Running[] = [];
const sessions: ClientHttp2Session[] = [];

afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  for (const { handle } of running.splice(0)) await handle.close();
});

async function start(): Promise<Running> {
  const tom = { name: "tom", groups: ["system:masters"] };
  const authentication = { tokens: [{ token: "secret", user: tom }] };
  const server = await aServer({ authentication });
  const handle = await serve({
    dispatch: server.dispatch,
    authenticate: server.authenticate,
    env: server.env,
    tls: { ...serverPair, clientCa: ca.cert },
  });
  running.push({ server, handle });
  return { server, handle };
}

type Sent = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly client?: Pair;
  readonly protocol?: "h1" | "h2";
};
type Received = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
};

function send(handle: ServingHandle, path: string, sent: Sent = {}): Promise<Received> {
  return sent.protocol === "h1" ? sendH1(handle, path, sent) : sendH2(handle, path, sent);
}

function sendH1(handle: ServingHandle, path: string, sent: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const { method = "GET", headers = {}, client } = sent;
    const options = { host: handle.host, port: handle.port, path, method, headers, ca: ca.cert };
    let isAnswered = false;
    const request = httpsRequest({ ...options, ...client, agent: false }, (response) => {
      isAnswered = true;
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, bytes, text: bytes.toString() });
      });
    });
    // A refusal may come, and the connection go, while the body is still being sent.
    request.on("error", (error) => {
      if (!isAnswered) reject(error);
    });
    request.end(sent.body);
  });
}

function sessionTo(handle: ServingHandle, client?: Pair): ClientHttp2Session {
  const session = connect(`https://127.0.0.1:${handle.port}`, { ca: ca.cert, ...client });
  session.on("error", () => undefined);
  sessions.push(session);
  return session;
}

function sendH2(handle: ServingHandle, path: string, sent: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const { method = "GET", headers = {}, body } = sent;
    const stream = sessionTo(handle, sent.client).request(
      { ":path": path, ":method": method, ...headers },
      { endStream: body === undefined },
    );
    const chunks: Buffer[] = [];
    let answered: IncomingHttpHeaders = {};
    stream.on("response", (given) => {
      answered = given;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("close", () => {
      const bytes = Buffer.concat(chunks);
      const status = Number(answered[":status"]);
      resolve({ status, headers: answered, bytes, text: bytes.toString() });
    });
    if (body !== undefined) stream.end(body);
  });
}

for (const protocol of ["h1", "h2"] as const) {
  test(`serve over ${protocol}: who has no credentials may ask about health alone`, async () => {
    const { handle } = await start();
    expect(await send(handle, "/healthz", { protocol })).toMatchObject({ status: 200, text: "ok" });
    const refused = await send(handle, "/api", { protocol });
    expect(refused).toMatchObject({ status: 403 });
    expect(JSON.parse(refused.text)).toMatchObject({
      message: 'forbidden: User "system:anonymous" cannot get path "/api"',
    });
    const headers = { authorization: "Bearer wrong" };
    const wrong = await send(handle, "/healthz", { protocol, headers });
    expect(wrong).toMatchObject({ status: 401 });
    expect(JSON.parse(wrong.text)).toMatchObject({ kind: "Status", reason: "Unauthorized" });
  });

  test(`serve over ${protocol}: a token or a client certificate says who it is`, async () => {
    const { server, handle } = await start();
    const headers = { ...TOKEN, "content-type": "application/json" };
    const body = JSON.stringify({ metadata: { name: "by-token" } });
    const made = await send(handle, MAPS, { protocol, method: "POST", headers, body });
    expect(made.status).toBe(201);
    await send(handle, MAPS, {
      protocol,
      method: "POST",
      client: adminPair,
      body: JSON.stringify({ metadata: { name: "by-cert" } }),
    });
    const users = await Promise.all(
      ["by-token", "by-cert"].map(async (name) => {
        const key = `/registry/core/configmaps/t/${name}`;
        const [entry] = await server.store.history(key, { limit: 1 }, server.context);
        return entry?.cause.user;
      }),
    );
    expect(users).toEqual(["tom", "ann"]);
  });

  test(`serve over ${protocol}: a body beyond the limit is refused`, async () => {
    const { server, handle } = await start();
    const before = server.store.status().revision;
    const body = Buffer.alloc(10_000_000, " ");
    for (const announced of [true, false]) {
      const length: Record<string, string> = announced
        ? { "content-length": String(body.length) }
        : protocol === "h1"
          ? { "transfer-encoding": "chunked" }
          : {};
      const headers = { ...TOKEN, ...length };
      const refused = await send(handle, MAPS, { protocol, method: "POST", headers, body });
      expect(refused.status).toBe(413);
      expect(JSON.parse(refused.text)).toMatchObject({ reason: "RequestEntityTooLarge" });
    }
    expect(await send(handle, "/healthz", { protocol })).toMatchObject({ status: 200 });
    expect(server.store.status().revision).toBe(before);
  });

  test(`serve over ${protocol}: warnings, ids and pretty printing`, async () => {
    const { handle } = await start();
    const body = JSON.stringify({ metadata: { name: "w" }, foo: 1 });
    const made = await send(handle, `${MAPS}?pretty=true`, {
      protocol,
      method: "POST",
      headers: TOKEN,
      body,
    });
    expect(made.headers["warning"]).toBe('299 - "unknown field \\"foo\\""');
    expect(made.headers["audit-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.text).toContain('\n  "kind": "ConfigMap"');
  });

  test(`serve over ${protocol}: long lists are compressed for who accepts it`, async () => {
    const { server, handle } = await start();
    const text = "x".repeat(60_000);
    for (const name of ["a", "b", "c", "d"]) {
      await server.call("POST", MAPS, { body: { metadata: { name }, data: { text } } });
    }
    const plain = await send(handle, MAPS, { protocol, headers: TOKEN });
    const headers = { ...TOKEN, "accept-encoding": "gzip" };
    const zipped = await send(handle, MAPS, { protocol, headers });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(zipped.bytes).toString()).toBe(plain.text);
    expect(JSON.parse(plain.text)).toMatchObject({
      kind: "ConfigMapList",
      items: [{ data: { text } }, {}, {}, {}],
    });
  });
}

/** Lines of a watch as they arrive, and how to leave. */
function openWatch(
  handle: ServingHandle,
  path: string,
): {
  readonly lines: () => readonly string[];
  readonly leave: () => void;
  readonly ended: Promise<void>;
} {
  const stream = sessionTo(handle).request({ ":path": path, ...TOKEN });
  let text = "";
  stream.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  stream.on("error", () => undefined);
  const ended = new Promise<void>((resolve) => stream.on("close", () => resolve()));
  return {
    lines: () => text.split("\n").slice(0, -1),
    leave: () => stream.close(),
    ended,
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

async function openWatches(server: TestServer): Promise<number> {
  const { value } = await server.call("GET", "/metrics");
  const line = /^apiserver_longrunning_requests\{.*verb="WATCH".*\} (\d+)$/m.exec(value);
  return Number(line?.[1] ?? "0");
}

test("serve: a watch is one JSON object a line, as it happens", async () => {
  const { server, handle } = await start();
  const watch = openWatch(handle, `${MAPS}?watch=1`);
  await server.call("POST", MAPS, { body: { metadata: { name: "a" } } });
  await until(() => watch.lines().length === 1);
  await server.call("DELETE", `${MAPS}/a`);
  await until(() => watch.lines().length === 2);
  const events = watch.lines().map((line) => JSON.parse(line) as { type: string });
  expect(events).toMatchObject([
    { type: "ADDED", object: { kind: "ConfigMap", metadata: { name: "a" } } },
    { type: "DELETED", object: { kind: "ConfigMap", metadata: { name: "a" } } },
  ]);
});

/** A WebSocket that gathers messages. */
function openSocket(handle: ServingHandle, path: string, protocols: readonly string[] = []) {
  const url = `wss://127.0.0.1:${handle.port}${path}`;
  const socket = new WebSocket(url, [...protocols], { ca: ca.cert, headers: TOKEN });
  const messages: Buffer[] = [];
  socket.on("message", (data: Buffer) => messages.push(data));
  socket.on("error", () => undefined);
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  return { socket, messages, closed };
}

test("serve: a watch over a WebSocket is one message an event, and ends with it", async () => {
  const { server, handle } = await start();
  const watch = openSocket(handle, `${MAPS}?watch=1`, ["base64.binary.k8s.io"]);
  await server.call("POST", MAPS, { body: { metadata: { name: "a" } } });
  await until(() => watch.messages.length === 1);
  await server.call("DELETE", `${MAPS}/a`);
  await until(() => watch.messages.length === 2);
  expect(watch.messages.map((message) => JSON.parse(message.toString()) as unknown)).toMatchObject([
    { type: "ADDED", object: { kind: "ConfigMap", metadata: { name: "a" } } },
    { type: "DELETED", object: { kind: "ConfigMap", metadata: { name: "a" } } },
  ]);
  expect(watch.socket.protocol).toBe("base64.binary.k8s.io");
  expect(await openWatches(server)).toBe(1);
  watch.socket.close();
  await watch.closed;
  let open = 1;
  while (open > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    open = await openWatches(server);
  }
  expect(open).toBe(0);
});

test("serve: closing ends watches over WebSockets, too", async () => {
  const { server, handle } = await start();
  const watch = openSocket(handle, `${MAPS}?watch=1`);
  await server.call("POST", MAPS, { body: { metadata: { name: "a" } } });
  await until(() => watch.messages.length === 1);
  running.length = 0;
  await handle.close();
  expect(await watch.closed).toBe(1_000);
});

test("serve: a WebSocket for what is no watch is answered as if it were none", async () => {
  const { server, handle } = await start();
  await server.call("POST", MAPS, { body: { metadata: { name: "a" } } });
  const upgrade = { connection: "Upgrade", upgrade: "websocket", ...TOKEN };
  const protocol = "h1";
  const listed = await send(handle, MAPS, { protocol, headers: upgrade });
  expect(JSON.parse(listed.text)).toMatchObject({ items: [{ metadata: { name: "a" } }] });
  const refused = await send(handle, `${MAPS}?watch=1&resourceVersion=x`, {
    protocol,
    headers: upgrade,
  });
  expect(refused).toMatchObject({ status: 500 });
  const other = { ...upgrade, upgrade: "other" };
  expect(await send(handle, `${MAPS}?watch=1`, { protocol, headers: other })).toMatchObject({
    status: 400,
  });
});

test("serve: a watch in protobuf is one frame an event", async () => {
  const { server, handle } = await start();
  const accept = "application/vnd.kubernetes.protobuf;stream=watch";
  const stream = sessionTo(handle).request({ ":path": `${MAPS}?watch=1`, accept, ...TOKEN });
  let bytes = Buffer.alloc(0);
  let type: unknown;
  stream.on("response", (headers) => {
    type = headers["content-type"];
  });
  stream.on("data", (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
  });
  await server.call("POST", MAPS, { body: { metadata: { name: "a" } } });
  await until(() => bytes.length > 4 && bytes.length === 4 + bytes.readUInt32BE());
  expect(type).toBe(accept);
  const [kind, object] = readFields(bytes.subarray(4));
  expect(kind).toMatchObject({ number: 1, bytes: Buffer.from("ADDED") });
  const [raw] = object?.kind === "bytes" ? readFields(object.bytes) : [];
  const body = raw?.kind === "bytes" ? raw.bytes : new Uint8Array();
  const expected = { kind: "ConfigMap", schema: configMapSchema };
  expect(decodeProtobufBody(body, expected)).toMatchObject({ metadata: { name: "a" } });
});

test("serve: what is under way when the server closes is answered", async () => {
  const { server, handle } = await start();
  const { promise: release, resolve } = Promise.withResolvers<void>();
  let isAsked = false;
  const { dispatch } = server;
  const slow = await serve({
    dispatch: async (...call) => {
      isAsked = true;
      await release;
      return dispatch(...call);
    },
    authenticate: () => ({ kind: "user", user: { name: "tom", groups: ["system:masters"] } }),
    env: server.env,
    tls: { ...serverPair, clientCa: ca.cert },
  });
  const answer = send(slow, MAPS);
  await until(() => isAsked);
  const closed = slow.close();
  resolve();
  expect(await answer).toMatchObject({ status: 200 });
  await closed;
  expect(await send(handle, "/healthz")).toMatchObject({ status: 200 });
});

test("serve: who leaves a watch takes it along", async () => {
  const { server, handle } = await start();
  const watch = openWatch(handle, `${MAPS}?watch=1`);
  await server.call("POST", MAPS, { body: { metadata: { name: "a" } } });
  await until(() => watch.lines().length === 1);
  expect(await openWatches(server)).toBe(1);
  watch.leave();
  await watch.ended;
  let open = 1;
  while (open > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    open = await openWatches(server);
  }
  expect(open).toBe(0);
});

test("serve: closing ends watches and lets go of the port", async () => {
  const { server, handle } = await start();
  const watch = openWatch(handle, `${MAPS}?watch=1`);
  await server.call("POST", MAPS, { body: { metadata: { name: "a" } } });
  await until(() => watch.lines().length === 1);
  running.length = 0;
  await handle.close();
  await watch.ended;
  await expect(send(handle, "/healthz", { protocol: "h1" })).rejects.toThrow("ECONNREFUSED");
});

test("serve: a body that was cut off is not taken for a whole one", async () => {
  const { server, handle } = await start();
  const stream = sessionTo(handle).request({
    ":path": MAPS,
    ":method": "POST",
    "content-length": "100",
    ...TOKEN,
  });
  stream.on("error", () => undefined);
  stream.write('{"metadata":{"name":"cut"}}');
  await server.call("POST", MAPS, { body: { metadata: { name: "other" } } });
  stream.close();
  await new Promise((resolve) => stream.on("close", resolve));
  expect(await send(handle, "/healthz")).toMatchObject({ status: 200 });
  expect(await server.call("GET", `${MAPS}/cut`)).toMatchObject({ status: 404 });
});
