import { afterEach, beforeEach, expect, test } from "vitest";
import type { PodStatus } from "../../apis/core/v1/types.generated.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { Pod } from "../../client/builtin.ts";
import { TransportError } from "../../client/transport.ts";
import { fakeCluster, type FakeCluster } from "../../controller-runtime/testing/fake-cluster.ts";
import { aPod, POD_UID } from "../testing/views.ts";
import { STATUS_REQUESTS_MAX, StatusManager } from "./status-manager.ts";

let env: VirtualEnv;
let cluster: FakeCluster;
let manager: StatusManager;
let stop: () => Promise<void>;

beforeEach(() => {
  env = virtualEnv();
  cluster = fakeCluster(env);
  const { ownWrites } = cluster.informers.for(Pod);
  manager = new StatusManager({ client: cluster.client, env, ownWrites });
  const controller = new AbortController();
  const running = manager.run(aContext(env, controller.signal));
  stop = async () => {
    controller.abort(new Error("the test is over"));
    await running;
  };
});

afterEach(() => stop());

const key = { namespace: "default", name: "web" };

function phases(): readonly (string | undefined)[] {
  return cluster.requests
    .filter(({ verb }) => verb === "patch/status")
    .map(({ body }) => JSON.stringify(body).match(/"phase":"(\w+)"/)?.[1]);
}

function set(phase: string, more: PodStatus = {}): void {
  manager.set(cluster.find(Pod, key) ?? aPod(), { phase, ...more });
}

/** Lets every request wait until the test lets it go. */
function holdRequests(): () => void {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  cluster.intercept(async () => {
    await held;
    return "serve" as const;
  });
  return release;
}

test("a status is written once, and again only when it changes", async () => {
  cluster.seed(Pod, aPod());
  set("Running");
  await env.settle();
  set("Running");
  await env.settle();
  expect(phases()).toEqual(["Running"]);
  set("Succeeded");
  await env.settle();
  expect(phases()).toEqual(["Running", "Succeeded"]);
  expect(cluster.find(Pod, key)?.status.phase).toBe("Succeeded");
});

test("of many changes during a request only the newest is written next", async () => {
  cluster.seed(Pod, aPod());
  const release = holdRequests();
  set("Pending");
  await env.settle();
  set("Running");
  set("Failed");
  await env.settle();
  expect(phases()).toEqual(["Pending"]);
  release();
  await env.settle();
  expect(phases()).toEqual(["Pending", "Failed"]);
});

test("conditions and fields of others stay; what no longer holds goes", async () => {
  const gate = { type: "example.com/gate", status: "True" };
  const ready = { type: "Ready", status: "False", reason: "ContainersNotReady", message: "m" };
  const status = { qosClass: "Burstable", reason: "Old", conditions: [gate, ready] };
  cluster.seed(Pod, aPod({ status }));
  set("Running", { conditions: [gate, { type: "Ready", status: "True" }] });
  await env.settle();
  expect(cluster.find(Pod, key)?.status).toEqual({
    phase: "Running",
    qosClass: "Burstable",
    conditions: [gate, { type: "Ready", status: "True" }],
  });
});

test("what another wrote over the status is set right", async () => {
  cluster.seed(Pod, aPod());
  const conditions = [{ type: "Ready", status: "True" }];
  set("Running", { conditions });
  await env.settle();
  const pod = cluster.find(Pod, key) ?? aPod();
  const lost = [{ type: "Ready", status: "False", reason: "NodeLost" }];
  const overwritten = { ...pod, status: { ...pod.status, conditions: lost } };
  await cluster.client.updateStatus(Pod, overwritten, aContext(env));
  set("Running", { conditions });
  await env.settle();
  expect(cluster.find(Pod, key)?.status.conditions).toEqual(conditions);
});

test("an API that is away is asked again, later and later, and gets the newest", async () => {
  cluster.seed(Pod, aPod());
  cluster.intercept(() => {
    throw new TransportError("refused", { isRefused: true });
  });
  set("Pending");
  await env.advance(20_000);
  const tries = phases().length;
  expect(tries).toBeGreaterThan(3);
  expect(tries).toBeLessThan(12);
  set("Running");
  cluster.intercept();
  await env.advance(30_000);
  expect(cluster.find(Pod, key)?.status.phase).toBe("Running");
  expect(phases().at(-1)).toBe("Running");
});

test("a pod that is gone, or another of its name, is left alone", async () => {
  set("Running");
  await env.settle();
  await manager.settled(POD_UID, new AbortController().signal);
  cluster.seed(Pod, aPod({ uid: "99999999-9999-4999-8999-999999999999" }));
  manager.set(aPod(), { phase: "Failed" });
  await env.settle();
  expect(cluster.find(Pod, key)?.status.phase).toBeUndefined();
});

test("whoever waits for a status goes on when it has arrived, or when it is given up", async () => {
  cluster.seed(Pod, aPod());
  const release = holdRequests();
  set("Running");
  let hasSettled = false;
  const waiting = manager.settled(POD_UID, new AbortController().signal).then(() => {
    hasSettled = true;
  });
  await env.settle();
  expect(hasSettled).toBe(false);
  release();
  await waiting;
  cluster.intercept(() => {
    throw new TransportError("refused", { isRefused: true });
  });
  set("Failed");
  const forgotten = manager.settled(POD_UID, new AbortController().signal);
  await env.settle();
  manager.forget(POD_UID);
  await forgotten;
  expect(env.pendingTimers).toBe(0);
});

test("no more than a few requests are under way at a time", async () => {
  const count = 3 * STATUS_REQUESTS_MAX;
  const pods = Array.from({ length: count }, (_, index) =>
    cluster.seed(Pod, aPod({ name: `web-${index}`, uid: `uid-${index}` })),
  );
  const release = holdRequests();
  for (const pod of pods) manager.set(pod, { phase: "Running" });
  await env.settle();
  expect(phases()).toHaveLength(STATUS_REQUESTS_MAX);
  release();
  await env.settle();
  expect(phases()).toHaveLength(count);
});
