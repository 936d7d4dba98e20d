import type { Scenario } from "../../scenario.ts";

const PODS = "/api/v1/namespaces/pod-status/pods";
const spec = { containers: [{ name: "c", image: "i" }] };

/** What may be changed by which door: the object itself, or its status. */
export const podStatus: Scenario = {
  name: "pod-status",
  namespace: "pod-status",
  steps: [
    { method: "POST", path: PODS, body: { metadata: { name: "a" }, spec } },
    {
      method: "PATCH",
      path: `${PODS}/a/status`,
      body: {
        metadata: { labels: { x: "1" } },
        spec: { nodeName: "n" },
        status: { phase: "Running" },
      },
    },
    {
      method: "PATCH",
      path: `${PODS}/a`,
      body: { metadata: { labels: { x: "1" } }, status: { phase: "Failed" } },
    },
    { method: "DELETE", path: `${PODS}/a`, body: { preconditions: { uid: "other" } } },
    {
      method: "DELETE",
      path: `${PODS}/a`,
      body: { gracePeriodSeconds: 0, preconditions: { uid: "{{1.body.metadata.uid}}" } },
    },
  ],
};
