/** Evictions against a budget, as `kubectl drain` makes them. */
import { afterEach, expect, test } from "vitest";
import type { PodDisruptionBudget } from "../apis/policy/v1/types.generated.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import { Deployment, Pod } from "../client/builtin.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { StatusError } from "../machinery/status.ts";
import { createControlPlane, type ControlPlane } from "./control-plane.ts";

const Budget: ResourceType<PodDisruptionBudget> = {
  group: "policy",
  version: "v1",
  kind: "PodDisruptionBudget",
  resource: "poddisruptionbudgets",
  isNamespaced: true,
};
const KEY = { namespace: "default", name: "web" };
const LABELS = { app: "web" };

let plane: ControlPlane | undefined;
afterEach(async () => {
  await plane?.close();
  plane = undefined;
});

async function pods({ client, context }: ControlPlane): Promise<readonly Pod[]> {
  const options = { namespace: "default", labelSelector: "app=web" };
  return (await client.list(Pod, options, context)).items;
}

async function makeReady(plane: ControlPlane): Promise<void> {
  for (const pod of await pods(plane)) {
    const conditions = [{ type: "Ready", status: "True" }];
    const status = { ...pod.status, phase: "Running", conditions };
    await plane.client.updateStatus(Pod, { ...pod, status }, plane.context);
  }
}

async function until(env: VirtualEnv, look: () => Promise<boolean>): Promise<void> {
  for (let step = 0; step < 100; step += 1) {
    if (await look()) return;
    await env.advance(100);
  }
  throw new Error("it did not come to pass within 10 virtual seconds");
}

/** The code of the answer to an eviction. */
async function evict({ client, context }: ControlPlane, name: string): Promise<number> {
  const key = { namespace: "default", name };
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: key };
  try {
    await client.createSubresource(Pod, key, "eviction", eviction, context);
    return 201;
  } catch (error) {
    if (error instanceof StatusError) return error.status.code ?? 0;
    throw error;
  }
}

test("a drain waits for the pods that a budget keeps, and gets them one by one", async () => {
  const env = virtualEnv();
  plane = await createControlPlane({ env });
  const { client, context } = plane;
  const metadata = KEY;
  const template = {
    metadata: { labels: LABELS },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "web", image: "web:1" }] },
  };
  const selector = { matchLabels: LABELS };
  await client.create(
    Deployment,
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { replicas: 2, selector, template },
      status: {},
    },
    context,
  );
  await client.create(
    Budget,
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { maxUnavailable: 1, selector },
      status: {},
    },
    context,
  );
  const current = plane;
  const allowed = async (): Promise<number | undefined> =>
    (await client.get(Budget, KEY, context)).status.disruptionsAllowed;
  await until(env, async () => (await pods(current)).length === 2);
  await makeReady(current);
  await until(env, async () => (await allowed()) === 1);

  const [first, second] = (await pods(current)).map((pod) => pod.metadata.name ?? "");
  expect(await evict(current, first ?? "")).toBe(201);
  await env.advance(1_000);
  expect(await allowed()).toBe(0); // its successor is there, and not ready
  expect(await evict(current, second ?? "")).toBe(429);
  await makeReady(current);
  await until(env, async () => (await allowed()) === 1);
  expect(await evict(current, second ?? "")).toBe(201);
  const { status } = await client.get(Budget, KEY, context);
  expect(status.expectedPods).toBe(2);
});
