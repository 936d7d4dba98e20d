/** What the real controllers are given to work on: one object of each kind they care for. */

const POD = {
  terminationGracePeriodSeconds: 1,
  containers: [
    {
      name: "main",
      image: "host",
      command: ["sleep", "100000"],
      resources: { requests: { cpu: "1m" } },
    },
  ],
};

const ENDING = {
  restartPolicy: "Never",
  containers: [{ name: "main", image: "host", command: ["true"] }],
};

function labelled(app: string): object {
  return { metadata: { labels: { app } }, spec: POD };
}

function selecting(app: string): object {
  return { selector: { matchLabels: { app } }, template: labelled(app) };
}

const STORAGE = { accessModes: ["ReadWriteOnce"], storageClassName: "by-hand" };

/** A list that `kubectl create` takes, for any namespace. `prefix` begins cluster-wide names. */
export function workloads(prefix: string): object {
  const items = [
    object("apps/v1", "Deployment", "web", { replicas: 3, ...selecting("web") }),
    object("v1", "Service", "web", { selector: { app: "web" }, ports: [{ port: 80 }] }),
    object("apps/v1", "StatefulSet", "db", { serviceName: "db", replicas: 2, ...selecting("db") }),
    object("apps/v1", "DaemonSet", "each", selecting("each")),
    object("v1", "ReplicationController", "old", {
      replicas: 1,
      selector: { app: "old" },
      template: labelled("old"),
    }),
    object("batch/v1", "Job", "once", {
      completions: 2,
      parallelism: 2,
      template: { spec: ENDING },
    }),
    object("batch/v1", "Job", "gone", { ttlSecondsAfterFinished: 1, template: { spec: ENDING } }),
    object("batch/v1", "CronJob", "often", {
      schedule: "* * * * *",
      jobTemplate: { spec: { template: { spec: ENDING } } },
    }),
    object("policy/v1", "PodDisruptionBudget", "web", {
      minAvailable: 2,
      selector: { matchLabels: { app: "web" } },
    }),
    object("autoscaling/v2", "HorizontalPodAutoscaler", "db", {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: "db" },
      maxReplicas: 5,
    }),
    object("v1", "ResourceQuota", "q", { hard: { pods: "50", "count/deployments.apps": "3" } }),
    object("v1", "PersistentVolumeClaim", "data", {
      ...STORAGE,
      resources: { requests: { storage: "1Gi" } },
    }),
    object("v1", "PersistentVolume", `${prefix}-disk`, {
      accessModes: STORAGE.accessModes,
      storageClassName: STORAGE.storageClassName,
      capacity: { storage: "1Gi" },
      hostPath: { path: "/tmp/unused" },
    }),
  ];
  const token = {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/service-account-token",
    metadata: { name: "token", annotations: { "kubernetes.io/service-account.name": "default" } },
  };
  return { apiVersion: "v1", kind: "List", items: [...items, token] };
}

function object(apiVersion: string, kind: string, name: string, spec: object): object {
  return { apiVersion, kind, metadata: { name }, spec };
}
