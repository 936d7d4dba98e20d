import type { Asked, Scenario } from "../../scenario.ts";
import { aContainer, aPod, post, remove } from "./requests.ts";

const HOME = "/api/v1/namespaces/access-limits";

function limit(name: string, ...limits: readonly object[]): Asked {
  return post(`${HOME}/limitranges`, { metadata: { name }, spec: { limits } });
}

function pod(name: string, ...resources: readonly object[]): Asked {
  const containers = resources.map((each, index) =>
    aContainer({ name: `c${index}`, resources: each }),
  );
  return post(`${HOME}/pods`, aPod(name, { containers }));
}

function claim(name: string, storage: string): Asked {
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } };
  return post(`${HOME}/persistentvolumeclaims`, { metadata: { name }, spec });
}

const ALL = `${HOME}/limitranges`;

/** Least and most, defaults and ratios of what containers, pods and claims ask for. */
export const limits: Scenario = {
  name: "access-limits",
  namespace: "access-limits",
  steps: [
    limit("container", {
      type: "Container",
      default: { cpu: "500m", memory: "1Gi" },
      defaultRequest: { cpu: "100m" },
      min: { cpu: "50m", memory: "10Mi" },
      max: { cpu: "1", memory: "2Gi" },
      maxLimitRequestRatio: { cpu: "10" },
    }),
    pod("p1", {}),
    pod("p2", { requests: { cpu: "2" } }),
    pod("p3", { requests: { cpu: "10m" }, limits: { cpu: "20m" } }),
    pod("p4", { requests: { cpu: "50m" }, limits: { cpu: "900m" } }),
    pod("p5", { limits: { cpu: "2", memory: "4Gi" } }, { limits: { cpu: "3" } }),
    post(`${HOME}/pods`, {
      metadata: { generateName: "gen-" },
      spec: { containers: [aContainer({ resources: { limits: { cpu: "2" } } })] },
    }),
    remove(ALL),
    limit("pod", {
      type: "Pod",
      max: { cpu: "2", memory: "1Gi" },
      min: { cpu: "100m" },
      maxLimitRequestRatio: { memory: "2" },
    }),
    pod("q1", {}),
    pod("q2", {
      requests: { cpu: "1", memory: "1Gi" },
      limits: { cpu: "3", memory: "3Gi" },
    }),
    pod("q3", {
      requests: { cpu: "10m", memory: "100Mi" },
      limits: { cpu: "1", memory: "900Mi" },
    }),
    remove(ALL),
    limit("claim", {
      type: "PersistentVolumeClaim",
      min: { storage: "1Gi" },
      max: { storage: "10Gi" },
    }),
    claim("c1", "500Mi"),
    claim("c2", "11Gi"),
    remove(ALL),
  ],
};
