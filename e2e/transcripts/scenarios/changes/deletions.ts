import type { Asked, Scenario } from "../../scenario.ts";

const PODS = "/api/v1/namespaces/deletions/pods";
const MAPS = "/api/v1/namespaces/deletions/configmaps";

/** Deletions with grace, finalizers, preconditions, and of what is being deleted already. */
export const deletions: Scenario = {
  name: "deletions",
  namespace: "deletions",
  steps: [
    pod("a", {}),
    remove(`${PODS}/a`),
    pod("b", { nodeName: "n" }),
    remove(`${PODS}/b`),
    remove(`${PODS}/b`, { gracePeriodSeconds: 60 }),
    remove(`${PODS}/b`, { gracePeriodSeconds: 5 }),
    remove(`${PODS}/b`),
    remove(`${PODS}/b`, { gracePeriodSeconds: 0 }),
    pod("c", { nodeName: "n" }, ["x.io/f"]),
    remove(`${PODS}/c?gracePeriodSeconds=7`),
    remove(`${PODS}/c`, { gracePeriodSeconds: 0 }),
    patch(`${PODS}/c`, { metadata: { finalizers: ["x.io/z", "x.io/f", "x.io/a"] } }),
    pod("c", {}),
    patch(`${PODS}/c`, { metadata: { finalizers: null } }),
    { method: "GET", path: `${PODS}/c` },
    map("d"),
    remove(`${MAPS}/d`, { preconditions: { uid: "x" } }),
    remove(`${MAPS}/d`, { preconditions: { resourceVersion: "1" } }),
    remove(`${MAPS}/d?dryRun=All`),
    remove(`${MAPS}/d?propagationPolicy=Foreground`),
    remove(`${MAPS}/d?propagationPolicy=Orphan`),
    remove(`${MAPS}/d?propagationPolicy=Background`),
    map("e"),
    remove(`${MAPS}/e`, { orphanDependents: true, propagationPolicy: "Orphan" }),
    remove(`${MAPS}/e`, { propagationPolicy: "x" }),
    remove(`${MAPS}/e`, { orphanDependents: false }),
    map("f", ["x.io/f"]),
    map("g"),
    map("h"),
    remove(`${MAPS}?limit=1`),
    remove(MAPS, { preconditions: { uid: "x" } }),
    remove(MAPS),
    { method: "PUT", path: `${MAPS}/f`, body: { metadata: { name: "f" } } },
    { method: "GET", path: MAPS },
  ],
};

function pod(name: string, parts: object, finalizers: readonly string[] = []): Asked {
  const containers = [{ name: "c", image: "i" }];
  const spec = { automountServiceAccountToken: false, containers, ...parts };
  return { method: "POST", path: PODS, body: { metadata: { name, finalizers }, spec } };
}

function map(name: string, finalizers: readonly string[] = []): Asked {
  return { method: "POST", path: MAPS, body: { metadata: { name, finalizers } } };
}

function remove(path: string, body?: object): Asked {
  return { method: "DELETE", path, ...(body === undefined ? {} : { body }) };
}

function patch(path: string, body: object): Asked {
  return { method: "PATCH", path, body };
}
