import type { Asked, Scenario } from "../../scenario.ts";

const scaleTargetRef = { kind: "Deployment", name: "x", apiVersion: "apps/v1" };

/** One object applied in two versions of its kind. */
export const applyVersions: Scenario = {
  name: "apply-versions",
  namespace: "two-versions",
  steps: [
    apply("v1", "a", { maxReplicas: 3, targetCPUUtilizationPercentage: 50, scaleTargetRef }),
    { method: "GET", path: pathIn("v2") },
    apply("v2", "b", { maxReplicas: 4 }),
    apply("v2", "b", { maxReplicas: 4, minReplicas: 2 }, "&force=true"),
    { method: "GET", path: pathIn("v1") },

    apply("v1", "b", { maxReplicas: 5 }),
    { method: "GET", path: pathIn("v1") },
    apply("v2", "c", { maxReplicas: 5 }),
    apply("v2", "c", { maxReplicas: 6 }),
  ],
};

function pathIn(version: string): string {
  return `/apis/autoscaling/${version}/namespaces/two-versions/horizontalpodautoscalers/h`;
}

function apply(version: string, manager: string, spec: object, query = ""): Asked {
  const apiVersion = `autoscaling/${version}`;
  const body = { apiVersion, kind: "HorizontalPodAutoscaler", metadata: { name: "h" }, spec };
  const path = `${pathIn(version)}?fieldManager=${manager}${query}`;
  return { method: "PATCH", path, contentType: "application/apply-patch+yaml", body };
}
