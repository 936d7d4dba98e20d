import type { Asked, Scenario } from "../../scenario.ts";
import { aContainer, aPod, AS_TABLE, COLUMNS, get, NOW, patch, post, remove } from "./requests.ts";

const HOME = "/api/v1/namespaces/access-quotas";
const QUOTAS = `${HOME}/resourcequotas`;

/** A quota, with the status that a controller would give it. */
function quota(name: string, hard: Readonly<Record<string, string>>, more: object = {}): Asked[] {
  const used = Object.fromEntries(Object.keys(hard).map((each) => [each, "0"]));
  return [
    post(QUOTAS, { metadata: { name }, spec: { hard, ...more } }),
    patch(`${QUOTAS}/${name}/status`, { status: { hard, used } }),
  ];
}

function pod(name: string, resources: object = {}, query = ""): Asked {
  return post(`${HOME}/pods${query}`, aPod(name, { containers: [aContainer({ resources })] }));
}

function service(name: string, type: string): Asked {
  return post(`${HOME}/services`, { metadata: { name }, spec: { type, ports: [{ port: 80 }] } });
}

/** What a namespace may hold, counted as it is made. */
export const quotas: Scenario = {
  name: "access-quotas",
  namespace: "access-quotas",
  steps: [
    post(QUOTAS, { metadata: { name: "early" }, spec: { hard: { pods: "1" } } }),
    pod("early", {}, "?dryRun=All"),
    remove(`${QUOTAS}/early${COLUMNS}`, undefined, AS_TABLE),
    ...quota("counts", {
      pods: "1",
      "count/configmaps": "1",
      services: "2",
      "services.nodeports": "1",
      resourcequotas: "3",
      "requests.storage": "5Gi",
    }),
    pod("p1"),
    pod("p2", {}, "?dryRun=All"),
    post(`${HOME}/configmaps`, { metadata: { name: "a" } }),
    post(`${HOME}/configmaps`, { metadata: { name: "b" } }),
    service("s1", "ClusterIP"),
    service("s2", "NodePort"),
    patch(`${HOME}/services/s1`, { spec: { type: "LoadBalancer" } }),
    get(`${QUOTAS}/counts${COLUMNS}`, AS_TABLE),
    remove(`${QUOTAS}/counts${COLUMNS}`, undefined, AS_TABLE),
    remove(`${HOME}/pods/p1`, NOW),
    ...quota("compute", { "requests.cpu": "1", "limits.cpu": "2", memory: "1Gi" }),
    pod("c1"),
    pod("c2", { requests: { cpu: "500m", memory: "100Mi" }, limits: { cpu: "1" } }),
    pod("c3", { requests: { cpu: "600m", memory: "1Gi" }, limits: { cpu: "1" } }),
    get(`${QUOTAS}/compute${COLUMNS}`, AS_TABLE),
    remove(`${QUOTAS}/compute${COLUMNS}`, undefined, AS_TABLE),
    ...quota("besteffort", { pods: "0" }, { scopes: ["BestEffort"] }),
    pod("b1"),
    pod("b2", { requests: { cpu: "1" } }),
  ],
};
