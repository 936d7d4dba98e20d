import { expect, test } from "vitest";
import type { ApiObject } from "../../../machinery/object.ts";
import { presentObjects } from "../../testing/present-objects.ts";
import { NOT_READY_OBJECTS_MAX, whyNotReady, type Blocker } from "./not-ready.ts";

const NOW = Date.parse("2026-01-01T00:01:00Z");
const START = "2026-01-01T00:00:00Z";

type Parts = {
  readonly owner?: string;
  readonly metadata?: Partial<ApiObject["metadata"]>;
  readonly spec?: object;
  readonly status?: object;
  readonly [field: string]: unknown;
};

function anObject(id: string, { owner, metadata, ...parts }: Parts = {}): ApiObject {
  const [type = "", name = ""] = id.split("/");
  const apiVersion = API_VERSIONS[type] ?? "v1";
  const owned =
    owner === undefined
      ? {}
      : { ownerReferences: [{ apiVersion: "x/v1", kind: "X", name: "x", uid: owner }] };
  const identity = { name, namespace: "default", uid: id, generation: 1 };
  return { apiVersion, kind: type, metadata: { ...identity, ...owned, ...metadata }, ...parts };
}

const API_VERSIONS: Readonly<Record<string, string>> = {
  Deployment: "apps/v1",
  ReplicaSet: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  Job: "batch/v1",
  CronJob: "batch/v1",
  Site: "example.com/v1",
};

/** `Kind name: problem [next; next] <- (what it waits for)` */
function text({ object, problem, next, count, because }: Blocker): string {
  const steps = next.map(({ what, at = "", everyMs = "" }) =>
    [what, at.slice(11, 19), everyMs].filter((part) => part !== "").join(" @"),
  );
  const told = steps.length === 0 ? "" : ` [${steps.join("; ")}]`;
  const times = count === 1 ? "" : ` (${count})`;
  const causes = because.length === 0 ? "" : ` <- ${because.map(text).join(" & ")}`;
  return `${object.kind} ${object.name}${times}: ${problem}${told}${causes}`;
}

async function told(id: string, ...objects: readonly ApiObject[]): Promise<string> {
  const { apiVersion = "", kind = "", metadata } = anObject(id);
  const wanted = objects.find(({ metadata: { uid } }) => uid === id)?.metadata ?? metadata;
  const name = { apiVersion, kind, namespace: wanted.namespace ?? "", name: wanted.name ?? "" };
  const answer = await whyNotReady(name, presentObjects(objects, NOW));
  if (answer === undefined) return "none";
  return answer.blocker === undefined ? `ready: ${answer.text}` : text(answer.blocker);
}

const ready = [{ type: "Ready", status: "True" }];
const container = { name: "c", readinessProbe: { httpGet: { path: "/up", port: 80 } } };

function aPod(id: string, status: object, more: Parts = {}): ApiObject {
  const spec = { nodeName: "n", containers: [container], ...more.spec };
  return anObject(id, { ...more, spec, status: { phase: "Running", ...status } });
}

function anEvent(
  of: string,
  message: string,
  lastTimestamp: string,
  reason = "Unhealthy",
): ApiObject {
  const involvedObject = { uid: of };
  const parts = { involvedObject, type: "Warning", reason, message, lastTimestamp };
  return { ...anObject(`Event/${of}`), ...parts };
}

const probed = {
  containerStatuses: [{ name: "c", ready: false, started: true, state: { running: {} } }],
};
const PROBE =
  "container c runs, and its readiness probe fails (GET :80/up): Readiness probe failed: 503 " +
  "[the readiness probe asks again @00:01:08 @10000; " +
  "a readiness probe never restarts a container: it stays so until the probe succeeds]";

test("goes from a deployment down to the probe that fails; tells what is next, when", async () => {
  const progress = {
    type: "Progressing",
    status: "True",
    reason: "ReplicaSetUpdated",
    lastUpdateTime: START,
  };
  const objects = [
    anObject("Deployment/web", {
      spec: { replicas: 2 },
      status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, conditions: [progress] },
    }),
    anObject("ReplicaSet/old", {
      owner: "Deployment/web",
      spec: { replicas: 0 },
      status: { observedGeneration: 1 },
    }),
    anObject("ReplicaSet/new", {
      owner: "Deployment/web",
      spec: { replicas: 2 },
      status: { observedGeneration: 1, replicas: 2 },
    }),
    aPod("Pod/a", probed, { owner: "ReplicaSet/new" }),
    aPod("Pod/b", probed, { owner: "ReplicaSet/new" }),
    anEvent("Pod/a", "Readiness probe failed: 503", "2026-01-01T00:00:58Z"),
    anEvent("Pod/b", "Readiness probe failed: 503", "2026-01-01T00:00:58Z"),
  ];
  expect(await told("Deployment/web", ...objects)).toBe(
    "Deployment web: 0 of 2 pods available " +
      "[without progress until then, the rollout counts as failed @00:10:00] <- " +
      `ReplicaSet new: 0 of 2 pods ready <- Pod a (2): ${PROBE}`,
  );
});

const waiting = (reason: string, message = "", more: object = {}): object => ({
  containerStatuses: [
    { name: "c", ready: false, state: { waiting: { reason, message } }, ...more },
  ],
});
const unschedulable = {
  type: "PodScheduled",
  status: "False",
  reason: "Unschedulable",
  message: "0/3 nodes are available",
};

const pods: readonly (readonly [string, ApiObject, string])[] = [
  ["is ready", aPod("Pod/p", { conditions: ready }), "ready: Ready"],
  [
    "has no node, in the words of the scheduler",
    aPod(
      "Pod/p",
      { phase: "Pending", conditions: [unschedulable] },
      { spec: { nodeName: undefined } },
    ),
    "Pod p: no node is found for it: Unschedulable: 0/3 nodes are available [the scheduler tries " +
      "again when nodes, pods or claims change in a way that may help]",
  ],
  [
    "is of a scheduler that does not run",
    aPod(
      "Pod/p",
      { phase: "Pending" },
      {
        metadata: { creationTimestamp: START },
        spec: { nodeName: undefined, schedulerName: "mine" },
      },
    ),
    "Pod p: the scheduler mine has not looked at it yet [is a scheduler running that is named mine?]",
  ],
  [
    "is held by a gate",
    aPod("Pod/p", {}, { spec: { nodeName: undefined, schedulingGates: [{ name: "g" }] } }),
    "Pod p: it is held by scheduling gates: g [it is scheduled when whoever put the gates there " +
      "takes them away]",
  ],
  [
    "crashes, and is due again after its back-off",
    aPod(
      "Pod/p",
      waiting("CrashLoopBackOff", "back-off 1m20s restarting failed container=c", {
        restartCount: 4,
        lastState: { terminated: { exitCode: 3, reason: "Error", finishedAt: START } },
      }),
    ),
    "Pod p: container c keeps ending (Error, exit code 3), 4 restarts so far " +
      "[the container is started again @00:01:20; " +
      "`setpoint logs p -n default -c c --previous` shows what it said last]",
  ],
  [
    "has an image that cannot be pulled",
    aPod("Pod/p", waiting("ImagePullBackOff", "no such image")),
    "Pod p: container c waits: ImagePullBackOff: no such image [the image is pulled again, after " +
      "delays that double up to 5 minutes]",
  ],
  [
    "waits for an init container",
    aPod(
      "Pod/p",
      { initContainerStatuses: [{ name: "i", ready: false, state: { running: {} } }] },
      { spec: { initContainers: [{ name: "i" }] } },
    ),
    "Pod p: init container i is still running [it has to end]",
  ],
  [
    "waits for a readiness gate",
    aPod(
      "Pod/p",
      { containerStatuses: [{ name: "c", ready: true }] },
      { spec: { readinessGates: [{ conditionType: "lb" }] } },
    ),
    "Pod p: its readiness gate lb is not True: nobody has said anything of it " +
      "[whoever keeps the condition lb sets it to True]",
  ],
  [
    "is being killed",
    aPod(
      "Pod/p",
      {},
      {
        metadata: { deletionTimestamp: "2026-01-01T00:01:30Z", deletionGracePeriodSeconds: 30 },
      },
    ),
    "Pod p: it is on its way out [what still runs of it is killed @00:01:30]",
  ],
];

for (const [title, pod, expected] of pods) {
  test(`a pod that ${title}`, async () => {
    expect(await told("Pod/p", pod)).toBe(expected);
  });
}

const failure = {
  type: "ReplicaFailure",
  status: "True",
  reason: "FailedCreate",
  message: "quota",
};
const claim = anObject("PersistentVolumeClaim/v", { status: { phase: "Pending" } });
const CLAIM = "[it is bound when a volume fits, or a provisioner has made one]";
const terminating = { deletionTimestamp: START };

const others: readonly (readonly [string, readonly ApiObject[], string])[] = [
  [
    "a replica set whose pods are refused",
    [anObject("ReplicaSet/r", { status: { observedGeneration: 1, conditions: [failure] } })],
    "ReplicaSet r: its pods cannot be made: FailedCreate: quota " +
      "[its controller tries again, after delays that grow up to a minute]",
  ],
  [
    "a deployment that no controller has looked at",
    [anObject("Deployment/d", { metadata: { generation: 7 }, status: { observedGeneration: 6 } })],
    "Deployment d: the deployment controller has not looked at generation 7 of it: it has seen 6 " +
      "[the deployment controller looks at it, if it runs: `setpoint lag` tells what it has seen]",
  ],
  [
    "a pod whose volume claim is pending",
    [
      aPod("Pod/p", waiting("ContainerCreating"), {
        spec: { volumes: [{ persistentVolumeClaim: { claimName: "v" } }] },
      }),
      claim,
      anEvent("PersistentVolumeClaim/v", "no provisioner", START, "ProvisioningFailed"),
    ],
    "Pod p: container c waits: ContainerCreating <- PersistentVolumeClaim v: it is Pending: " +
      `ProvisioningFailed: no provisioner ${CLAIM}`,
  ],
  [
    "a pod whose volume claim is missing",
    [
      aPod("Pod/p", waiting("ContainerCreating"), {
        spec: { volumes: [{ persistentVolumeClaim: { claimName: "v" } }] },
      }),
    ],
    "Pod p: container c waits: ContainerCreating <- PersistentVolumeClaim v: there is none, or " +
      "you may not read it [it goes on when it is made]",
  ],
  [
    "a service that selects nothing",
    [anObject("Service/s", { spec: { selector: { app: "x" } } })],
    "Service s: no pod that it selects is ready <- Service s: no pod has the labels it selects: " +
      "app=x [pods with these labels are made, or the selector is mended]",
  ],
  [
    "a service with a ready pod",
    [
      anObject("Service/s", { spec: { selector: { app: "x" } } }),
      aPod("Pod/p", { conditions: ready }, { metadata: { labels: { app: "x" } } }),
    ],
    "ready: a pod that it selects is ready",
  ],
  [
    "a job that has failed",
    [
      anObject("Job/j", {
        status: {
          conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded" }],
        },
      }),
    ],
    "Job j: Failed is True: BackoffLimitExceeded [nothing: a job that has failed is not run again]",
  ],
  [
    "an object that its finalizers keep",
    [anObject("Site/s", { metadata: { ...terminating, finalizers: ["a.com/f"] } })],
    "Site s: it is on its way out, kept by its finalizers: a.com/f [it goes when whoever put " +
      "a.com/f there takes it away; if that runs no more, nobody ever will, unless by hand]",
  ],
  [
    "a namespace with an object that a finalizer keeps",
    [
      anObject("Namespace/stuck", {
        metadata: { ...terminating, namespace: "" },
        spec: { finalizers: ["kubernetes"] },
      }),
      anObject("ConfigMap/held", {
        metadata: { ...terminating, namespace: "stuck", finalizers: ["a.com/f"] },
      }),
      anObject("ConfigMap/other", { metadata: { namespace: "stuck" } }),
    ],
    "Namespace stuck: it is on its way out, kept by its finalizers: kubernetes [it goes when " +
      "nothing is left in it] <- ConfigMap held: it is on its way out, kept by its finalizers: " +
      "a.com/f [it goes when whoever put a.com/f there takes it away; if that runs no more, " +
      "nobody ever will, unless by hand]",
  ],
  [
    "a claim of a class that does not exist",
    [
      anObject("PersistentVolumeClaim/v", {
        spec: { storageClassName: "fast" },
        status: { phase: "Pending" },
      }),
    ],
    `PersistentVolumeClaim v: it is Pending: no volume of class fast yet ${CLAIM} <- ` +
      "StorageClass fast: there is none, or you may not read it [nobody makes a volume of a " +
      "class that is not there: make the class, or a volume of that class]",
  ],
  [
    "a pod bound to a node that does not exist",
    [aPod("Pod/p", { phase: "Pending" }, { spec: { nodeName: "ghost" } })],
    "Pod p: container c has not been looked at yet <- Node ghost: there is none, or you may not " +
      "read it [the pod garbage collector deletes pods of nodes that are not there, within about " +
      "a minute]",
  ],
  [
    "a custom resource whose condition says why, and what it owns",
    [
      anObject("Site/s", {
        status: {
          conditions: [{ type: "Ready", status: "False", reason: "NoPods", message: "m" }],
        },
      }),
      anObject("ReplicaSet/r", {
        owner: "Site/s",
        status: { observedGeneration: 1, conditions: [failure] },
      }),
    ],
    "Site s: Ready is False: NoPods: m <- ReplicaSet r: its pods cannot be made: FailedCreate: " +
      "quota [its controller tries again, after delays that grow up to a minute]",
  ],
  [
    "a custom resource whose controller has not looked",
    [
      anObject("Site/s", {
        metadata: { generation: 3 },
        status: { observedGeneration: 2, conditions: ready },
      }),
    ],
    "Site s: no controller has looked at generation 3 of it yet, only at 2 " +
      "[its controller looks at it, if it runs]",
  ],
  [
    "an object without conditions",
    [anObject("Site/s")],
    "ready: it has no conditions, and nothing is told against it",
  ],
];

for (const [title, objects, expected] of others) {
  test(`${title} is told of`, async () => {
    expect(await told(objects[0]?.metadata.uid ?? "", ...objects)).toBe(expected);
  });
}

for (const kind of ["liveness", "startup"] as const) {
  test(`a ${kind} probe that has a container killed is named, with its last answer`, async () => {
    const probe = { httpGet: { path: "/up", port: 80 }, periodSeconds: 2, failureThreshold: 2 };
    const last = { exitCode: 0, reason: "Completed", startedAt: START, finishedAt: START };
    const status = waiting("CrashLoopBackOff", "back-off 1m20s restarting failed container=c", {
      restartCount: 9,
      lastState: { terminated: last },
    });
    const pod = aPod("Pod/p", status, {
      spec: { containers: [{ name: "c", [`${kind}Probe`]: probe }] },
    });
    const said = `${kind === "startup" ? "Startup" : "Liveness"} probe failed: refused`;
    const killText = `Container c failed ${kind} probe, will be restarted`;
    const killed = anEvent("Pod/p", killText, "2025-12-31T23:58:00Z");
    expect(await told("Pod/p", pod, anEvent("Pod/p", said, START), killed)).toBe(
      `Pod p: container c keeps being killed by its ${kind} probe (GET :80/up, every 2s, ` +
        `2 failures in a row kill): ${said}; it ended last with Completed, exit code 0; ` +
        "9 restarts so far " +
        "[the container is started again @00:01:20]",
    );
  });
}

test("a crash loop is as old as the first of its back-offs that is told", async () => {
  const unready = { type: "Ready", status: "False", lastTransitionTime: "2026-01-01T00:00:51Z" };
  const crashing = waiting("CrashLoopBackOff", "", { restartCount: 4 });
  const backOff = {
    ...anEvent("Pod/p", "Back-off restarting failed container c in pod p", START, "BackOff"),
    firstTimestamp: "2025-12-31T23:55:00Z",
  };
  const pod = aPod("Pod/p", { ...crashing, conditions: [unready] });
  const name = { apiVersion: "v1", kind: "Pod", namespace: "default", name: "p" };
  const answer = await whyNotReady(name, presentObjects([pod, backOff], NOW));
  expect(answer?.blocker?.since).toBe("2025-12-31T23:55:00Z");
});

for (const kind of ["Job", "CronJob", "StatefulSet", "DaemonSet"]) {
  test(`a ${kind} whose status nobody has written has no controller`, async () => {
    const zeros = anObject(`${kind}/x`, { spec: {}, status: { replicas: 0, numberReady: 0 } });
    expect(await told(`${kind}/x`, zeros)).toBe(
      `${kind} x: nobody acts on it: its status has never been written [nothing, until a ` +
        `controller of ${kind}s runs: Setpoint brings none; kube-controller-manager is one, ` +
        "beside `setpoint up --no-controllers`]",
    );
  });
}

test("a suspended job, and one that its controller has seen, are told of as such", async () => {
  const suspended = anObject("Job/x", { spec: { suspend: true } });
  expect(await told("Job/x", suspended)).toMatch(/it is suspended/);
  const seen = anObject("Job/x", { spec: {}, status: { startTime: START } });
  expect(await told("Job/x", seen)).toMatch(/0 of 1 completions/);
});

test("an image is pulled again when the delay after so many tries is over", async () => {
  const pulling = (count: number): ApiObject => {
    const event = anEvent("Pod/p", 'Pulling image "x:1"', START, "Pulling");
    return Object.assign(event, { count });
  };
  const container = { name: "c", image: "x:1" };
  const pod = aPod("Pod/p", waiting("ImagePullBackOff", "no"), {
    spec: { containers: [container] },
  });
  expect(await told("Pod/p", pod, pulling(4))).toMatch(/5 minutes @00:01:20\]$/);
  expect(await told("Pod/p", pod, pulling(40))).toMatch(/5 minutes @00:05:00\]$/);
});

test("what is tried again is due after the time that lay between the tries so far", async () => {
  const message = 'configmap "nope" not found';
  const event = {
    ...anEvent("Pod/p", `Error: ${message}`, "2026-01-01T00:00:58Z", "Failed"),
    firstTimestamp: "2026-01-01T00:00:28Z",
    count: 7,
  };
  const pod = aPod("Pod/p", waiting("CreateContainerConfigError", message));
  expect(await told("Pod/p", pod, event)).toMatch(/tries again @00:01:03 @5000\]$/);
  expect(await told("Pod/p", pod)).toMatch(/tries again\]$/);
  const unmounted = aPod("Pod/p", waiting("ContainerCreating"));
  expect(await told("Pod/p", unmounted, event)).toMatch(/tries again @00:01:03 @5000\]$/);
});

test("a pod that no node is found for tells which labels and how much it asks for", async () => {
  const message =
    "0/2 nodes are available: 1 Insufficient cpu, " +
    "1 node(s) didn't match Pod's node affinity/selector.";
  const resources = { requests: { cpu: "500", memory: "1Gi" } };
  const spec = { nodeName: undefined, nodeSelector: { disk: "ssd" }, containers: [{ resources }] };
  const conditions = [{ ...unschedulable, message }];
  const pod = aPod("Pod/p", { phase: "Pending", conditions }, { spec });
  expect(await told("Pod/p", pod)).toContain(
    `Unschedulable: ${message} (it asks for nodes with disk=ssd; cpu 500) [`,
  );
});

test("an object that is not there is no answer", async () => {
  expect(await told("Site/none")).toBe("none");
});

test("a circle of owners ends, and no more than so many objects are looked at", async () => {
  const conditions = [{ type: "Ready", status: "False" }];
  const circle = [
    anObject("Site/a", { owner: "Site/b", status: { conditions } }),
    anObject("Site/b", { owner: "Site/a", status: { conditions } }),
  ];
  expect(await told("Site/a", ...circle)).toBe("Site a: Ready is False <- Site b: Ready is False");
  const many = Array.from({ length: NOT_READY_OBJECTS_MAX + 10 }, (_, index) =>
    anObject(`Site/${index}`, { owner: "Site/a", status: { conditions } }),
  );
  const name = { apiVersion: "example.com/v1", kind: "Site", namespace: "default", name: "a" };
  const present = presentObjects([anObject("Site/a", { status: { conditions } }), ...many], NOW);
  const answer = await whyNotReady(name, present);
  expect(answer?.isCut).toBe(true);
  expect(answer?.blocker?.because[0]?.count).toBe(NOT_READY_OBJECTS_MAX - 1);
});
