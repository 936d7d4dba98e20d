import { expect, test } from "vitest";
import { BUILT_IN } from "../../apis/registry.ts";
import { Resources } from "../registry/resource.ts";
import { aServer, type TestServer } from "../testing/test-server.ts";
import { storeServiceResolver } from "./service-resolver.ts";

const SLICES = "/apis/discovery.k8s.io/v1/namespaces/t/endpointslices";

async function aServerWithService(): Promise<TestServer> {
  const server = await aServer();
  const spec = { ports: [{ name: "https", port: 443, targetPort: 8443 }] };
  const body = { metadata: { name: "hook" }, spec };
  await server.call("POST", "/api/v1/namespaces/t/services", { body });
  return server;
}

function resolve(server: TestServer, name: string, port = 443): Promise<unknown> {
  const resources = new Resources(BUILT_IN);
  const resolver = storeServiceResolver({ store: server.store, resources });
  return resolver({ namespace: "t", name, port }, server.context);
}

test("services: without endpoints, a webhook is at the cluster address", async () => {
  const server = await aServerWithService();
  const { value } = await server.call("GET", "/api/v1/namespaces/t/services/hook");
  expect(await resolve(server, "hook")).toEqual({ host: value.spec.clusterIP, port: 443 });
});

test("services: an endpoint that is ready comes first", async () => {
  const server = await aServerWithService();
  const body = {
    metadata: { name: "hook-1", labels: { "kubernetes.io/service-name": "hook" } },
    addressType: "IPv4",
    endpoints: [
      { addresses: ["10.0.0.1"], conditions: { ready: false } },
      { addresses: ["10.0.0.2"], conditions: { ready: true } },
    ],
    ports: [{ name: "https", port: 8443 }],
  };
  await server.call("POST", SLICES, { body });
  expect(await resolve(server, "hook")).toEqual({ host: "10.0.0.2", port: 8443 });
});

test("services: one that is missing, or has no such port, is named", async () => {
  const server = await aServerWithService();
  await expect(resolve(server, "other")).rejects.toThrow('service "other" not found');
  await expect(resolve(server, "hook", 80)).rejects.toThrow(
    'no service port 80 found for service "hook"',
  );
});
