import { beforeEach, expect, test } from "vitest";
import { aServer, type TestServer } from "../testing/test-server.ts";

const PODS = "/api/v1/namespaces/t/pods";
const RESIZE = `${PODS}/p/resize`;
const STRATEGIC = "application/strategic-merge-patch+json";

let server: TestServer;

beforeEach(async () => {
  server = await aServer();
  const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } };
  const spec = { containers: [{ name: "a", image: "i", resources }] };
  await server.call("POST", PODS, { body: { metadata: { name: "p" }, spec } });
});

function resize(resources: object, more: object = {}): ReturnType<TestServer["call"]> {
  const body = { spec: { containers: [{ name: "a", resources, ...more }] } };
  return server.call("PATCH", RESIZE, { body, contentType: STRATEGIC });
}

test("a pod is given more cpu, and nothing else changes with it", async () => {
  const { status, value } = await resize({ requests: { cpu: "1500m" } }, { image: "other" });
  expect(status).toBe(200);
  expect(value.spec.containers[0]).toMatchObject({
    image: "i",
    resources: { requests: { cpu: "1500m", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
  });
  expect(value.metadata.generation).toBe(2);
  const again = await resize({ requests: { cpu: "1500m" } });
  expect(again.value.metadata.resourceVersion).toBe(value.metadata.resourceVersion);
});

test.each([
  [{ requests: { cpu: "3" } }, "must be less than or equal to cpu limit of 2"],
  [{ limits: { memory: null } }, "resource limits cannot be removed"],
  [{ requests: { "ephemeral-storage": "1Gi" } }, "only cpu and memory resources are mutable"],
  [{ requests: { cpu: "2", memory: "2Gi" } }, "Pod QOS Class may not change as a result"],
])("a resize is refused: %j", async (resources, told) => {
  const { status, value } = await resize(resources);
  expect(status).toBe(422);
  expect(value.message).toContain(told);
});

test("a resize is refused for other containers than those of the pod", async () => {
  const containers = [{ name: "b", image: "i" }];
  const { value: pod } = await server.call("GET", RESIZE);
  const body = { ...pod, spec: { ...pod.spec, containers } };
  const { value } = await server.call("PUT", RESIZE, { body });
  expect(value.message).toContain("containers may not be renamed or reordered on resize");
});

test("a resize is refused where the pod's node says nothing of what it gave", async () => {
  const running = { name: "a", ready: true, restartCount: 0, image: "i", imageID: "i" };
  const containerStatuses = [{ ...running, state: { running: {} } }];
  const body = { status: { containerStatuses } };
  await server.call("PATCH", `${PODS}/p/status`, { body, contentType: STRATEGIC });
  const { value } = await resize({ requests: { cpu: "1200m" } });
  expect(value.message).toContain("Pod running on node without support for resize");
});

test("the amounts of a pod change through this door only", async () => {
  const body = { spec: { containers: [{ name: "a", resources: { requests: { cpu: "1200m" } } }] } };
  const { status } = await server.call("PATCH", `${PODS}/p`, { body, contentType: STRATEGIC });
  expect(status).toBe(422);
});

test("a pod on a node is not given more than the node has", async () => {
  const node = {
    metadata: { name: "n" },
    status: { allocatable: { cpu: "1500m", memory: "4Gi" } },
  };
  await server.call("POST", "/api/v1/nodes", { body: node });
  const body = { metadata: { name: "p" }, target: { kind: "Node", name: "n" } };
  await server.call("POST", `${PODS}/p/binding`, { body });
  expect((await resize({ requests: { cpu: "1500m" } })).status).toBe(200);
  const { status, value } = await resize({ requests: { cpu: "1600m" } });
  expect(status).toBe(403);
  expect(value.message).toBe(
    'pods "p" is forbidden: node didn\'t have enough allocatable resources: ' +
      "cpu, requested: 1600, allocatable: 1500",
  );
});
