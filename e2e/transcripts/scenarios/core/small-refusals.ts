import type { Scenario } from "../../scenario.ts";

const NAMESPACE = "core-small-refusals";
const PATH = `/api/v1/namespaces/${NAMESPACE}`;
const TOKEN = `${PATH}/serviceaccounts/default/token`;
const claim = {
  accessModes: ["ReadWriteOnce"],
  resources: { requests: { storage: "1Gi" } },
  dataSource: { kind: "PersistentVolumeClaim", name: "x" },
};
const volume = { accessModes: ["ReadWriteOnce"], hostPath: { path: "/x" } };
const tls = { type: "kubernetes.io/tls", data: { "tls.crt": "eA==", "tls.key": "eA==" } };
const binding = { metadata: { name: "p", namespace: "other" }, target: { name: "n" } };

/** Small things of the core kinds: nulls that are written, warnings, and who is told what. */
export const smallRefusals: Scenario = {
  name: "core-small-refusals",
  namespace: NAMESPACE,
  steps: [
    {
      method: "POST",
      path: `${PATH}/persistentvolumeclaims`,
      body: { metadata: { name: "a" }, spec: claim },
    },
    {
      method: "POST",
      path: "/api/v1/persistentvolumes",
      body: { metadata: { name: NAMESPACE }, spec: { ...volume, capacity: { storage: "-1" } } },
    },
    {
      method: "POST",
      path: "/api/v1/persistentvolumes",
      body: { metadata: { name: NAMESPACE }, spec: { ...volume, capacity: {} } },
    },
    { method: "POST", path: `${PATH}/secrets`, body: { metadata: { name: "t" }, ...tls } },
    {
      method: "POST",
      path: TOKEN,
      body: { spec: { boundObjectRef: { kind: "Pod", apiVersion: "v1" } } },
    },
    { method: "POST", path: TOKEN, body: { metadata: { namespace: "other" }, spec: {} } },
    { method: "GET", path: "/api/v1/componentstatuses/none" },
    { method: "POST", path: `${PATH}/bindings`, body: {} },
    { method: "POST", path: `${PATH}/bindings`, body: binding },
    { method: "POST", path: `${PATH}/pods/p/binding`, body: {} },
    { method: "POST", path: `${PATH}/pods/p/eviction`, body: {} },
  ],
};
