import { expect, test } from "vitest";
import { aServer, type TestServer } from "../testing/test-server.ts";

const POD = "/api/v1/namespaces/t/pods/p";
const EPHEMERAL = `${POD}/ephemeralcontainers`;
const STRATEGIC = "application/strategic-merge-patch+json";

async function aServerWithPod(): Promise<TestServer> {
  const server = await aServer();
  await server.call("POST", "/api/v1/namespaces/t/pods", {
    body: { metadata: { name: "p" }, spec: { containers: [{ name: "a", image: "i" }] } },
  });
  return server;
}

function add(server: TestServer, container: object): ReturnType<TestServer["call"]> {
  const body = { spec: { ephemeralContainers: [container] } };
  return server.call("PATCH", EPHEMERAL, { body, contentType: STRATEGIC });
}

test("ephemeral containers: patches add them one by one, with defaults", async () => {
  const server = await aServerWithPod();
  expect((await add(server, { name: "one", image: "i" })).status).toBe(200);
  const { value } = await add(server, { name: "two", image: "i", targetContainerName: "a" });
  expect(value.metadata.generation).toBe(3);
  const names = value.spec.ephemeralContainers.map((each: { name: string }) => each.name);
  expect(names.toSorted()).toEqual(["one", "two"]);
  expect(value.spec.ephemeralContainers[0]).toMatchObject({
    imagePullPolicy: "Always",
    terminationMessagePath: "/dev/termination-log",
  });
});

test("ephemeral containers: their endpoint changes nothing else of the pod", async () => {
  const server = await aServerWithPod();
  const body = {
    metadata: { labels: { a: "b" } },
    spec: { activeDeadlineSeconds: 5, ephemeralContainers: [{ name: "one", image: "i" }] },
  };
  await server.call("PATCH", EPHEMERAL, { body, contentType: STRATEGIC });
  const { value } = await server.call("GET", POD);
  expect(value.metadata.labels).toBeUndefined();
  expect(value.spec.activeDeadlineSeconds).toBeUndefined();
  expect(value.spec.ephemeralContainers).toHaveLength(1);
});

test("ephemeral containers: those that are there neither change nor go", async () => {
  const server = await aServerWithPod();
  await add(server, { name: "one", image: "i" });
  const changed = await add(server, { name: "one", image: "other" });
  expect(changed.status).toBe(422);
  expect(changed.value.message).toContain(
    'spec.ephemeralContainers: Forbidden: existing ephemeral containers "one" may not be changed\n',
  );
  const { value } = await server.call("GET", EPHEMERAL);
  const { ephemeralContainers: _gone, ...spec } = value.spec;
  const removed = await server.call("PUT", EPHEMERAL, { body: { ...value, spec } });
  expect(removed.value.message).toContain(
    'spec.ephemeralContainers: Forbidden: existing ephemeral containers "one" may not be removed\n',
  );
});

test("ephemeral containers: the pod's own endpoint does not add any", async () => {
  const server = await aServerWithPod();
  const body = { spec: { ephemeralContainers: [{ name: "one", image: "i" }] } };
  const { status } = await server.call("PATCH", POD, { body, contentType: STRATEGIC });
  expect(status).toBe(422);
});

test("ephemeral containers: are checked, and have no name of another container", async () => {
  const server = await aServerWithPod();
  const taken = await add(server, { name: "a", image: "i" });
  expect(taken.value.message).toContain('spec.ephemeralContainers[0].name: Duplicate value: "a"');
  const ports = [{ containerPort: 80 }];
  const withPorts = await add(server, { name: "b", image: "i", ports });
  expect(withPorts.value.message).toContain(
    "spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container",
  );
});
