import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import * as x509 from "@peculiar/x509";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NO_CAUSE, withCause } from "../../base/context.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import type { WebhookAddress } from "../webhooks/webhook-client.ts";
import { HttpsWebhookClient } from "./https-webhook-client.ts";

/** What the webhook did, and what it is to do. */
type Heard = { path: string; body: unknown; traceparent?: string };

const heard: Heard[] = [];
let server: Server;
let port = 0;
let authority = "";

beforeAll(async () => {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys: webcrypto.CryptoKeyPair = await crypto.subtle.generateKey(algorithm, true, [
    "sign",
    "verify",
  ]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=webhook",
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: "ip", value: "127.0.0.1" },
        { type: "dns", value: "hook.t.svc" },
      ]),
    ],
  });
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  const cert = certificate.toString("pem");
  authority = btoa(cert);
  server = createServer({ cert, key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY") });
  server.on("request", (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      const { traceparent } = request.headers;
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      heard.push({ path, body, ...(typeof traceparent === "string" ? { traceparent } : {}) });
      if (path.startsWith("/silent")) return;
      const status = Number(/^\/status\/(\d+)/.exec(path)?.[1] ?? "200");
      response.writeHead(status, { "content-type": "application/json" });
      response.end(path.startsWith("/broken") ? "{" : JSON.stringify({ answer: 42 }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function aClient(env: VirtualEnv = virtualEnv()): {
  readonly env: VirtualEnv;
  readonly post: (address: WebhookAddress, caBundle?: string) => Promise<unknown>;
} {
  const resolve = (): Promise<{ host: string; port: number }> =>
    Promise.resolve({ host: "127.0.0.1", port });
  const client = new HttpsWebhookClient({ env, resolve });
  const post = (address: WebhookAddress, caBundle = authority): Promise<unknown> =>
    client.postJson({ address, caBundle, timeoutMs: 10_000, body: { a: 1 } }, aContext(env));
  return { env, post };
}

function urlTo(path: string): WebhookAddress {
  return { kind: "url", url: `https://127.0.0.1:${port}${path}` };
}

test("webhooks: a value is posted, with the timeout in the URL, and answered", async () => {
  const { post } = aClient();
  expect(await post(urlTo("/ok"))).toEqual({ answer: 42 });
  expect(heard.at(-1)).toEqual({ path: "/ok?timeout=10s", body: { a: 1 } });
});

test("webhooks: the trace of the request goes on in them", async () => {
  const env = virtualEnv();
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const context = withCause(aContext(env), { ...NO_CAUSE, traceparent });
  const resolve = (): Promise<never> => Promise.reject(new Error("no service is asked for"));
  const client = new HttpsWebhookClient({ env, resolve });
  const call = { address: urlTo("/ok"), caBundle: authority, timeoutMs: 10_000, body: {} };
  await client.postJson(call, context);
  expect(heard.at(-1)?.traceparent).toBe(traceparent);
  client.close();
});

test("webhooks: a service is reached where it is, under its own name", async () => {
  const { post } = aClient();
  const service = { kind: "service", namespace: "t", name: "hook", port: 443, path: "/s" } as const;
  expect(await post(service)).toEqual({ answer: 42 });
  await expect(post({ ...service, name: "other" })).rejects.toThrow(
    'Post "https://other.t.svc:443/s?timeout=10s": tls: failed to verify certificate: x509: ' +
      "certificate is not valid for any names, but wanted to match other.t.svc",
  );
});

test("webhooks: what goes wrong is told in Go's words", async () => {
  const { post } = aClient();
  const free = { kind: "url", url: "https://127.0.0.1:1/x" } as const;
  await expect(post(free)).rejects.toThrow(
    'Post "https://127.0.0.1:1/x?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused',
  );
  await expect(post(urlTo("/ok"), "")).rejects.toThrow(
    "tls: failed to verify certificate: x509: certificate signed by unknown authority",
  );
  await expect(post(urlTo("/status/404"))).rejects.toThrow(
    "the server could not find the requested resource",
  );
  await expect(post(urlTo("/status/500"))).rejects.toThrow(
    'an error on the server ("{\\"answer\\":42}") has prevented the request from succeeding',
  );
  await expect(post(urlTo("/broken"))).rejects.toThrow("json parse error");
});

test("webhooks: one that is silent is given up after its timeout", async () => {
  const { env, post } = aClient();
  const before = heard.length;
  const failure = post(urlTo("/silent")).catch((error: unknown) => String(error));
  while (heard.length === before) await env.settle();
  await env.advance(10_000);
  expect(await failure).toContain("context deadline exceeded");
});
