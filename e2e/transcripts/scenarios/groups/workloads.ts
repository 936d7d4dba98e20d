import type { Asked, Scenario } from "../../scenario.ts";

const labels = { app: "a" };
const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } };
const finite = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i" }] } };
const selector = { matchLabels: labels };

/** Deployments and their like: defaults, refusals in order, what may change, and their statuses. */
export function workloadRules(namespace: string): Scenario {
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const post = (plural: string, name: string, spec: object): Asked => {
    return { method: "POST", path: `${apps}/${plural}`, body: { metadata: { name }, spec } };
  };
  const patch = (path: string, body: unknown): Asked => {
    return { method: "PATCH", path: `${apps}/${path}`, body };
  };
  const requirement = { key: "app", operator: "Within", values: ["a"] };
  const claim = { metadata: { name: "data" }, spec: { resources: { requests: { storage: "1" } } } };
  return {
    name: "workload-rules",
    namespace,
    steps: [
      post("deployments", "a", { selector, template }),
      post("deployments", "b", {
        replicas: -1,
        selector: { ...selector, matchExpressions: [requirement] },
        template,
        strategy: { type: "Recreate", rollingUpdate: {} },
        minReadySeconds: -1,
        progressDeadlineSeconds: 0,
      }),
      post("deployments", "b", { selector: { matchLabels: { "a b/": "c d" } }, template }),
      patch("deployments/a", { spec: { selector: { matchLabels: { app: "b" } } } }),
      patch("deployments/a", { metadata: { annotations: { x: "1" } } }),
      patch("deployments/a/status", { status: { replicas: 1, terminatingReplicas: -1 } }),
      patch("deployments/a/status", {
        metadata: { labels: { y: "1" }, annotations: { y: "1" } },
        status: { replicas: 2, readyReplicas: 3, availableReplicas: 4, collisionCount: 1 },
      }),
      post("replicasets", "a.b", { replicas: 0, selector, template }),
      post("replicasets", "c", { selector: {}, template: { ...template, metadata: {} } }),
      post("daemonsets", "a", { selector, template }),
      patch("daemonsets/a", {
        spec: {
          selector: { matchLabels: { app: "b" } },
          updateStrategy: { rollingUpdate: { maxSurge: 1 } },
        },
      }),
      post("statefulsets", "a", {
        selector,
        template,
        revisionHistoryLimit: -1,
        updateStrategy: { rollingUpdate: { maxUnavailable: 2 } },
        volumeClaimTemplates: [claim],
      }),
      post("statefulsets", "b.c", { selector, template, volumeClaimTemplates: [{}] }),
      post("statefulsets", "b", { selector, template, updateStrategy: { type: "RollingUpdate" } }),
      patch("statefulsets/b", { spec: { serviceName: "other", replicas: 2 } }),
      {
        method: "POST",
        path: `${apps}/controllerrevisions`,
        body: { metadata: { name: "a" }, revision: -1 },
      },
      { method: "GET", path: `${apps}/replicasets?fieldSelector=status.replicas%3D0` },
    ],
  };
}

/** Jobs: what they are given, what may change of them, and what a controller may report. */
export function jobRules(namespace: string): Scenario {
  const batch = `/apis/batch/v1/namespaces/${namespace}`;
  const post = (name: string, spec: object): Asked => {
    return { method: "POST", path: `${batch}/jobs`, body: { metadata: { name }, spec } };
  };
  const patch = (path: string, body: unknown): Asked => {
    return { method: "PATCH", path: `${batch}/jobs/${path}`, body };
  };
  const onExitCodes = { operator: "In", values: [1, 1, 0] };
  const startTime = "2026-01-01T00:00:00Z";
  const complete = { type: "Complete", status: "True" };
  return {
    name: "job-rules",
    namespace,
    steps: [
      post("a", { template: finite }),
      post("b", { template: { ...finite, metadata: { labels } }, manualSelector: true }),
      post("c", {
        template,
        completionMode: "Indexed",
        backoffLimitPerIndex: -1,
        podFailurePolicy: { rules: [{ action: "Burn", onExitCodes }] },
        podReplacementPolicy: "TerminatingOrFailed",
      }),
      post("d", { template: finite, maxFailedIndexes: 1, successPolicy: { rules: [{}] } }),
      post("e", { template: finite, completionMode: "Indexed", completions: 3, parallelism: 3 }),
      patch("e", { spec: { completions: 2, parallelism: 2 } }),
      patch("e", { spec: { completions: 4, activeDeadlineSeconds: -1 } }),
      patch("a", { spec: { suspend: true, completionMode: "Indexed" } }),
      patch("a/status", { status: { startTime, active: 1, ready: 2 } }),
      patch("e/status", { status: { startTime, active: 1, ready: 1, completedIndexes: "1-0" } }),
      patch("e/status", { status: { startTime, active: 1, completedIndexes: "0", succeeded: 1 } }),
      patch("e/status", { status: { startTime: "2026-01-02T00:00:00Z" } }),
      patch("e/status", { status: { conditions: [complete] } }),
      { method: "GET", path: `${batch}/jobs?fieldSelector=spec.suspend%3Dtrue` },
      { method: "DELETE", path: `${batch}/jobs/e` },
      {
        method: "POST",
        path: `${batch}/cronjobs`,
        body: {
          metadata: { name: "a" },
          spec: {
            schedule: "TZ=UTC 61 * * * *",
            timeZone: "Local",
            concurrencyPolicy: "Never",
            jobTemplate: { spec: { template } },
          },
        },
      },
      {
        method: "POST",
        path: `${batch}/cronjobs`,
        body: {
          metadata: { name: "a" },
          spec: { schedule: "@hourly", jobTemplate: { spec: { template: finite } } },
        },
      },
    ],
  };
}

const SCALE = { apiVersion: "autoscaling/v1", kind: "Scale" };

/** The scale of everything that has one: read, written, and refused. */
export function scales(namespace: string): Scenario {
  const group = `/apis/apps/v1/namespaces/${namespace}`;
  const core = `/api/v1/namespaces/${namespace}`;
  const steps = [
    [group, "deployments"],
    [group, "replicasets"],
    [group, "statefulsets"],
    [core, "replicationcontrollers"],
  ].flatMap(([root = "", plural = ""]): readonly Asked[] => {
    const path = `${root}/${plural}/a/scale`;
    const metadata = { name: "a", namespace };
    const spec = { selector: plural === "replicationcontrollers" ? labels : selector, template };
    return [
      { method: "POST", path: `${root}/${plural}`, body: { metadata: { name: "a" }, spec } },
      { method: "GET", path },
      { method: "PUT", path, body: { ...SCALE, metadata, spec: { replicas: 3 } } },
      { method: "PATCH", path, body: { spec: { replicas: -1 } } },
    ];
  });
  const path = `${group}/deployments/a/scale`;
  const stale = { name: "a", namespace, resourceVersion: "1" };
  return {
    name: "scales",
    namespace,
    steps: [
      ...steps,
      { method: "PUT", path, body: { ...SCALE, metadata: stale, spec: { replicas: 1 } } },
      { method: "PUT", path, body: { ...SCALE, metadata: { name: "b" }, spec: { replicas: 1 } } },
      { method: "PUT", path, body: { apiVersion: "apps/v1", kind: "Deployment" } },
      { method: "PATCH", path, body: { metadata: { labels }, status: { replicas: 7 } } },
      { method: "PATCH", path: `${path}?dryRun=All`, body: { spec: { replicas: 9 } } },
      { method: "GET", path: `${group}/deployments/a` },
      { method: "GET", path: `${group}/deployments/none/scale` },
      { method: "GET", path: `${group}/daemonsets/a/scale` },
      { method: "DELETE", path },
    ],
  };
}
