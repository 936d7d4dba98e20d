import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, type Sent, updated, updateRefusalOf } from "../../testing.ts";
import { podStrategy } from "./pod.ts";
import type { Pod, PodSpec } from "./types.generated.ts";

type Loose = Readonly<Record<string, unknown>>;

function aPod(spec: Loose = {}, container: Loose = {}): Pod {
  return created(podStrategy, sentPod(spec, container));
}

function sentPod(spec: Loose = {}, container: Loose = {}): Sent {
  return { spec: { containers: [{ name: "c", image: "nginx:1", ...container }], ...spec } };
}

test("a new pod gets all that its writer left open", () => {
  expect(aPod({ volumes: [{ name: "v" }, { name: "s", secret: { secretName: "s" } }] })).toEqual({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "x", namespace: "t" },
    spec: {
      volumes: [
        { name: "v", emptyDir: {} },
        { name: "s", secret: { secretName: "s", defaultMode: 420 } },
      ],
      containers: [
        {
          name: "c",
          image: "nginx:1",
          resources: {},
          terminationMessagePath: "/dev/termination-log",
          terminationMessagePolicy: "File",
          imagePullPolicy: "IfNotPresent",
        },
      ],
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      securityContext: {},
      schedulerName: "default-scheduler",
      enableServiceLinks: true,
    },
    status: { phase: "Pending", qosClass: "BestEffort" },
  });
});

for (const { image, policy } of [
  { image: "nginx", policy: "Always" },
  { image: "nginx:latest", policy: "Always" },
  { image: "localhost:5000/team/app", policy: "Always" },
  { image: "registry.example:5000/app:2", policy: "IfNotPresent" },
  { image: "nginx@sha256:0123456789abcdef0123456789abcdef", policy: "IfNotPresent" },
  { image: "nginx:latest@sha256:0123456789abcdef0123456789abcdef", policy: "Always" },
  { image: "Not An Image", policy: "IfNotPresent" },
]) {
  test(`${image} is pulled ${policy}`, () => {
    expect(aPod({}, { image }).spec.containers[0]?.imagePullPolicy).toBe(policy);
  });
}

test("a probe, a port and a field reference are completed", () => {
  const [container] = aPod(
    {},
    {
      livenessProbe: { httpGet: { port: 80 } },
      ports: [{ containerPort: 80 }],
      env: [{ name: "N", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
    },
  ).spec.containers;
  expect(container?.livenessProbe).toEqual({
    httpGet: { port: 80, path: "/", scheme: "HTTP" },
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
  expect(container?.ports).toEqual([{ containerPort: 80, protocol: "TCP" }]);
  expect(container?.env?.[0]?.valueFrom?.fieldRef?.apiVersion).toBe("v1");
});

test("what is limited is also asked for", () => {
  const pod = aPod({}, { resources: { limits: { cpu: "1", constructor: "2" }, requests: {} } });
  const { resources } = pod.spec.containers[0] ?? {};
  expect(resources?.requests).toEqual({ cpu: "1", constructor: "2" });
});

test("on the host's network ports are ports of the host", () => {
  const pod = aPod({ hostNetwork: true }, { ports: [{ containerPort: 80 }] });
  expect(pod.spec.containers[0]?.ports).toEqual([
    { containerPort: 80, protocol: "TCP", hostPort: 80 },
  ]);
});

for (const { name, resources, qos } of [
  { name: "asks for nothing", resources: {}, qos: "BestEffort" },
  { name: "asks for something", resources: { requests: { cpu: "1" } }, qos: "Burstable" },
  {
    name: "is limited to what it asks for",
    resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "1000m" } },
    qos: "Guaranteed",
  },
  {
    name: "may use more than it asks for",
    resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "1" } },
    qos: "Burstable",
  },
  { name: "has no limit of memory", resources: { limits: { cpu: "1" } }, qos: "Burstable" },
]) {
  test(`a pod that ${name} is ${qos}`, () => {
    expect(aPod({}, { resources }).status.qosClass).toBe(qos);
  });
}

const NAME_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', " +
  "and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', " +
  "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

for (const { name, spec = {}, container = {}, told } of [
  {
    name: "an unknown restart policy",
    spec: { restartPolicy: "Sometimes" },
    told: 'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
  },
  {
    name: "a bad name and no image, both at once",
    container: { name: "Bad Name", image: "" },
    told: `[spec.containers[0].name: Invalid value: "Bad Name": ${NAME_RULE}, spec.containers[0].image: Required value]`,
  },
  { name: "no containers", spec: { containers: [] }, told: "spec.containers: Required value" },
  {
    name: "two containers of one name",
    spec: {
      containers: [
        { name: "c", image: "x" },
        { name: "c", image: "x" },
      ],
    },
    told: 'spec.containers[1].name: Duplicate value: "c"',
  },
  {
    name: "asking for more than the limit",
    container: { resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } },
    told: 'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
  },
  {
    name: "a resource nobody knows",
    container: { resources: { limits: { gold: "1" } } },
    told: 'spec.containers[0].resources.limits[gold]: Invalid value: "gold": must be a standard resource for containers',
  },
  {
    name: "a mount of no volume",
    container: { volumeMounts: [{ name: "nov", mountPath: "/a" }] },
    told: 'spec.containers[0].volumeMounts[0].name: Not found: "nov"',
  },
  {
    name: "a volume of two kinds",
    spec: { volumes: [{ name: "v", emptyDir: {}, hostPath: { path: "/x" } }] },
    told: "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
  },
  {
    name: "a port that is none",
    container: { ports: [{ containerPort: 70_000 }] },
    told: "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
  },
  {
    name: "a probe that does nothing",
    container: { livenessProbe: {} },
    told: "spec.containers[0].livenessProbe: Required value: must specify a handler type",
  },
  {
    name: "a liveness probe that needs two successes",
    container: { livenessProbe: { exec: { command: ["x"] }, successThreshold: 2 } },
    told: "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
  },
  {
    name: "a variable with a value from two places",
    container: {
      env: [{ name: "A", value: "1", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
    },
    told: 'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
  },
  {
    name: "a toleration of every key that compares a value",
    spec: { tolerations: [{ operator: "Equal" }] },
    told: 'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
  },
  {
    name: "a path out of its volume",
    spec: {
      volumes: [{ name: "v", configMap: { name: "m", items: [{ key: "a", path: "../a" }] } }],
    },
    told: "spec.volumes[0].configMap.items[0].path: Invalid value: \"../a\": must not contain '..'",
  },
  {
    name: "a deadline of nothing",
    spec: { activeDeadlineSeconds: 0 },
    told: "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
  },
]) {
  test(`a pod is refused for ${name}`, () => {
    expect(refusalOf(podStrategy, sentPod(spec, container))).toContain(told);
  });
}

test("fields of the wrong sort of thing are refused one by one, not by an accident", () => {
  const spec = {
    affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{}] } },
    topologySpreadConstraints: [{}],
    imagePullSecrets: [{}],
    schedulingGates: [{}],
    dnsPolicy: "None",
  };
  expect(refusalOf(podStrategy, { spec })).toContain("spec.containers: Required value");
  expect(refusalOf(podStrategy, {})).toContain("spec.containers: Required value");
});

for (const { name, change, told } of [
  { name: "another image", change: { containers: [{ name: "c", image: "nginx:2" }] }, told: "" },
  { name: "a deadline", change: { activeDeadlineSeconds: 5 }, told: "" },
  {
    name: "one more toleration",
    change: { tolerations: [{ key: "a", operator: "Exists" }] },
    told: "",
  },
  {
    name: "one more container",
    change: { containers: [1, 2].map((n) => ({ name: `c${n}`, image: "x" })) },
    told: "spec.containers: Forbidden: pod updates may not add or remove containers",
  },
  {
    name: "another node",
    change: { nodeName: "n" },
    told: "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,",
  },
]) {
  test(`a pod ${told === "" ? "can" : "cannot"} be given ${name}`, () => {
    const said = updateRefusalOf(podStrategy, aPod(), (pod) => ({
      ...pod,
      spec: { ...pod.spec, ...change },
    }));
    if (told === "") expect(said).toBe("");
    else expect(said).toContain(told);
  });
}

test("a refused change of the spec is shown as lines", () => {
  const said = updateRefusalOf(podStrategy, aPod(), (pod) => ({
    ...pod,
    spec: { ...pod.spec, hostname: "other" },
  }));
  expect(said).toContain('+ "Hostname": "other",');
});

test("a deadline comes nearer or stays", () => {
  const change = (seconds: number) => (pod: Pod) => ({
    ...pod,
    spec: { ...pod.spec, activeDeadlineSeconds: seconds },
  });
  const old = aPod({ activeDeadlineSeconds: 10 });
  expect(updateRefusalOf(podStrategy, old, change(5))).toBe("");
  expect(updateRefusalOf(podStrategy, old, change(11))).toContain("less than or equal to previous");
});

test("while a gate is closed, where a pod may run can be narrowed, but not widened", () => {
  const change = (nodeSelector: PodSpec["nodeSelector"]) => (pod: Pod) => ({
    ...pod,
    spec: { ...pod.spec, nodeSelector },
  });
  const gated = aPod({ schedulingGates: [{ name: "a.b/c" }], nodeSelector: { zone: "a" } });
  expect(gated.status.conditions?.[0]?.reason).toBe("SchedulingGated");
  expect(updateRefusalOf(podStrategy, gated, change({ zone: "a", disk: "ssd" }))).toBe("");
  expect(updateRefusalOf(podStrategy, gated, change({ zone: "b" }))).toContain("only additions");
  expect(updateRefusalOf(podStrategy, aPod(), change({ zone: "a" }))).toContain("Forbidden");
});

test("the main endpoint keeps the status, the status endpoint keeps the spec", () => {
  const old = aPod();
  const next = { ...old, spec: { ...old.spec, nodeName: "n" }, status: { phase: "Failed" } };
  expect(updated(podStrategy, old, () => next).status).toEqual(old.status);
  const moment = { nowMs: NOW_MS, random: () => 0 };
  const status = podStrategy.status?.prepareForUpdate(next, old, moment);
  expect(status).toMatchObject({
    spec: old.spec,
    status: { phase: "Failed", qosClass: "BestEffort" },
  });
});

test("a container that ended for good does not come back", () => {
  const statusOf = (state: Loose): Pod["status"] => ({
    containerStatuses: [
      { name: "c", ready: false, restartCount: 0, image: "i", imageID: "", state },
    ],
  });
  const old = {
    ...aPod({ restartPolicy: "Never" }),
    status: statusOf({ terminated: { exitCode: 1 } }),
  };
  const next = { ...old, status: statusOf({ running: {} }) };
  expect(podStrategy.status?.validateUpdate(next, old)[0]?.detail).toBe(
    "may not be transitioned to non-terminated state",
  );
  const always = { ...old, spec: { ...old.spec, restartPolicy: "Always" } };
  expect(podStrategy.status?.validateUpdate(next, always)).toEqual([]);
});

test("the two forms of a pod's address say the same", () => {
  const withStatus = (status: Loose): Pod => ({ ...aPod(), status });
  const both = { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }] };
  for (const status of [
    { podIP: "10.0.0.1" },
    { podIPs: [{ ip: "10.0.0.1" }] },
    { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.2" }] },
  ]) {
    expect(podStrategy.applyDefaults(withStatus(status)).status).toEqual(both);
  }
});

for (const { name, pod, requested, seconds } of [
  { name: "that runs", pod: { nodeName: "n" }, requested: undefined, seconds: 30 },
  { name: "that runs, by wish", pod: { nodeName: "n" }, requested: 5, seconds: 5 },
  { name: "that runs, at once", pod: { nodeName: "n" }, requested: 0, seconds: 0 },
  { name: "that runs, before now", pod: { nodeName: "n" }, requested: -1, seconds: 1 },
  { name: "that never got a node", pod: {}, requested: undefined, seconds: 0 },
]) {
  test(`a pod ${name} gets ${seconds} seconds to stop`, () => {
    expect(podStrategy.grace?.(aPod(pod), requested)).toBe(seconds);
  });
}

test("a pod that has ended is deleted at once", () => {
  const pod = { ...aPod({ nodeName: "n" }), status: { phase: "Succeeded" } };
  expect(podStrategy.grace?.(pod, undefined)).toBe(0);
});
