import type { Asked, Scenario } from "../../scenario.ts";

const NAMESPACE = "core-evictions";
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
const BUDGETS = `/apis/policy/v1/namespaces/${NAMESPACE}/poddisruptionbudgets`;

function made(name: string): Asked {
  const spec = {
    automountServiceAccountToken: false,
    nodeName: "core-none",
    containers: [{ name: "c", image: "i" }],
  };
  return { method: "POST", path: PODS, body: { metadata: { name, labels: { e: "1" } }, spec } };
}

function told(name: string, status: object): Asked {
  return { method: "PATCH", path: `${PODS}/${name}/status`, body: { status } };
}

function evicted(name: string, more: object = {}, query = ""): Asked {
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name }, ...more };
  return { method: "POST", path: `${PODS}/${name}/eviction${query}`, body };
}

function budget(name: string): Asked {
  const spec = { minAvailable: 1, selector: { matchLabels: { e: "1" } } };
  return { method: "POST", path: BUDGETS, body: { metadata: { name }, spec } };
}

const allowing = (disruptionsAllowed: number): Asked => ({
  method: "PATCH",
  path: `${BUDGETS}/p/status`,
  body: {
    status: { observedGeneration: 1, disruptionsAllowed, currentHealthy: 2, desiredHealthy: 1 },
  },
});
const ready = (status: string): object => ({ conditions: [{ type: "Ready", status }] });

/** Evictions under budgets that allow them, do not, are not known yet, or are two. */
export const evictions: Scenario = {
  name: "core-evictions",
  namespace: NAMESPACE,
  steps: [
    made("a"),
    told("a", { phase: "Running", ...ready("True") }),
    evicted("none"),
    evicted("a", {}, "?dryRun=All"),
    evicted("a", { deleteOptions: { preconditions: { uid: "other" } } }),
    budget("p"),
    evicted("a"),
    allowing(0),
    evicted("a"),
    made("unready"),
    told("unready", { phase: "Running", ...ready("False") }),
    evicted("unready"),
    made("done"),
    told("done", { phase: "Succeeded" }),
    evicted("done"),
    allowing(1),
    evicted("a", { deleteOptions: { gracePeriodSeconds: 5 } }),
    evicted("a"),
    made("b"),
    told("b", { phase: "Running", ...ready("True") }),
    budget("q"),
    evicted("b"),
  ],
};
