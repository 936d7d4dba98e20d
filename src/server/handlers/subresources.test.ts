import { expect, test } from "vitest";
import type { NodeLogs } from "../node-logs.ts";
import { aServer, type TestServer } from "../testing/test-server.ts";

const DEPLOYMENTS = "/apis/apps/v1/namespaces/t/deployments";
const PODS = "/api/v1/namespaces/t/pods";
const MERGE = "application/merge-patch+json";

async function aServerWithDeployment(): Promise<TestServer> {
  const server = await aServer();
  const labels = { app: "web" };
  const body = {
    metadata: { name: "web" },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } },
    },
  };
  await server.call("POST", DEPLOYMENTS, { body });
  return server;
}

async function aServerWithPod(nodeLogs?: NodeLogs): Promise<TestServer> {
  const server = await aServer(nodeLogs === undefined ? {} : { nodeLogs });
  const containers = [
    { name: "a", image: "i" },
    { name: "b", image: "i" },
  ];
  await server.call("POST", PODS, { body: { metadata: { name: "p" }, spec: { containers } } });
  return server;
}

async function bind(server: TestServer, node: string): Promise<number> {
  const body = { metadata: { name: "p" }, target: { kind: "Node", name: node } };
  return (await server.call("POST", `${PODS}/p/binding`, { body })).status;
}

test("scale: shows and changes the replicas of the object behind it", async () => {
  const server = await aServerWithDeployment();
  const shown = await server.call("GET", `${DEPLOYMENTS}/web/scale`);
  expect(shown.value).toMatchObject({
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name: "web", namespace: "t" },
    spec: { replicas: 2 },
    status: { replicas: 0, selector: "app=web" },
  });
  const put = await server.call("PUT", `${DEPLOYMENTS}/web/scale`, {
    body: { ...shown.value, spec: { replicas: 5 } },
  });
  expect(put).toMatchObject({ status: 200, value: { spec: { replicas: 5 } } });
  const stale = await server.call("PUT", `${DEPLOYMENTS}/web/scale`, {
    body: { ...shown.value, spec: { replicas: 6 } },
  });
  expect(stale).toMatchObject({ status: 409, value: { reason: "Conflict" } });
  await server.call("PATCH", `${DEPLOYMENTS}/web/scale`, {
    body: { spec: { replicas: 0 } },
    contentType: MERGE,
  });
  const { value } = await server.call("GET", `${DEPLOYMENTS}/web`);
  expect({ replicas: value.spec.replicas, generation: value.metadata.generation }).toEqual({
    replicas: 0,
    generation: 3,
  });
});

test("scale: fewer than none is refused", async () => {
  const server = await aServerWithDeployment();
  const answer = await server.call("PATCH", `${DEPLOYMENTS}/web/scale`, {
    body: { spec: { replicas: -3 } },
    contentType: MERGE,
  });
  expect(answer).toMatchObject({
    status: 422,
    value: {
      message:
        'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -3: ' +
        "must be greater than or equal to 0",
    },
  });
});

test("status: each endpoint changes its own part, and only specs count generations", async () => {
  const server = await aServerWithDeployment();
  const byStatus = await server.call("PATCH", `${DEPLOYMENTS}/web/status`, {
    body: { spec: { replicas: 9 }, status: { replicas: 2 } },
    contentType: MERGE,
  });
  expect(byStatus.value).toMatchObject({
    metadata: { generation: 1 },
    spec: { replicas: 2 },
    status: { replicas: 2 },
  });
  const byMain = await server.call("PATCH", `${DEPLOYMENTS}/web`, {
    body: { spec: { replicas: 3 }, status: { replicas: 7 } },
    contentType: MERGE,
  });
  expect(byMain.value).toMatchObject({
    metadata: { generation: 2 },
    spec: { replicas: 3 },
    status: { replicas: 2 },
  });
});

test("binding: a pod is bound once", async () => {
  const server = await aServerWithPod();
  expect(await bind(server, "n1")).toBe(201);
  const { value } = await server.call("GET", `${PODS}/p`);
  expect(value.spec.nodeName).toBe("n1");
  expect(value.status.conditions).toMatchObject([{ type: "PodScheduled", status: "True" }]);
  const again = await server.call("POST", `${PODS}/p/binding`, {
    body: { metadata: { name: "p" }, target: { kind: "Node", name: "n2" } },
  });
  expect(again).toMatchObject({
    status: 409,
    value: {
      message:
        'Operation cannot be fulfilled on pods/binding "p": ' +
        'pod p is already assigned to node "n1"',
      details: { kind: "pods/binding" },
    },
  });
});

test("binding: needs a node", async () => {
  const server = await aServerWithPod();
  const body = { metadata: { name: "p" }, target: { kind: "Node", name: "" } };
  const answer = await server.call("POST", `${PODS}/p/binding`, { body });
  expect(answer).toMatchObject({ status: 500 });
  expect(answer.value.message).toContain("target.name: Required value");
});

test("eviction: deletes gracefully and says why", async () => {
  const server = await aServerWithPod();
  await bind(server, "n1");
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p" } };
  const answer = await server.call("POST", `${PODS}/p/eviction`, { body });
  expect(answer).toMatchObject({ status: 201, value: { status: "Success", code: 201 } });
  const { value } = await server.call("GET", `${PODS}/p`);
  expect(value.metadata.deletionGracePeriodSeconds).toBe(30);
  expect(value.status.conditions).toContainEqual(
    expect.objectContaining({ type: "DisruptionTarget", reason: "EvictionByEvictionAPI" }),
  );
});

async function logOf(server: TestServer, query: string): Promise<string> {
  const { status, value } = await server.call("GET", `${PODS}/p/log?${query}`);
  if (status === 204) return "204";
  if (status !== 200) return `${status} ${value.message}`;
  let text = "";
  for await (const chunk of value.chunks as AsyncIterable<Uint8Array>) {
    text += new TextDecoder().decode(chunk);
  }
  return text;
}

test("log: there is none without a node, and it is read from the node then", async () => {
  const nodeLogs: NodeLogs = {
    open: (_pod, options) =>
      Promise.resolve(
        (async function* () {
          yield new TextEncoder().encode(`${options.container} ${options.tailLines}`);
        })(),
      ),
  };
  const server = await aServerWithPod(nodeLogs);
  expect(await logOf(server, "container=a")).toBe("204");
  await bind(server, "n1");
  expect(await logOf(server, "container=a")).toBe('404 pods "n1" not found');
  await server.call("POST", "/api/v1/nodes", { body: { metadata: { name: "n1" } } });
  expect(await logOf(server, "")).toBe(
    "400 a container name must be specified for pod p, choose one of: [a b]",
  );
  expect(await logOf(server, "container=x")).toBe("400 container x is not valid for pod p");
  const waiting = { name: "a", state: { waiting: { reason: "ContainerCreating" } } };
  const running = { name: "b", state: { running: {} } };
  const rest = { image: "i", imageID: "", ready: false, restartCount: 0 };
  await server.call("PATCH", `${PODS}/p/status`, {
    body: {
      status: {
        containerStatuses: [
          { ...waiting, ...rest },
          { ...running, ...rest },
        ],
      },
    },
    contentType: MERGE,
  });
  expect(await logOf(server, "container=a")).toBe(
    '400 container "a" in pod "p" is waiting to start: ContainerCreating',
  );
  expect(await logOf(server, "container=b&tailLines=5")).toBe("b 5");
  expect(await logOf(server, "container=b&tailLines=-1")).toContain(
    '422 PodLogOptions "" is invalid: tailLines: Invalid value: -1',
  );
});
