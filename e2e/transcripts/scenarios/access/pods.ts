import type { Asked, Scenario } from "../../scenario.ts";
import { aContainer, aPod, patch, post, remove } from "./requests.ts";

const HOME = "/api/v1/namespaces/access-pods";
const CLASSES = "/apis/scheduling.k8s.io/v1/priorityclasses";
const RUNTIMES = "/apis/node.k8s.io/v1/runtimeclasses";

function pod(name: string, spec: object, metadata: object = {}): Asked {
  return post(`${HOME}/pods`, aPod(name, spec, metadata));
}

function account(name: string, more: object): Asked {
  return post(`${HOME}/serviceaccounts`, { metadata: { name }, ...more });
}

const runtimeClassName = "access-runtime";
const mirror = { annotations: { "kubernetes.io/config.mirror": "x" } };

/** What pods are given as they are made: accounts, priorities, runtimes, tolerations. */
export const pods: Scenario = {
  name: "access-pods",
  namespace: "access-pods",
  steps: [
    pod("a1", { serviceAccountName: "nope" }),
    account("bare", { automountServiceAccountToken: false }),
    account("pulling", { imagePullSecrets: [{ name: "a" }] }),
    pod("a2", {}),
    pod("a3", { serviceAccountName: "bare" }),
    pod("a4", { serviceAccountName: "pulling" }),
    pod("a5", { nodeName: "n", serviceAccountName: "bare" }, mirror),
    pod("a6", { nodeName: "n", volumes: [{ name: "v", secret: { secretName: "x" } }] }, mirror),
    post(CLASSES, { metadata: { name: "access-high" }, value: 1000, preemptionPolicy: "Never" }),
    pod("b1", { priorityClassName: "access-high" }),
    pod("b2", { priorityClassName: "access-nope" }),
    pod("b3", { priority: 5 }),
    pod("b4", { priorityClassName: "access-high", preemptionPolicy: "PreemptLowerPriority" }),
    remove(`${CLASSES}/system-node-critical`),
    remove(`${CLASSES}/access-high`),
    post(RUNTIMES, {
      metadata: { name: runtimeClassName },
      handler: "h",
      overhead: { podFixed: { cpu: "10m" } },
      scheduling: { nodeSelector: { a: "b" }, tolerations: [{ key: "k", operator: "Exists" }] },
    }),
    pod("c1", { runtimeClassName }),
    pod("c2", { runtimeClassName: "access-nope" }),
    pod("c3", { runtimeClassName, overhead: { cpu: "1" } }),
    pod("c4", { runtimeClassName, nodeSelector: { a: "c" } }),
    remove(`${RUNTIMES}/${runtimeClassName}`),
    pod("d1", { tolerations: [{ operator: "Exists" }] }),
    patch(`${HOME}/pods/a2`, { spec: { tolerations: [] } }),
    pod("d2", { containers: [aContainer({ image: "" })] }),
  ],
};
