import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createMetrics } from "../../base/metrics.ts";
import { realEnv } from "../../base/real/env.ts";
import { aContext } from "../../base/testing/context.ts";
import { ConfigMap } from "../builtin.ts";
import { RestClient } from "../rest-client.ts";
import { countedTransport, type CountingOptions } from "./counted-transport.ts";

const LIST = JSON.stringify({
  apiVersion: "v1",
  kind: "ConfigMapList",
  metadata: { resourceVersion: "1" },
  items: [],
});

async function aServer(): Promise<number> {
  const server = createServer((request, response) => {
    const isWatch = request.url?.includes("watch=") === true;
    response.writeHead(200, { "content-type": "application/json" });
    request.resume().once("end", () => (isWatch ? response.end() : response.end(LIST)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A list, a watch and a write, and the samples that are left of them. */
async function told(host: string, counting: CountingOptions): Promise<readonly string[]> {
  const port = await aServer();
  const env = realEnv({ level: "silent" });
  const { metrics = createMetrics() } = counting;
  const connection = { server: `http://${host}:${port}` };
  const transport = countedTransport(connection, { ...counting, metrics }, env);
  const client = new RestClient({ transport, env });
  const context = aContext(env);
  await client.list(ConfigMap, {}, context);
  for await (const _ of await client.watch(ConfigMap, {}, context))
    throw new Error("nothing comes");
  const body = { kind: "value", value: { a: "x".repeat(100) } } as const;
  await client.request({ method: "POST", path: "/any", body }, context);
  await transport.close();
  const samples = metrics.text().replaceAll(`${host}:${port}`, "HOST");
  return samples.split("\n").filter((line) => /_(count|total|sum)\{/.test(line));
}

const REQUESTS = [
  'rest_client_requests_total{code="200",host="HOST",method="GET"} 2',
  'rest_client_requests_total{code="200",host="HOST",method="POST"} 1',
];

test("sizes, durations and the search for the host are told where all is asked for", async () => {
  const lines = await told("localhost", { clientMetrics: "all" });
  const counts = lines.filter((line) => !line.includes("seconds_sum"));
  expect(counts).toEqual([
    'rest_client_dns_resolution_duration_seconds_count{host="localhost"} 1',
    'rest_client_request_duration_seconds_count{host="HOST",verb="GET"} 1',
    'rest_client_request_duration_seconds_count{host="HOST",verb="POST"} 1',
    'rest_client_request_size_bytes_sum{host="HOST",verb="GET"} 0',
    'rest_client_request_size_bytes_count{host="HOST",verb="GET"} 2',
    'rest_client_request_size_bytes_sum{host="HOST",verb="POST"} 108',
    'rest_client_request_size_bytes_count{host="HOST",verb="POST"} 1',
    ...REQUESTS,
    `rest_client_response_size_bytes_sum{host="HOST",verb="GET"} ${LIST.length}`,
    'rest_client_response_size_bytes_count{host="HOST",verb="GET"} 1',
    `rest_client_response_size_bytes_sum{host="HOST",verb="POST"} ${LIST.length}`,
    'rest_client_response_size_bytes_count{host="HOST",verb="POST"} 1',
  ]);
});

test("by default requests are counted, and nothing else; an address is not looked up", async () => {
  expect(await told("127.0.0.1", {})).toEqual(REQUESTS);
  const lines = await told("127.0.0.1", { clientMetrics: ["dns"] });
  expect(lines).toEqual(REQUESTS);
});
