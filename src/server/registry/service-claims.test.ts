import { expect, test } from "vitest";
import type { ApiObject } from "../../machinery/object.ts";
import { aServer, type TestServer } from "../testing/test-server.ts";

const SERVICES = "/api/v1/namespaces/t/services";

async function make(server: TestServer, name: string, spec: object = {}): Promise<string> {
  const body = { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } };
  const { status, value } = await server.call("POST", SERVICES, { body });
  return status === 201 ? value.spec.clusterIP : `${status} ${value.message}`;
}

test("service addresses: each service gets its own, out of the range", async () => {
  const server = await aServer({ serviceIpRange: "127.96.0.0/28" });
  const addresses = new Set<string>();
  for (let index = 0; index < 13; index += 1) addresses.add(await make(server, `s${index}`));
  expect(addresses.size).toBe(13); // the first is that of this API
  expect([...addresses].every((address) => /^127\.96\.0\.([2-9]|1[0-4])$/.test(address))).toBe(
    true,
  );
  expect(await make(server, "full")).toContain("500 Internal error occurred: failed to allocate");
  await server.call("DELETE", `${SERVICES}/s3`);
  expect(await make(server, "again")).toMatch(/^127\.96\.0\./);
});

test("service addresses: a wish is granted, if it is possible and free", async () => {
  const server = await aServer();
  expect(await make(server, "a", { clusterIP: "127.96.0.10" })).toBe("127.96.0.10");
  expect(await make(server, "b", { clusterIP: "127.96.0.10" })).toContain(
    'spec.clusterIPs: Invalid value: ["127.96.0.10"]: failed to allocate IP 127.96.0.10: ' +
      "provided IP is already allocated",
  );
  expect(await make(server, "c", { clusterIP: "1.2.3.4" })).toContain(
    "the provided network does not match the current range",
  );
  expect(await make(server, "d", { clusterIP: "None" })).toBe("None");
});

test("service addresses: what a refused or dry write took is free again", async () => {
  const server = await aServer();
  const wish = { clusterIP: "127.96.0.10" };
  await make(server, "a");
  expect(await make(server, "a", wish)).toContain("409");
  const body = { metadata: { name: "dry" }, spec: { ports: [{ port: 80 }], ...wish } };
  await server.call("POST", `${SERVICES}?dryRun=All`, { body });
  expect(await make(server, "b", wish)).toBe("127.96.0.10");
});

test("service addresses: an update keeps them, and node ports go with the type", async () => {
  const server = await aServer();
  const address = await make(server, "a", { type: "NodePort" });
  const before = (await server.call("GET", `${SERVICES}/a`)).value;
  const { nodePort } = before.spec.ports[0];
  expect(nodePort).toBeGreaterThanOrEqual(30_000);
  const other = { type: "NodePort", ports: [{ port: 80, nodePort }] };
  expect(await make(server, "b", other)).toContain(
    `spec.ports[0].nodePort: Invalid value: ${nodePort}: provided port is already allocated`,
  );

  const { value } = await server.call("PUT", `${SERVICES}/a`, {
    body: { metadata: { name: "a" }, spec: { type: "ClusterIP", ports: [{ port: 81 }] } },
  });
  expect(value.spec).toMatchObject({ clusterIP: address, ports: [{ port: 81 }] });
  expect(await make(server, "b", other)).toMatch(/^127\./);
});

test("service addresses: an impossible range is refused at construction", async () => {
  for (const serviceIpRange of ["nonsense", "10.0.0.0/31", "300.0.0.0/16"]) {
    await expect(aServer({ serviceIpRange })).rejects.toThrow("serviceIpRange");
  }
});

test("service addresses: the first is kept for the service of this API", async () => {
  const server = await aServer({ serviceIpRange: "127.96.0.0/28" });
  expect(await make(server, "a", { clusterIP: "127.96.0.1" })).toContain("already allocated");
  const body = { metadata: { name: "kubernetes" }, spec: { ports: [{ port: 443 }] } };
  const path = "/api/v1/namespaces/default/services";
  const { value } = await server.call("POST", path, { body });
  expect(value.spec.clusterIP).toBe("127.96.0.1");
});

const ADDRESSES = "/apis/networking.k8s.io/v1/ipaddresses";

test("service addresses: each is written down as long as a service has it", async () => {
  const server = await aServer();
  const address = await make(server, "a");
  const { status, value } = await server.call("GET", `${ADDRESSES}/${address}`);
  expect([status, value.spec]).toEqual([
    200,
    { parentRef: { resource: "services", namespace: "t", name: "a" } },
  ]);
  expect(value.metadata.labels).toEqual({
    "ipaddress.kubernetes.io/ip-family": "IPv4",
    "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
  });
  expect(value.metadata.managedFields).toMatchObject([{ manager: "kube-apiserver" }]);

  const name = { type: "ExternalName", externalName: "a.example" };
  const asked = { ...name, clusterIP: null, clusterIPs: null };
  await server.call("PATCH", `${SERVICES}/a`, {
    body: { spec: asked },
    contentType: "application/merge-patch+json",
  });
  expect((await server.call("GET", `${ADDRESSES}/${address}`)).status).toBe(404);
  const other = await make(server, "b");
  await server.call("DELETE", `${SERVICES}/b`);
  expect((await server.call("GET", `${ADDRESSES}/${other}`)).status).toBe(404);
});

test("service addresses: a write that is refused leaves the records of others alone", async () => {
  const server = await aServer();
  const address = await make(server, "a");
  expect(await make(server, "a")).toContain("409");
  expect(await make(server, "a", { clusterIP: address })).toContain("already allocated");
  const { value } = await server.call("GET", ADDRESSES);
  expect(value.items.map((item: ApiObject) => item.metadata.name)).toEqual([address]);
  const body = { metadata: { name: "dry" }, spec: { ports: [{ port: 80 }] } };
  await server.call("POST", `${SERVICES}?dryRun=All`, { body });
  expect((await server.call("GET", ADDRESSES)).value.items).toHaveLength(1);
});

test("service addresses: what people wrote down is not given to a service", async () => {
  const server = await aServer({ serviceIpRange: "127.96.0.0/28" });
  const parentRef = { resource: "machines", name: "m" };
  for (let last = 2; last < 14; last += 1) {
    const body = { metadata: { name: `127.96.0.${last}` }, spec: { parentRef } };
    expect((await server.call("POST", ADDRESSES, { body })).status).toBe(201);
  }
  expect(await make(server, "a", { clusterIP: "127.96.0.5" })).toContain("already allocated");
  expect(await make(server, "b")).toBe("127.96.0.14");
  expect(await make(server, "c")).toContain("range is full");
});

test("service addresses: records are set right at the start", async () => {
  const server = await aServer();
  const address = await make(server, "a");
  await server.call("DELETE", `${ADDRESSES}/${address}`);
  const labels = { "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io" };
  const left = { resource: "services", namespace: "t", name: "gone" };
  for (const [name, own] of [["127.96.1.1", labels] as const, ["127.96.1.2", {}] as const]) {
    const body = { metadata: { name, labels: own }, spec: { parentRef: left } };
    await server.call("POST", ADDRESSES, { body });
  }
  const next = await aServer({ store: server.store, env: server.env });
  const { value } = await next.call("GET", ADDRESSES);
  const names = value.items.map((item: ApiObject) => item.metadata.name);
  expect(new Set(names)).toEqual(new Set([address, "127.96.1.2"]));
});
