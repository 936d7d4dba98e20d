import type { Asked, Scenario } from "../../scenario.ts";

const TABLE = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
const target = { apiVersion: "apps/v1", kind: "Deployment", name: "d" };
const resource = { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } };
const pods = {
  metric: { name: "m", selector: { matchLabels: { a: "b" } } },
  target: { type: "AverageValue", averageValue: "1500m" },
};
const METRICS = "autoscaling.alpha.kubernetes.io/metrics";
const BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";
const rule = {
  stabilizationWindowSeconds: 10,
  policies: [{ type: "Pods", value: 4, periodSeconds: 15 }],
};

/** One autoscaler in two versions: what the first has no field for is in its annotations. */
export function autoscalerVersions(namespace: string): Scenario {
  const [v1, v2] = ["v1", "v2"].map(
    (version) => `/apis/autoscaling/${version}/namespaces/${namespace}/horizontalpodautoscalers`,
  );
  const spec = { scaleTargetRef: target, maxReplicas: 5 };
  const metrics = [
    { type: "Resource", resource },
    { type: "Pods", pods },
  ];
  const apply = { contentType: "application/apply-patch+yaml" };
  const current = { name: "cpu", current: { averageUtilization: 10, averageValue: "1" } };
  return {
    name: "autoscaler-versions",
    namespace,
    steps: [
      {
        method: "POST",
        path: `${v2}`,
        body: { metadata: { name: "a" }, spec: { ...spec, metrics, behavior: { scaleUp: rule } } },
      },
      { method: "GET", path: `${v1}/a` },
      { method: "PATCH", path: `${v1}/a`, body: { spec: { targetCPUUtilizationPercentage: 70 } } },
      { method: "GET", path: `${v2}/a` },
      {
        method: "PATCH",
        path: `${v2}/a/status`,
        body: {
          status: {
            currentReplicas: 1,
            desiredReplicas: 2,
            currentMetrics: [{ type: "Resource", resource: current }],
            conditions: [{ type: "AbleToScale", status: "True", reason: "R", message: "m" }],
          },
        },
      },
      { method: "GET", path: `${v1}/a/status` },
      { method: "GET", path: `${v2}/a`, headers: TABLE },
      {
        method: "POST",
        path: `${v1}`,
        body: {
          metadata: {
            name: "b",
            annotations: {
              [METRICS]: '[{"type":"Pods","pods":{"metricName":"m","targetAverageValue":"10"}}]',
              [BEHAVIOR]: '{"scaleUp":{"Policies":[{"Type":"Pods","Value":4,"PeriodSeconds":15}]}}',
            },
          },
          spec,
        },
      },
      { method: "GET", path: `${v2}/b` },
      {
        method: "PATCH",
        path: `${v1}/c?fieldManager=one`,
        ...apply,
        body: {
          apiVersion: "autoscaling/v1",
          kind: "HorizontalPodAutoscaler",
          metadata: { name: "c" },
          spec,
        },
      },
      {
        method: "PATCH",
        path: `${v2}/c?fieldManager=two`,
        ...apply,
        body: {
          apiVersion: "autoscaling/v2",
          kind: "HorizontalPodAutoscaler",
          metadata: { name: "c" },
          spec: { minReplicas: 2, maxReplicas: 6 },
        },
      },
      {
        method: "PATCH",
        path: `${v2}/c?fieldManager=two`,
        ...apply,
        body: {
          apiVersion: "autoscaling/v2",
          kind: "HorizontalPodAutoscaler",
          metadata: { name: "c" },
          spec: { minReplicas: 2 },
        },
      },
      {
        method: "PATCH",
        path: `${v2}/c`,
        body: {
          spec: {
            minReplicas: 0,
            maxReplicas: -1,
            metrics: [{ type: "Pods" }, { type: "Odd", resource }],
            behavior: { scaleDown: { policies: [], selectPolicy: "Mean" } },
          },
        },
      },
      { method: "GET", path: `${v1}?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3Dc` },
      { method: "DELETE", path: `${v1}/a` },
    ],
  };
}

/** One event in two groups: fields have other names, and rules are older in the first. */
export function eventGroups(namespace: string): Scenario {
  const core = `/api/v1/namespaces/${namespace}/events`;
  const group = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
  const involvedObject = { kind: "Pod", namespace, name: "p" };
  const old: Asked["body"] = {
    metadata: { name: "a" },
    involvedObject,
    reason: "R",
    message: "m",
    source: { component: "c", host: "h" },
    firstTimestamp: "2026-01-01T00:00:00Z",
    lastTimestamp: "2026-01-01T00:00:00Z",
    count: 2,
    type: "Warning",
  };
  const event = {
    metadata: { name: "b" },
    eventTime: "2026-01-01T00:00:00.500000Z",
    series: { count: 2, lastObservedTime: "2026-01-01T00:00:00.000000Z" },
    reportingController: "example.com/c",
    reportingInstance: "i",
    action: "A",
    reason: "R",
    regarding: { kind: "Pod", namespace, name: "p" },
    note: "n",
    type: "Normal",
  };
  return {
    name: "event-groups",
    namespace,
    steps: [
      { method: "POST", path: core, body: old },
      { method: "GET", path: `${group}/a` },
      { method: "POST", path: group, body: event },
      { method: "GET", path: `${core}/b` },
      { method: "GET", path: `${core}/b`, headers: TABLE },
      { method: "GET", path: `${group}/b`, headers: TABLE },
      { method: "PATCH", path: `${group}/b`, body: { note: "other" } },
      { method: "PATCH", path: `${group}/b`, body: { series: { count: 3 } } },
      { method: "PATCH", path: `${core}/b`, body: { count: 4 } },
      {
        method: "POST",
        path: group,
        body: { metadata: { name: "c" }, note: "n", type: "Odd", deprecatedCount: 1 },
      },
      { method: "POST", path: group, body: { ...event, metadata: { name: "Bad_Name" } } },
      { method: "POST", path: core, body: { metadata: { name: "c" }, involvedObject: {} } },
      { method: "GET", path: `${group}?fieldSelector=reason%3DR,regarding.name%3Dp` },
      { method: "GET", path: `${core}?fieldSelector=involvedObject.name%3Dp,type%3DWarning` },
      { method: "GET", path: `${group}?fieldSelector=involvedObject.name%3Dp` },
      { method: "DELETE", path: `${group}/a` },
      { method: "GET", path: `${core}/a` },
    ],
  };
}
