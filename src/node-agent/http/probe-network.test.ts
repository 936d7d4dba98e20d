import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { realEnv } from "../../base/real/env.ts";
import { aContext } from "../../base/testing/context.ts";
import { PROBE_BODY_BYTES_MAX } from "../probe/probe-network.ts";
import { realProbeNetwork } from "./probe-network.ts";

const context = aContext(realEnv({ level: "silent" }));
let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)));
  server = undefined;
});

async function listen(handler: RequestListener): Promise<number> {
  const created = createServer(handler);
  server = created;
  await new Promise<void>((resolve) => created.listen(0, "127.9.8.7", resolve));
  return (created.address() as AddressInfo).port;
}

const host = "127.9.8.7";

test("a probe asks as kubelet does and does not follow redirects", async () => {
  let seen: Readonly<Record<string, unknown>> = {};
  const port = await listen((request, response) => {
    seen = { url: request.url, ...request.headers };
    response.writeHead(302, { location: "/elsewhere" });
    response.end("moved");
  });
  const headers = [{ name: "X-Probe", value: "1" }];
  const request = { scheme: "http", host, port, path: "/healthz?a=1", headers } as const;
  expect(await realProbeNetwork.httpGet(request, context)).toEqual({ status: 302, body: "moved" });
  expect(seen).toMatchObject({ url: "/healthz?a=1", "x-probe": "1" });
  expect(String(seen["user-agent"])).toMatch(/^kube-probe\//);
});

test("a probe reads no more than the beginning of an endless body", async () => {
  const port = await listen((_request, response) => {
    const write = (): void => {
      while (!response.destroyed && response.write("x".repeat(1_000)));
      response.once("drain", write);
    };
    write();
  });
  const request = { scheme: "http", host, port, path: "/", headers: [] } as const;
  const { body } = await realProbeNetwork.httpGet(request, context);
  expect(body).toHaveLength(PROBE_BODY_BYTES_MAX);
});

test("a port takes connections or refuses them", async () => {
  const port = await listen(() => undefined);
  await realProbeNetwork.tcpConnect(host, port, context);
  await expect(realProbeNetwork.tcpConnect("127.9.8.8", port, context)).rejects.toThrow(
    "ECONNREFUSED",
  );
});

test("a probe that is aborted ends at once", async () => {
  const port = await listen(() => undefined);
  const controller = new AbortController();
  const request = { scheme: "http", host, port, path: "/", headers: [] } as const;
  const asking = realProbeNetwork.httpGet(request, { ...context, signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(asking).rejects.toThrow();
});
