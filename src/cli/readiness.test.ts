import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import type { Deployment, Pod } from "../client/builtin.ts";
import { rolloutText } from "./commands/rollout.ts";
import { firstAnswering, waysTo } from "./reach.ts";
import { readinessOf } from "./readiness.ts";

function aDeployment(status: Deployment["status"], replicas = 3): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", generation: 2 },
    spec: { replicas, selector: {}, template: { metadata: {}, spec: { containers: [] } } },
    status: { observedGeneration: 2, ...status },
  };
}

function aPod(
  status: Pod["status"],
  ports: readonly { name: string; containerPort: number }[] = [],
): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web-1", labels: { app: "web" } },
    spec: { nodeName: "node-1", containers: [{ name: "web", ports }] },
    status,
  };
}

const READY = { conditions: [{ type: "Ready", status: "True" }] };

test.each([
  {
    name: "all replicas new and available",
    object: aDeployment({
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    }),
    state: "ready",
    text: "3/3 ready",
  },
  {
    name: "a spec not yet observed",
    object: aDeployment({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    }),
    state: "progressing",
    text: "3/3 ready",
  },
  {
    name: "old replicas still there",
    object: aDeployment({
      replicas: 4,
      updatedReplicas: 3,
      readyReplicas: 4,
      availableReplicas: 4,
    }),
    state: "progressing",
    text: "4/3 ready",
  },
  {
    name: "a missed deadline",
    object: aDeployment({
      readyReplicas: 1,
      conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }],
    }),
    state: "failed",
    text: "1/3 ready, progress deadline exceeded",
  },
  { name: "a running pod", object: aPod(READY), state: "ready", text: "Running on node-1" },
  {
    name: "a pod without its image",
    object: aPod({
      phase: "Pending",
      containerStatuses: [
        {
          name: "web",
          ready: false,
          restartCount: 0,
          image: "web:9",
          imageID: "",
          state: { waiting: { reason: "ErrImagePull" } },
        },
      ],
    }),
    state: "progressing",
    text: "ErrImagePull",
  },
])("$name: $state", ({ object, state, text }) => {
  expect(readinessOf(object)).toEqual({ state, text });
});

test("an object on its way out is not ready, whatever its status says", () => {
  const pod = aPod(READY);
  const leaving = {
    ...pod,
    metadata: { ...pod.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
  };
  expect(readinessOf(leaving)).toEqual({ state: "progressing", text: "terminating" });
});

test("a rollout is told in kubectl's words", () => {
  const words = (status: Deployment["status"]): string => rolloutText(aDeployment(status)).text;
  expect(words({ observedGeneration: 1 })).toBe(
    "Waiting for deployment spec update to be observed...",
  );
  expect(words({ updatedReplicas: 1 })).toContain("1 out of 3 new replicas have been updated");
  expect(words({ updatedReplicas: 3, replicas: 5 })).toContain(
    "2 old replicas are pending termination",
  );
  expect(words({ updatedReplicas: 3, replicas: 3, availableReplicas: 1 })).toContain(
    "1 of 3 updated replicas are available",
  );
  expect(words({ updatedReplicas: 3, replicas: 3, availableReplicas: 3 })).toBe(
    'deployment "web" successfully rolled out',
  );
});

test("a Service is reached at its address, or at a ready pod behind it", () => {
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: {
      clusterIP: "127.96.0.7",
      selector: { app: "web" },
      ports: [{ port: 80, targetPort: "http" }],
    },
    status: {},
  } as const;
  const ports = [{ name: "http", containerPort: 8080 }];
  const unready = aPod({ podIP: "127.65.0.1" }, ports);
  const pods = [unready, aPod({ ...READY, podIP: "127.65.0.2" }, ports)];
  const address = { host: "127.96.0.7", port: 80 };
  expect(waysTo(service, pods)).toEqual([
    { service: address, pod: { host: "127.65.0.2", port: 8080 } },
  ]);
  expect(waysTo(service, [unready])).toEqual([{ service: address, pod: undefined }]);
});

test("of two addresses the one that answers is shown", async () => {
  const env = virtualEnv();
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  const closed = { host: "127.0.0.1", port: 1 };
  const way = { service: closed, pod: { host: "127.0.0.1", port } };
  const signal = new AbortController().signal;
  expect(await firstAnswering(way, 0, env, signal)).toEqual(way.pod);
  expect(await firstAnswering({ ...way, pod: undefined }, 0, env, signal)).toBeUndefined();
  server.close();
});
