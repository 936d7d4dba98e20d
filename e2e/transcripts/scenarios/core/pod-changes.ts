import type { Asked, Scenario } from "../../scenario.ts";

const NAMESPACE = "core-pod-changes-2";
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
const STRATEGIC = "application/strategic-merge-patch+json";
const RESOURCES = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } };

function patch(path: string, body: object): Asked {
  return { method: "PATCH", path: `${PODS}/${path}`, contentType: STRATEGIC, body };
}

const resize = (resources: object | null): Asked =>
  patch("a/resize", { spec: { containers: [{ name: "a", resources }] } });
const status = (body: object): Asked => patch("a/status", { status: body });
const container = { name: "a", image: "i", resources: RESOURCES };
const running = { name: "a", image: "i", imageID: "i", ready: true, restartCount: 0 };

/** A pod is resized, its status told, and little else of it changed. */
export const podChanges: Scenario = {
  name: "core-pod-changes",
  namespace: NAMESPACE,
  steps: [
    {
      method: "POST",
      path: PODS,
      body: {
        metadata: { name: "a" },
        spec: {
          automountServiceAccountToken: false,
          containers: [container],
          tolerations: [{ key: "k", operator: "Exists" }],
        },
      },
    },
    resize({ requests: { cpu: "1500m" } }),
    resize({ requests: { cpu: "1500m" } }),
    resize({ requests: { cpu: "3" } }),
    resize({ limits: { memory: null } }),
    resize(null),
    resize({ requests: { "ephemeral-storage": "1Gi" } }),
    resize({ requests: { cpu: "2", memory: "2Gi" } }),
    patch("a/resize", { spec: { containers: [{ name: "b", image: "i" }] } }),
    { method: "GET", path: `${PODS}/a/resize` },
    patch("a", { spec: { containers: [{ name: "a", image: "j" }], activeDeadlineSeconds: 10 } }),
    patch("a", { spec: { activeDeadlineSeconds: 20 } }),
    patch("a", { spec: { tolerations: [] } }),
    patch("a", { metadata: { annotations: { "kubernetes.io/config.mirror": "x" } } }),
    status({ conditions: [{ type: "bad type", status: "True" }], observedGeneration: -1 }),
    status({ podIP: "1.2.3.4", podIPs: [{ ip: "1.2.3.4" }, { ip: "1.2.3.5" }] }),
    status({ qosClass: "Guaranteed", resourceClaimStatuses: [{ name: "none" }] }),
    status({ phase: "Running", containerStatuses: [{ ...running, state: { running: {} } }] }),
    resize({ requests: { cpu: "1600m" } }),
  ],
};
