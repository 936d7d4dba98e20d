import { expect, test } from "vitest";
import { aServer, type TestServer } from "../testing/test-server.ts";
import { API_SERVICES } from "./own-requests.ts";
import { AUTOMANAGED_LABEL } from "./plan-local.ts";

type Item = { readonly metadata: { readonly name: string }; readonly spec: object };

async function names(server: TestServer): Promise<readonly string[]> {
  const { value } = await server.call("GET", API_SERVICES);
  return value.items.map((item: Item) => item.metadata.name);
}

async function settled(server: TestServer, isDone: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 1_000; turns += 1) {
    if (await isDone()) return;
    await server.env.timers.yield();
  }
  throw new Error("it never came to be");
}

async function anAggregator(): Promise<TestServer> {
  const server = await aServer({ isAggregator: true });
  await settled(server, async () => (await names(server)).includes("v1.storage.k8s.io"));
  return server;
}

function aDefinition(version: string): object {
  const schema = { openAPIV3Schema: { type: "object" } };
  return {
    metadata: { name: "cars.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "cars", kind: "Car" },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

test("every built-in version has an API service, but that of API services", async () => {
  const server = await anAggregator();
  const found = await names(server);
  expect(found).toEqual(expect.arrayContaining(["v1.", "v1.apps", "v2.autoscaling"]));
  expect(found).not.toContain("v1.apiregistration.k8s.io");
  const { value } = await server.call("GET", `${API_SERVICES}/v1.apps`);
  expect(value).toMatchObject({
    metadata: { labels: { [AUTOMANAGED_LABEL]: "onstart" } },
    spec: { group: "apps", version: "v1", groupPriorityMinimum: 17_800, versionPriority: 15 },
    status: { conditions: [{ type: "Available", status: "True", reason: "Local" }] },
  });
});

test("a definition's versions have API services for as long as they are served", async () => {
  const server = await anAggregator();
  await server.call("POST", DEFINITIONS, { body: aDefinition("v1") });
  await settled(server, async () => (await names(server)).includes("v1.example.com"));
  const { value } = await server.call("GET", `${API_SERVICES}/v1.example.com`);
  expect(value).toMatchObject({
    metadata: { labels: { [AUTOMANAGED_LABEL]: "true" } },
    spec: { groupPriorityMinimum: 1_000, versionPriority: 100 },
  });
  await server.call("DELETE", `${API_SERVICES}/v1.example.com`);
  await settled(server, async () => (await names(server)).includes("v1.example.com"));
  await server.call("DELETE", `${DEFINITIONS}/cars.example.com`);
  await settled(server, async () => !(await names(server)).includes("v1.example.com"));
});

test("what somebody else says about a definition's version is left alone", async () => {
  const server = await anAggregator();
  const service = { namespace: "t", name: "cars" };
  const spec = { group: "example.com", version: "v1", groupPriorityMinimum: 5, versionPriority: 6 };
  const body = { metadata: { name: "v1.example.com" }, spec: { ...spec, service } };
  expect((await server.call("POST", API_SERVICES, { body })).status).toBe(201);
  await server.call("POST", DEFINITIONS, { body: aDefinition("v1") });
  for (let turns = 0; turns < 100; turns += 1) await server.env.timers.yield();
  const { value } = await server.call("GET", `${API_SERVICES}/v1.example.com`);
  expect(value.spec).toMatchObject({ groupPriorityMinimum: 5, service });
});
