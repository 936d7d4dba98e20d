import type { Asked, Scenario } from "../../scenario.ts";

/** Classes, drivers, capacities and attachments of storage; classes of priorities and runtimes. */
export function storageRules(namespace: string): Scenario {
  const group = "/apis/storage.k8s.io/v1";
  const name = namespace;
  const post = (path: string, rest: object): Asked => {
    return { method: "POST", path, body: { metadata: { name }, ...rest } };
  };
  const patch = (plural: string, body: unknown): Asked => {
    return { method: "PATCH", path: `${group}/${plural}/${name}`, body };
  };
  const toleration = { key: "k", operator: "Exists" };
  return {
    name: "storage-rules",
    namespace,
    steps: [
      post(`${group}/storageclasses`, { provisioner: "a b", allowedTopologies: [{}] }),
      post(`${group}/storageclasses`, { provisioner: "example.com/p", parameters: { a: "b" } }),
      patch("storageclasses", { provisioner: "p", parameters: null, reclaimPolicy: "Recycle" }),
      { method: "DELETE", path: `${group}/storageclasses/${name}` },
      post(`${group}/csidrivers`, {
        spec: { tokenRequests: [{ audience: "a" }], preventPodSchedulingIfMissing: true },
      }),
      patch("csidrivers", { spec: { podInfoOnMount: true, attachRequired: false } }),
      patch("csidrivers", { spec: { tokenRequests: null, serviceAccountTokenInSecrets: true } }),
      { method: "DELETE", path: `${group}/csidrivers/${name}` },
      post(`${group}/csinodes`, { spec: { drivers: [{ name: "d", nodeID: "n" }] } }),
      patch("csinodes", { spec: { drivers: [{ name: "d", nodeID: "m" }, { name: "D_" }] } }),
      { method: "DELETE", path: `${group}/csinodes/${name}` },
      post(`${group}/namespaces/${namespace}/csistoragecapacities`, {
        storageClassName: "A",
        capacity: "-1",
      }),
      post(`${group}/volumeattachments`, {
        spec: { attacher: "", nodeName: "A", source: { persistentVolumeName: "" } },
      }),
      post(`${group}/volumeattributesclasses`, { driverName: "d", parameters: {} }),
      post("/apis/node.k8s.io/v1/runtimeclasses", {
        handler: "A",
        overhead: { podFixed: { cpu: "-1" } },
        scheduling: { tolerations: [toleration, toleration] },
      }),
      post("/apis/scheduling.k8s.io/v1/priorityclasses", { value: 2_000_000_000 }),
    ],
  };
}

/** Devices: who asks for which, who has which. */
export function claimRules(namespace: string): Scenario {
  const group = "/apis/resource.k8s.io/v1";
  const claims = `${group}/namespaces/${namespace}/resourceclaims`;
  const request = { name: "r", exactly: { deviceClassName: "c" } };
  const pool = { name: "p", generation: 1, resourceSliceCount: 1 };
  const opaque = { driver: "d.example.com", parameters: { a: 1 } };
  return {
    name: "claim-rules",
    namespace,
    steps: [
      {
        method: "POST",
        path: claims,
        body: {
          metadata: { name: "a" },
          spec: { devices: { requests: [request], config: [{ requests: ["r"], opaque }] } },
        },
      },
      {
        method: "POST",
        path: claims,
        body: {
          metadata: { name: "b" },
          spec: {
            devices: {
              requests: [{ name: "r" }, { name: "R", exactly: { allocationMode: "Some" } }],
              constraints: [{ requests: ["q"] }],
              config: [{ opaque: { driver: "" } }],
            },
          },
        },
      },
      { method: "PATCH", path: `${claims}/a`, body: { spec: { devices: { config: null } } } },
      {
        method: "PATCH",
        path: `${claims}/a/status`,
        body: { status: { reservedFor: [{ resource: "pods", name: "p", uid: "u" }] } },
      },
      {
        method: "POST",
        path: `${group}/resourceslices`,
        body: { metadata: { name: namespace }, spec: { driver: "D", pool, nodeName: "n" } },
      },
      {
        method: "PATCH",
        path: `${group}/resourceslices/${namespace}`,
        body: { spec: { nodeName: "m", allNodes: true, devices: [{ name: "A" }] } },
      },
      { method: "DELETE", path: `${group}/resourceslices/${namespace}` },
      { method: "GET", path: `${group}/resourceslices?fieldSelector=spec.pool%3Dx` },
    ],
  };
}
