import "reflect-metadata";
import { connect, constants } from "node:http2";
import { request as httpsRequest } from "node:https";
import * as x509 from "@peculiar/x509";
import { afterEach, beforeAll, expect, test } from "vitest";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import type { ApiResponse, ResponseBody } from "../../machinery/request.ts";
import { expired } from "../../machinery/status.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import { CHUNK_BYTES, HTTP_LIMITS } from "./http-limits.ts";
import { serve, type ServingHandle } from "./serve.ts";

/** More than the kernel holds for both ends of a connection. */
const LONG: ResponseBody = { kind: "bytes", bytes: new Uint8Array(16 * 1024 * 1024) };

const { answerMsMax, stalledMsMax, closeStalledMsMax } = HTTP_LIMITS;

let tls: { readonly key: string; readonly cert: string; readonly clientCa: string };

beforeAll(async () => {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=test",
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    keys,
    signingAlgorithm: algorithm,
  });
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  const cert = certificate.toString("pem");
  tls = { key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"), cert, clientCa: cert };
});

const leaves: (() => void)[] = [];
const handles: ServingHandle[] = [];

afterEach(async () => {
  for (const leave of leaves.splice(0)) leave();
  for (const handle of handles.splice(0)) await handle.close();
});

type Running = { readonly env: VirtualEnv; readonly handle: ServingHandle };

async function answering(body: ResponseBody): Promise<Running> {
  const env = virtualEnv();
  const headers = { "content-type": "application/json" };
  const answer: ApiResponse = { status: 200, headers, warnings: [], body };
  const handle = await serve({
    dispatch: () => Promise.resolve(answer),
    authenticate: () => ({ kind: "user", user: { name: "tom", groups: [] } }),
    env,
    tls,
  });
  handles.push(handle);
  return { env, handle };
}

/** A client that reads the head of an answer and nothing else. */
type Reader = {
  /** Reads on to the end, and says whether that was the end of the answer. */
  readonly readOn: () => Promise<"whole" | "cut short">;
  readonly isOver: () => boolean;
};

const KINDS = ["h1", "h1 upgrade", "h2"] as const;

function read({ handle }: Running, kind: (typeof KINDS)[number]): Promise<Reader> {
  return kind === "h2" ? readH2(handle) : readH1(handle, kind === "h1 upgrade");
}

function readH2(handle: ServingHandle): Promise<Reader> {
  const url = `https://127.0.0.1:${handle.port}`;
  const session = connect(url, { ca: tls.cert, rejectUnauthorized: false });
  session.on("error", () => undefined);
  leaves.push(() => session.destroy());
  const stream = session.request({ ":path": "/api/v1/pods" });
  let isOver = false;
  const ended = new Promise<"whole" | "cut short">((resolve) => {
    stream.on("error", () => undefined);
    stream.on("close", () => {
      isOver = true;
      resolve(stream.rstCode === constants.NGHTTP2_NO_ERROR ? "whole" : "cut short");
    });
  });
  const readOn = (): Promise<"whole" | "cut short"> => {
    stream.resume();
    return ended;
  };
  return new Promise((resolve) => {
    stream.pause();
    stream.on("response", () => resolve({ readOn, isOver: () => isOver }));
  });
}

function readH1(handle: ServingHandle, isUpgrade: boolean): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const { host, port } = handle;
    const headers = isUpgrade ? { connection: "Upgrade", upgrade: "other" } : {};
    const options = { host, port, path: "/api/v1/pods", headers, rejectUnauthorized: false };
    const request = httpsRequest({ ...options, agent: false }, (response) => {
      response.pause();
      let isOver = false;
      const ended = new Promise<"whole" | "cut short">((end) => {
        response.on("error", () => undefined);
        response.on("close", () => {
          isOver = true;
          end(response.complete ? "whole" : "cut short");
        });
      });
      const readOn = (): Promise<"whole" | "cut short"> => {
        response.resume();
        return ended;
      };
      resolve({ readOn, isOver: () => isOver });
    });
    leaves.push(() => request.destroy());
    request.on("error", reject);
    request.end();
  });
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

for (const kind of KINDS) {
  test(`slow readers over ${kind}: who reads on in time gets the whole answer`, async () => {
    const running = await answering(LONG);
    const reader = await read(running, kind);
    await running.env.advance(answerMsMax - 1_000);
    expect(await reader.readOn()).toBe("whole");
    await turns();
    expect(running.env.pendingTimers).toBe(0);
  });

  test(`slow readers over ${kind}: an answer that is not taken in a minute is cut`, async () => {
    const running = await answering(LONG);
    const reader = await read(running, kind);
    await running.env.advance(answerMsMax);
    expect(await reader.readOn()).toBe("cut short");
    expect(running.env.pendingTimers).toBe(0);
  });

  test(`slow readers over ${kind}: a server that closes does not wait for them`, async () => {
    const running = await answering(LONG);
    const reader = await read(running, kind);
    await turns();
    handles.length = 0;
    const closed = running.handle.close();
    await running.env.advance(closeStalledMsMax);
    await closed;
    expect(await reader.readOn()).toBe("cut short");
  });
}

test("slow readers: no more is made than they take, and a log waits for them", async () => {
  let made = 0;
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    while (made < 100) {
      made += 1;
      await Promise.resolve();
      yield new Uint8Array(CHUNK_BYTES);
    }
  }
  const running = await answering({ kind: "stream", chunks: chunks() });
  const reader = await read(running, "h2");
  await turns();
  expect(made).toBeLessThanOrEqual(4);
  await running.env.advance(100 * stalledMsMax);
  expect(made).toBeLessThanOrEqual(4);
  expect(await reader.readOn()).toBe("whole");
  expect(made).toBe(100);
});

test("slow readers: a watch ends when nothing of what it sends is taken", async () => {
  const { status } = expired("x".repeat(CHUNK_BYTES));
  async function* events(): AsyncGenerator<readonly WatchEvent[], void, undefined> {
    for (;;) {
      await Promise.resolve();
      yield [{ kind: "ERROR", status }];
    }
  }
  const running = await answering({ kind: "events", events: events() });
  const reader = await read(running, "h2");
  await turns();
  await running.env.advance(stalledMsMax - 1_000);
  expect(reader.isOver()).toBe(false);
  await running.env.advance(1_000);
  expect(await reader.readOn()).toBe("cut short");
});
