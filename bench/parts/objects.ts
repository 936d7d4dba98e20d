/** The objects benches write: of ordinary size, all in the namespace `default`. */
import type { ConfigMap, Deployment, Node, Pod, ServiceAccount } from "../../src/client/builtin.ts";

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

/** Whose pods they are; without controllers nobody else makes it. */
export function theServiceAccount(): ServiceAccount {
  const metadata = { name: "default", namespace: "default" };
  return { apiVersion: "v1", kind: "ServiceAccount", metadata };
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
