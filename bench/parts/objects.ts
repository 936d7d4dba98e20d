/** The objects benches write: of ordinary size, all in the namespace `default`. */
import { createHash } from "node:crypto";
import type {
  ConfigMap,
  Deployment,
  Namespace,
  Node,
  Pod,
  ServiceAccount,
} from "../../src/client/builtin.ts";

/** As a ReplicaSet would make it. */
export function aPod(name: string): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: "web", "pod-template-hash": "5d8f7c" } },
    spec: { containers: [webContainer()] },
    status: {},
  };
}

/** Pods of one ReplicaSet among those of `aRunningPod`. */
export const SIBLINGS = 25;

/** One of many that run: for each `seed` another, with so many of each ReplicaSet. */
export function aRunningPod(seed: number): Pod {
  const set = Math.floor(seed / SIBLINGS);
  const pod = aPod(`web-${String(set).padStart(6, "0")}-${String(seed).padStart(8, "0")}`);
  const labels = { ...pod.metadata.labels, app: `web-${set}` };
  const ready = { type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" };
  const container = {
    name: "web",
    image: "registry.example/web:1.27",
    imageID: `registry.example/web@sha256:${digestOf(`image ${set}`)}`,
    containerID: `containerd://${digestOf(`container ${seed}`)}`,
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
  };
  return {
    ...pod,
    metadata: { ...pod.metadata, labels },
    spec: { ...pod.spec, nodeName: `node-${seed % 1_000}`, tolerations: TOLERATIONS },
    status: { phase: "Running", conditions: [ready], containerStatuses: [container] },
  };
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

const TOLERATIONS = ["not-ready", "unreachable"].map((key) => ({
  key: `node.kubernetes.io/${key}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
}));

/** Whose pods they are; without controllers nobody else makes it. */
export function theServiceAccount(namespace = "default"): ServiceAccount {
  const metadata = { name: "default", namespace };
  return { apiVersion: "v1", kind: "ServiceAccount", metadata };
}

export function aNamespace(name: string): Namespace {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name }, spec: {}, status: {} };
}

export function aConfigMap(name: string, data: Readonly<Record<string, string>>): ConfigMap {
  const metadata = { name, namespace: "default" };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data };
}

export function aDeployment(name: string, replicas: number): Deployment {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [webContainer()] } },
    },
    status: {},
  };
}

/** A node that says it is ready, and behind which there is nothing. */
export function aNode(name: string): Node {
  const allocatable = { cpu: "16", memory: "64Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name } },
    spec: {},
    status: {
      allocatable,
      capacity: allocatable,
      conditions: [{ type: "Ready", status: "True", reason: "Bench" }],
    },
  };
}

function webContainer(): Pod["spec"]["containers"][number] {
  return {
    name: "web",
    image: "registry.example/web:1.27",
    command: ["/bin/web", "--listen", "0.0.0.0:8080"],
    ports: [{ containerPort: 8080, protocol: "TCP" }],
    env: [{ name: "LOG_LEVEL", value: "info" }],
    resources: { requests: { cpu: "10m", memory: "16Mi" } },
  };
}
