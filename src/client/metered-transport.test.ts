import { expect, test } from "vitest";
import { createMetrics } from "../base/metrics.ts";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import type { ApiResponse } from "../machinery/request.ts";
import { hostOf, meteredTransport } from "./metered-transport.ts";
import { RestClient } from "./rest-client.ts";
import { TransportError, type Transport } from "./transport.ts";

test("every try is counted by its code, or as an error without an answer", async () => {
  const env = virtualEnv();
  const metrics = createMetrics();
  const answers = [503, "lost", 200] as const;
  let count = 0;
  const below: Transport = {
    send: async (): Promise<ApiResponse> => {
      const answer = answers[count];
      count += 1;
      if (answer === undefined || answer === "lost") {
        throw new TransportError("reset", { isRefused: false });
      }
      const headers: Readonly<Record<string, string>> =
        answer === 503 ? { "retry-after": "1" } : {};
      return { status: answer, headers, warnings: [], body: { kind: "none" } };
    },
    close: () => Promise.resolve(),
  };
  const transport = meteredTransport(below, {
    metrics,
    host: hostOf("https://10.0.0.1:6443/prefix"),
    clock: env.clock,
    clientMetrics: ["retries", "duration"],
  });
  const client = new RestClient({ transport, env });
  const asked = client.request({ path: "/readyz" }, aContext(env));
  await env.advance(5_000);
  expect((await asked).status).toBe(200);
  const lines = metrics.text().split("\n");
  const host = 'host="10.0.0.1:6443"';
  expect(lines.filter((line) => line.startsWith("rest_client_requests_total"))).toEqual(
    ["200", "503", "<error>"].map(
      (code) => `rest_client_requests_total{code="${code}",${host},method="GET"} 1`,
    ),
  );
  expect(lines.filter((line) => line.startsWith("rest_client_request_retries_total"))).toEqual(
    ["503", "<error>"].map(
      (code) => `rest_client_request_retries_total{code="${code}",${host},verb="GET"} 1`,
    ),
  );
  expect(lines).toContain(`rest_client_request_duration_seconds_count{${host},verb="GET"} 2`);
  expect(metrics.text()).not.toContain("size_bytes");
});

test("nothing but the number of requests is told unless it is asked for", () => {
  const metrics = createMetrics();
  const below: Transport = { send: () => Promise.reject(new Error()), close: async () => {} };
  meteredTransport(below, { metrics, host: "a", clock: virtualEnv().clock });
  expect(metrics.families().map(({ name }) => name)).toEqual(["rest_client_requests_total"]);
});

test("the host of a server is its name and port", () => {
  expect(hostOf("https://[::1]:6443")).toBe("[::1]:6443");
  expect(hostOf("nonsense")).toBe("nonsense");
});
