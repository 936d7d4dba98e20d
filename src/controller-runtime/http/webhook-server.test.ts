import { Agent, request as httpsRequest } from "node:https";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMetrics, type Metrics } from "../../base/metrics.ts";
import { realEnv } from "../../base/real/env.ts";
import { renewed, type ServingSet } from "../../pki/rotation.ts";
import { Answering } from "../webhooks/answering.ts";
import type { WebhookHandler } from "../webhooks/webhook-handler.ts";
import { ADMISSION_BODY_BYTES_MAX, serveWebhooks, type WebhookServer } from "./webhook-server.ts";

const nothing = (): void => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing, with: () => log };
const env = realEnv({ log });

let metrics: Metrics;
let server: WebhookServer;
let set: ServingSet;
let handle: WebhookHandler["handle"];
const agents: Agent[] = [];

beforeEach(async () => {
  metrics = createMetrics();
  set = await aSet();
  handle = (review) => Promise.resolve({ got: review });
  const handler: WebhookHandler = {
    path: "/echo",
    kind: "admission",
    handle: (...call) => handle(...call),
    failed: () => undefined,
  };
  const answering = new Answering([handler], { env, metrics });
  const at = { port: 0, host: "127.0.0.1", tls: set, requestsMax: 2 };
  server = await serveWebhooks(at, { env, answering });
});

afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await server.close(1_000);
});

async function aSet(): Promise<ServingSet> {
  return (await renewed(undefined, { hosts: ["127.0.0.1"] }, env)).set;
}

function anAgent(trusted: ServingSet): Agent {
  const agent = new Agent({ ca: trusted.authorities, keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

type Got = { readonly code: number; readonly body: unknown; readonly serial: string };

function post(
  agent: Agent,
  body: string,
  more: { path?: string; method?: string; type?: string; signal?: AbortSignal } = {},
): Promise<Got> {
  const { path = "/echo", method = "POST", type = "application/json", ...rest } = more;
  return new Promise((resolve, reject) => {
    const headers = { "content-type": type };
    const to = { agent, host: "127.0.0.1", port: server.port, path, method, headers, ...rest };
    const sent = httpsRequest(to, (response) => {
      const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate();
      let text = "";
      response.on("data", (chunk) => (text += String(chunk)));
      response.on("end", () => {
        resolve({ code: response.statusCode ?? 0, body: JSON.parse(text), serial: serialNumber });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

test("certificates change under way: old connections go on, new ones see the new one", async () => {
  const before = anAgent(set);
  const first = await post(before, "1");
  const next = await aSet();
  server.use(next);
  expect((await post(before, "2")).serial).toBe(first.serial);
  const after = await post(anAgent(next), "3");
  expect(after.body).toEqual({ got: 3 });
  expect(after.serial).not.toBe(first.serial);
  await expect(post(anAgent(set), "4")).rejects.toThrow(/certificate/);
  expect(() => server.use({ ...next, key: set.key })).toThrow(/key values mismatch/);
  expect((await post(anAgent(next), "5")).body).toEqual({ got: 5 });
});

test.each([
  { name: "another path", more: { path: "/other" }, code: 404 },
  { name: "an odd path", more: { path: "//" }, code: 404 },
  { name: "a PUT", more: { method: "PUT" }, code: 405 },
  { name: "another type", more: { type: "text/plain" }, code: 415 },
  { name: "no JSON", body: "{", code: 400 },
  { name: "what is nested too deep", body: "[".repeat(5_000), code: 400 },
  {
    name: "a body that is too large",
    body: `"${"a".repeat(ADMISSION_BODY_BYTES_MAX)}"`,
    code: 413,
  },
])("$name is refused with $code, and the server goes on", async ({ body = "1", more, code }) => {
  const agent = anAgent(set);
  const got = await post(agent, body, more);
  expect([got.code, got.body]).toEqual([code, expect.objectContaining({ kind: "Status", code })]);
  expect((await post(agent, "1")).body).toEqual({ got: 1 });
});

test("who asks waits as long as it said, even for a handler that never answers", async () => {
  handle = () => new Promise(() => undefined);
  const got = await post(anAgent(set), "1", { path: "/echo?timeout=0.05s" });
  expect(got.code).toBe(504);
  expect(metrics.text()).toContain('requests_in_flight{webhook="/echo"} 0');
});

test("above a number of reviews at a time, more are told to come again", async () => {
  const answer = Promise.withResolvers<string>();
  const began = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let count = 0;
  handle = () => {
    began[count]?.resolve();
    count += 1;
    return answer.promise;
  };
  const asked = [post(anAgent(set), "1"), post(anAgent(set), "2")];
  await Promise.all(began.map(({ promise }) => promise));
  expect((await post(anAgent(set), "3")).code).toBe(429);
  answer.resolve("done");
  expect((await Promise.all(asked)).map(({ body }) => body)).toEqual(["done", "done"]);
  expect((await post(anAgent(set), "4")).code).toBe(200);
});

test("a handler without an answer has a defect", async () => {
  handle = () => Promise.resolve(undefined);
  expect((await post(anAgent(set), "1")).code).toBe(500);
  expect(metrics.text()).toContain("controller_runtime_webhook_panics_total 1");
});

test("a handler learns that the caller has gone", async () => {
  const told = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  handle = (_, { signal }) => {
    began.resolve();
    signal.addEventListener("abort", () => told.resolve());
    return told.promise;
  };
  const caller = new AbortController();
  const refused = expect(post(anAgent(set), "1", { signal: caller.signal })).rejects.toThrow();
  await began.promise;
  caller.abort();
  await refused;
  await told.promise;
});

test("at the end, what is under way is answered first", async () => {
  const answer = Promise.withResolvers<string>();
  const began = Promise.withResolvers<void>();
  handle = () => {
    began.resolve();
    return answer.promise;
  };
  const asked = post(anAgent(set), "1");
  await began.promise;
  const closed = server.close(10_000);
  answer.resolve("late");
  expect((await asked).body).toBe("late");
  await closed;
});
