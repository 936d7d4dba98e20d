/** The whole in one process: the real server, controllers and scheduler on a virtual clock. */
import { afterEach, expect, test } from "vitest";
import { heapBytes } from "../base/testing/census.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import {
  ConfigMap,
  Deployment,
  EventObject,
  Namespace,
  Node,
  Pod,
  ReplicaSet,
  ServiceAccount,
} from "../client/builtin.ts";
import { apiTime, isTerminating } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import { createControlPlane, type ControlPlane } from "./control-plane.ts";

let plane: ControlPlane | undefined;
afterEach(async () => {
  await plane?.close();
  plane = undefined;
});

async function aPlane(): Promise<{ readonly plane: ControlPlane; readonly env: VirtualEnv }> {
  const env = virtualEnv();
  plane = await createControlPlane({ env });
  return { plane, env };
}

function aDeployment(name: string, replicas: number): Deployment {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "web:1" }] } },
    },
    status: {},
  };
}

function aNode(name: string): Node {
  const allocatable = { cpu: "4", memory: "8Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: {},
    status: { allocatable, capacity: allocatable },
  };
}

async function pods({ client, context }: ControlPlane): Promise<readonly Pod[]> {
  return (await client.list(Pod, { namespace: "default" }, context)).items;
}

/** Moves time on until what `look` sees is what is wanted. */
async function until(env: VirtualEnv, look: () => Promise<boolean>): Promise<void> {
  for (let step = 0; step < 100; step += 1) {
    if (await look()) return;
    await env.advance(100);
  }
  throw new Error("it did not come to pass within 10 virtual seconds");
}

test("a deployment becomes pods, the pods get a node, and events tell it", async () => {
  const { plane, env } = await aPlane();
  const { client, context } = plane;
  await client.create(Node, aNode("node-1"), context);
  await client.create(Deployment, aDeployment("web", 3), context);
  await until(env, async () => {
    const all = await pods(plane);
    return all.length === 3 && all.every((pod) => pod.spec.nodeName === "node-1");
  });
  const events = (await client.list(EventObject, { namespace: "default" }, context)).items;
  const reasons = new Set(events.map(({ reason }) => reason));
  expect([...reasons]).toEqual(
    expect.arrayContaining(["ScalingReplicaSet", "Scheduled", "SuccessfulCreate"]),
  );
});

test("a deleted deployment takes its replica sets and pods along", async () => {
  const { plane, env } = await aPlane();
  const { client, context } = plane;
  await client.create(Deployment, aDeployment("web", 2), context);
  await until(env, async () => (await pods(plane)).length === 2);
  await client.delete(Deployment, { namespace: "default", name: "web" }, context);
  await until(env, async () => {
    const sets = await client.list(ReplicaSet, { namespace: "default" }, context);
    return sets.items.length === 0 && (await pods(plane)).every(isTerminating);
  });
});

test("namespaces get an account, and are emptied before they go", async () => {
  const { plane, env } = await aPlane();
  const { client, context } = plane;
  const base = { apiVersion: "v1", metadata: { name: "team" } } as const;
  await client.create(Namespace, { ...base, kind: "Namespace", spec: {}, status: {} }, context);
  await until(env, async () => {
    const { items } = await client.list(ServiceAccount, { namespace: "team" }, context);
    return items.some(({ metadata }) => metadata.name === "default");
  });
  const metadata = { name: "kept", namespace: "team" };
  await client.create(ConfigMap, { apiVersion: "v1", kind: "ConfigMap", metadata }, context);
  await client.delete(Namespace, { namespace: "", name: "team" }, context);
  await until(env, async () => {
    try {
      await client.get(Namespace, { namespace: "", name: "team" }, context);
      return false;
    } catch (error) {
      return isStatus(error, "NotFound");
    }
  });
  expect((await client.list(ConfigMap, { namespace: "team" }, context)).items).toEqual([]);
});

test("every revision says who made it, and what led to it", async () => {
  const { plane, env } = await aPlane();
  const { client, context, store } = plane;
  const created = await client.create(Deployment, aDeployment("web", 1), context);
  await until(env, async () => (await pods(plane)).length === 1);
  const [pod] = await pods(plane);
  const key = `/registry/core/pods/default/${pod?.metadata.name ?? ""}`;
  const born = (await store.history(key, { limit: 10 }, context)).at(-1);
  expect(born?.cause).toMatchObject({ actor: "replicaset-controller", verb: "create" });
  const [trigger] = born?.cause.triggers ?? [];
  expect(trigger).toBeGreaterThan(Number(created.metadata.resourceVersion));
  expect(born?.cause.timeMs).toBeGreaterThanOrEqual(Date.parse(apiTime(0)));
});

/** A sample of /metrics; undefined if there is none. */
async function metric(plane: ControlPlane, sample: string): Promise<number | undefined> {
  const { body } = await plane.client.request({ path: "/metrics" }, plane.context);
  const text = body.kind === "bytes" ? new TextDecoder().decode(body.bytes) : "";
  const line = text.split("\n").find((one) => one.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length));
}

test("one address shows the metrics of the server, the controllers and their queues", async () => {
  const { plane, env } = await aPlane();
  await plane.client.create(Deployment, aDeployment("web", 1), plane.context);
  const reconciled = 'controller="replicaset-controller",result="success"';
  await until(env, async () => {
    const count = await metric(plane, `controller_runtime_reconcile_total{${reconciled}}`);
    return (count ?? 0) > 0;
  });
  const created =
    'code="201",group="apps",resource="deployments",subresource="",verb="CREATE",version="v1"';
  expect(await metric(plane, `apiserver_request_total{${created}}`)).toBe(1);
  const queue = 'controller="replicaset-controller",name="replicaset-controller"';
  expect(await metric(plane, `workqueue_adds_total{${queue}}`)).toBeGreaterThan(0);
  const view = 'group="apps",name="kube-controller-manager",resource="deployments",version="v1"';
  expect(await metric(plane, `informer_store_resource_version{${view}}`)).toBeGreaterThan(0);
  expect(await metric(plane, `setpoint_informer_objects{${view}}`)).toBe(1);
  expect(await metric(plane, `setpoint_informer_bytes{${view}}`)).toBeGreaterThan(500);
  const panics = 'controller_runtime_reconcile_panics_total{controller="garbage-collector"}';
  expect(await metric(plane, panics)).toBe(0);
});

test("closing leaves no timer behind, and twice is fine", async () => {
  const { plane, env } = await aPlane();
  await env.advance(1_000);
  await plane.close();
  await plane.close();
  await env.advance(5_000);
  expect(env.pendingTimers).toBe(0);
});

test("admission plug-ins nobody knows are refused by the option that names them", async () => {
  await expect(createControlPlane({ enabledAdmissionPlugins: ["Odd"] })).rejects.toThrow(
    'enabledAdmissionPlugins: "Odd" is no admission plug-in; those there are: AlwaysPullImages',
  );
  await expect(createControlPlane({ disabledAdmissionPlugins: ["Odd"] })).rejects.toThrow(
    'disabledAdmissionPlugins: "Odd"',
  );
});

test("a control plane that began as a copy keeps nothing of the original", async () => {
  const copied = await aCopy();
  plane = copied.plane;
  await copied.env.advance(24 * 3_600_000); // cancelled timers are kept until then
  await heapBytes();
  expect(copied.original.deref()).toBeUndefined();
});

async function aCopy(): Promise<{
  readonly env: VirtualEnv;
  readonly plane: ControlPlane;
  readonly original: WeakRef<ControlPlane>;
}> {
  const env = virtualEnv();
  const original = await createControlPlane({ env, hasControllers: false });
  const store = { kind: "memory", copyOf: original.store } as const;
  const copy = await createControlPlane({ env, hasControllers: false, store });
  await original.close();
  return { env, plane: copy, original: new WeakRef(original) };
}
