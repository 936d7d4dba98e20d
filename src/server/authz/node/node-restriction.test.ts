import { expect, test } from "vitest";
import type { UserInfo } from "../../../machinery/request.ts";
import { openMemoryStore } from "../../../store/memory-store.ts";
import { podStrategy } from "../../../apis/core/v1/pod.ts";
import { aContext } from "../../../base/testing/context.ts";
import { virtualEnv } from "../../../base/virtual/virtual-env.ts";
import { makeResource } from "../../registry/resource.ts";
import { aServer, type Answer, type TestServer } from "../../testing/test-server.ts";
import { aUser } from "../testing.ts";
import { nodeRestriction } from "./node-restriction.ts";

const node: UserInfo = aUser("system:node:n1", "system:nodes");
const containers = [{ name: "c", image: "i" }];
const mirror = { "kubernetes.io/config.mirror": "x" };

/** A server that does not trust its nodes; tokens are not part of what is asked here. */
async function aRestrictedServer(): Promise<TestServer> {
  const store = await openMemoryStore(virtualEnv());
  return aServer({ admissionPlugins: [nodeRestriction({ store })] });
}

function post(server: TestServer, path: string, body: unknown, user?: UserInfo): Promise<Answer> {
  return server.call("POST", path, { body, ...(user === undefined ? {} : { user }) });
}

const outcomeOf = ({ status, value }: Answer): unknown =>
  status < 300 ? "done" : String(value.message).replace(/^[^:]* is forbidden: /, "");

test("a node creates mirror pods of its own, which refer to nothing", async () => {
  const env = virtualEnv();
  const plugin = nodeRestriction({ store: await openMemoryStore(env) });
  for (const { annotations, spec, outcome } of [
    { annotations: mirror, spec: { nodeName: "n1" }, outcome: "done" },
    {
      annotations: {},
      spec: { nodeName: "n1" },
      outcome:
        'pod does not have "kubernetes.io/config.mirror" annotation, node "n1" can only ' +
        "create mirror pods",
    },
    {
      annotations: mirror,
      spec: { nodeName: "n2" },
      outcome: 'node "n1" can only create pods with spec.nodeName set to itself',
    },
    {
      annotations: mirror,
      spec: { nodeName: "n1", serviceAccountName: "default" },
      outcome: 'node "n1" can not create pods that reference a service account',
    },
    {
      annotations: mirror,
      spec: { nodeName: "n1", volumes: [{ name: "v", secret: { secretName: "s" } }] },
      outcome: 'node "n1" can not create pods that reference secrets',
    },
  ]) {
    const object = { metadata: { name: "web", annotations }, spec: { ...spec, containers } };
    const review = {
      verb: "create",
      resource: makeResource(podStrategy),
      subresource: "",
      namespace: "t",
      name: "web",
      user: node,
      object,
      old: undefined,
      isDryRun: false,
    } as const;
    const asked = Promise.resolve(plugin.validate?.(review, aContext(env)));
    const answer = await asked.then(
      () => "done",
      (error: unknown) => (error instanceof Error ? error.message : error),
    );
    expect(answer).toBe(outcome === "done" ? "done" : `pods "web" is forbidden: ${outcome}`);
  }
});

test("a node deletes and reports on its own pods only", async () => {
  const server = await aRestrictedServer();
  for (const nodeName of ["n1", "n2"]) {
    const body = { metadata: { name: nodeName }, spec: { nodeName, containers } };
    await post(server, "/api/v1/namespaces/t/pods", body);
  }
  const patch = (name: string, body: unknown): Promise<Answer> =>
    server.call("PATCH", `/api/v1/namespaces/t/pods/${name}/status`, {
      body,
      contentType: "application/merge-patch+json",
      user: node,
    });
  const status = { status: { message: "hm" } };
  expect(outcomeOf(await patch("n1", status))).toBe("done");
  expect(outcomeOf(await patch("n2", status))).toBe(
    'node "n1" can only update pod status for pods with spec.nodeName set to itself',
  );
  const remove = (name: string): Promise<Answer> =>
    server.call("DELETE", `/api/v1/namespaces/t/pods/${name}`, { user: node });
  expect(outcomeOf(await remove("n2"))).toBe(
    'node "n1" can only delete pods with spec.nodeName set to itself',
  );
  expect(outcomeOf(await remove("n1"))).toBe("done");
});

test("a node describes its own node, but does not say what may run there", async () => {
  const server = await aRestrictedServer();
  const aNode = (name: string, labels: object): Promise<Answer> =>
    post(server, "/api/v1/nodes", { metadata: { name, labels } }, node);
  expect(outcomeOf(await aNode("n2", {}))).toBe('node "n1" is not allowed to modify node "n2"');
  expect(outcomeOf(await aNode("n1", { "node-restriction.kubernetes.io/x": "y" }))).toBe(
    'node "n1" is not allowed to set the following labels: node-restriction.kubernetes.io/x',
  );
  const labels = { "kubernetes.io/os": "linux", "node.kubernetes.io/x": "y", mine: "z" };
  expect(outcomeOf(await aNode("n1", labels))).toBe("done");
  for (const { body, outcome } of [
    { body: { metadata: { labels: { "a.k8s.io/b": "c" } } }, outcome: "labels: a.k8s.io/b" },
    { body: { spec: { taints: [{ key: "a", effect: "NoSchedule" }] } }, outcome: "modify taints" },
    { body: { metadata: { annotations: { a: "b" } } }, outcome: "done" },
  ]) {
    const contentType = "application/merge-patch+json";
    const answer = await server.call("PATCH", "/api/v1/nodes/n1", {
      body,
      contentType,
      user: node,
    });
    expect(outcomeOf(answer)).toContain(outcome);
  }
});

test("a node writes its own lease", async () => {
  const server = await aRestrictedServer();
  const namespace = "kube-node-lease";
  await post(server, "/api/v1/namespaces", { metadata: { name: namespace } });
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const lease = (name: string): Promise<Answer> =>
    post(server, leases, { metadata: { name }, spec: {} }, node);
  expect(outcomeOf(await lease("n1"))).toBe("done");
  expect(outcomeOf(await lease("n2"))).toBe(
    "can only access node lease with the same name as the requesting node",
  );
});
