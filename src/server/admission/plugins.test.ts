import { expect, test } from "vitest";
import { aServer, makeNamespace, type Answer, type TestServer } from "../testing/test-server.ts";

const T = "/api/v1/namespaces/t";
const container = { name: "c", image: "i" };

function post(server: TestServer, path: string, body: object): Promise<Answer> {
  return server.call("POST", path, { body });
}

function aPod(name: string, spec: object = {}): object {
  return { metadata: { name }, spec: { containers: [container], ...spec } };
}

function told({ status, value }: Answer): readonly unknown[] {
  return [status, value.message];
}

test("accounts: a pod gets the token of its account, mounted in every container", async () => {
  const server = await aServer();
  const { value } = await post(
    server,
    `${T}/pods`,
    aPod("p", { initContainers: [{ ...container, name: "i" }] }),
  );
  const [volume] = value.spec.volumes;
  expect(volume.name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
  expect(volume.projected).toEqual({
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      {
        downwardAPI: {
          items: [
            {
              path: "namespace",
              fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" },
            },
          ],
        },
      },
    ],
    defaultMode: 420,
  });
  const mount = {
    name: volume.name,
    readOnly: true,
    mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
  };
  expect(value.spec.containers[0].volumeMounts).toEqual([mount]);
  expect(value.spec.initContainers[0].volumeMounts).toEqual([mount]);
});

test("accounts: no token for who wants none; pull secrets all the same", async () => {
  const server = await aServer();
  const robot = { automountServiceAccountToken: false, imagePullSecrets: [{ name: "pull" }] };
  await post(server, `${T}/serviceaccounts`, { metadata: { name: "robot" }, ...robot });
  const { value } = await post(server, `${T}/pods`, aPod("a", { serviceAccountName: "robot" }));
  expect(value.spec.volumes).toBeUndefined();
  expect(value.spec.imagePullSecrets).toEqual([{ name: "pull" }]);
  const quiet = aPod("b", { automountServiceAccountToken: false });
  expect((await post(server, `${T}/pods`, quiet)).value.spec.volumes).toBeUndefined();
});

test("accounts: the default one is waited for if it is missing, then refused", async () => {
  const server = await aServer();
  expect(told(await post(server, `${T}/pods`, aPod("p", { serviceAccountName: "no" })))).toEqual([
    403,
    'pods "p" is forbidden: error looking up service account t/no: serviceaccount "no" not found',
  ]);
  await post(server, "/api/v1/namespaces", { metadata: { name: "fresh" } });
  const pods = "/api/v1/namespaces/fresh/pods";
  const late = post(server, pods, aPod("p"));
  await server.env.advance(150);
  await post(server, "/api/v1/namespaces/fresh/serviceaccounts", { metadata: { name: "default" } });
  await server.env.advance(200);
  expect((await late).status).toBe(201);
  await post(server, "/api/v1/namespaces", { metadata: { name: "bare" } });
  const never = post(server, "/api/v1/namespaces/bare/pods", aPod("p"));
  await server.env.advance(2_000);
  expect(told(await never)).toEqual([
    403,
    'pods "p" is forbidden: error looking up service account bare/default: ' +
      'serviceaccount "default" not found',
  ]);
});

test("limits: containers get the defaults of their namespace, and a note of it", async () => {
  const server = await aServer();
  const limits = [{ type: "Container", default: { cpu: "1" }, defaultRequest: { cpu: "500m" } }];
  await post(server, `${T}/limitranges`, { metadata: { name: "l" }, spec: { limits } });
  const { value } = await post(server, `${T}/pods`, aPod("p"));
  expect(value.spec.containers[0].resources).toEqual({
    limits: { cpu: "1" },
    requests: { cpu: "500m" },
  });
  expect(value.metadata.annotations).toEqual({
    "kubernetes.io/limit-ranger":
      "LimitRanger plugin set: cpu request for container c; cpu limit for container c",
  });
});

test("limits: too little, too much, and too wide a range are refused", async () => {
  const server = await aServer();
  const limits = [
    {
      type: "Container",
      min: { cpu: "200m" },
      max: { cpu: "1" },
      maxLimitRequestRatio: { cpu: "2" },
    },
  ];
  await post(server, `${T}/limitranges`, { metadata: { name: "l" }, spec: { limits } });
  const asking = (requests: object, cpu: object): object =>
    aPod("p", { containers: [{ ...container, resources: { requests, limits: cpu } }] });
  const refused = 'pods "p" is forbidden: ';
  for (const [requests, cpu, message] of [
    [
      { cpu: "100m" },
      { cpu: "200m" },
      "minimum cpu usage per Container is 200m, but request is 100m",
    ],
    [{ cpu: "1" }, { cpu: "2" }, "maximum cpu usage per Container is 1, but limit is 2"],
    [
      { cpu: "200m" },
      { cpu: "1" },
      "cpu max limit to request ratio per Container is 2, but provided ratio is 5.000000",
    ],
  ] as const) {
    const answer = await post(server, `${T}/pods`, asking(requests, cpu));
    expect(told(answer)).toEqual([403, refused + message]);
  }
  expect((await post(server, `${T}/pods`, asking({ cpu: "1" }, { cpu: "1" }))).status).toBe(201);
});

test("priorities: a pod has that of its class, or of the default one", async () => {
  const server = await aServer();
  const classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
  expect((await post(server, `${T}/pods`, aPod("a"))).value.spec.priority).toBe(0);
  await post(server, classes, { metadata: { name: "usual" }, value: 7, globalDefault: true });
  await post(server, classes, { metadata: { name: "high" }, value: 9, preemptionPolicy: "Never" });
  expect((await post(server, `${T}/pods`, aPod("b"))).value.spec).toMatchObject({
    priorityClassName: "usual",
    priority: 7,
  });
  const high = await post(server, `${T}/pods`, aPod("c", { priorityClassName: "high" }));
  expect(high.value.spec).toMatchObject({ priority: 9, preemptionPolicy: "Never" });
  const system = aPod("d", { priorityClassName: "system-node-critical" });
  expect((await post(server, `${T}/pods`, system)).value.spec.priority).toBe(2_000_001_000);
  const unknown = await post(server, `${T}/pods`, aPod("e", { priorityClassName: "constructor" }));
  expect(told(unknown)).toEqual([
    403,
    'pods "e" is forbidden: no PriorityClass with name constructor was found',
  ]);
  const second = { metadata: { name: "other" }, value: 1, globalDefault: true };
  expect(told(await post(server, classes, second))).toEqual([
    403,
    'priorityclasses.scheduling.k8s.io "other" is forbidden: ' +
      "PriorityClass usual is already marked as default. Only one default can exist",
  ]);
});

test("classes: claims and ingresses get the newest default", async () => {
  const server = await aServer();
  const storage = "/apis/storage.k8s.io/v1/storageclasses";
  for (const name of ["old", "new"]) {
    const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
    await post(server, storage, { metadata: { name, annotations }, provisioner: "x" });
    await server.env.advance(2_000);
  }
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  const claims = `${T}/persistentvolumeclaims`;
  const { value } = await post(server, claims, { metadata: { name: "c" }, spec });
  expect(value.spec.storageClassName).toBe("new");
  expect(value.metadata.finalizers).toEqual(["kubernetes.io/pvc-protection"]);
});

test("nodes: a new one takes no pods until it was seen to be ready", async () => {
  const server = await aServer();
  const { value } = await post(server, "/api/v1/nodes", { metadata: { name: "n" } });
  expect(value.spec.taints).toEqual([
    { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
  ]);
});

test("runtime classes: a pod costs what its class says, and goes where it is", async () => {
  const server = await aServer();
  const sandboxed = {
    metadata: { name: "sandboxed" },
    handler: "x",
    overhead: { podFixed: { cpu: "100m" } },
    scheduling: { nodeSelector: { runtime: "x" } },
  };
  await post(server, "/apis/node.k8s.io/v1/runtimeclasses", sandboxed);
  const named = await post(server, `${T}/pods`, aPod("a", { runtimeClassName: "sandboxed" }));
  expect(named.value.spec).toMatchObject({
    overhead: { cpu: "100m" },
    nodeSelector: { runtime: "x" },
  });
  expect(told(await post(server, `${T}/pods`, aPod("b", { runtimeClassName: "no" })))).toEqual([
    403,
    'pods "b" is forbidden: pod rejected: RuntimeClass "no" not found',
  ]);
});

test("pod security: an enforced level refuses pods and warns of workloads", async () => {
  const server = await aServer();
  await makeNamespace(server, "safe");
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await server.call("PATCH", "/api/v1/namespaces/safe", {
    contentType: "application/merge-patch+json",
    body: JSON.stringify({ metadata: { labels } }),
  });
  const violations =
    'allowPrivilegeEscalation != false (container "c" must set ' +
    "securityContext.allowPrivilegeEscalation=false), unrestricted capabilities " +
    '(container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true ' +
    '(pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or ' +
    'container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';
  expect(told(await post(server, "/api/v1/namespaces/safe/pods", aPod("p")))).toEqual([
    403,
    `pods "p" is forbidden: violates PodSecurity "restricted:latest": ${violations}`,
  ]);
  const selector = { matchLabels: { app: "a" } };
  const template = { metadata: { labels: { app: "a" } }, spec: { containers: [container] } };
  const deployments = "/apis/apps/v1/namespaces/safe/deployments";
  const spec = { selector, template };
  const { status, warnings } = await post(server, deployments, { metadata: { name: "d" }, spec });
  expect([status, warnings]).toEqual([
    201,
    [`would violate PodSecurity "restricted:latest": ${violations}`],
  ]);
});

test("pod security: labels that mean nothing are refused", async () => {
  const server = await aServer();
  const labels = { "pod-security.kubernetes.io/enforce": "strict" };
  const { status, value } = await post(server, "/api/v1/namespaces", {
    metadata: { name: "odd", labels },
  });
  expect([status, value.details.causes]).toEqual([
    422,
    [
      {
        reason: "FieldValueInvalid",
        field: "metadata.labels[pod-security.kubernetes.io/enforce]",
        message: 'Invalid value: "strict": must be one of privileged, baseline, restricted',
      },
    ],
  ]);
});

/** A quota as it is once its controller has seen it. */
async function aQuota(server: TestServer, hard: object, used: object): Promise<void> {
  await post(server, `${T}/resourcequotas`, { metadata: { name: "q" }, spec: { hard } });
  await server.call("PATCH", `${T}/resourcequotas/q/status`, {
    contentType: "application/merge-patch+json",
    body: JSON.stringify({ status: { hard, used } }),
  });
}

test("quotas: writes are charged until there is no room", async () => {
  const server = await aServer();
  await aQuota(
    server,
    { pods: "2", "count/configmaps": "1" },
    { pods: "0", "count/configmaps": "0" },
  );
  const answers = await Promise.all(
    ["a", "b", "c"].map((name) => post(server, `${T}/pods`, aPod(name))),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 403]);
  const refused = answers.find(({ status }) => status === 403);
  expect(refused?.value.message).toMatch(
    /is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2$/,
  );
  const dry = await post(server, `${T}/configmaps?dryRun=All`, { metadata: { name: "m" } });
  expect(dry.status).toBe(201);
  const { value } = await server.call("GET", `${T}/resourcequotas/q`);
  expect(value.status.used).toEqual({ pods: "2", "count/configmaps": "0" });
});

test("quotas: what a quota limits must be stated, and its use be known", async () => {
  const server = await aServer();
  await aQuota(server, { "requests.cpu": "1" }, {});
  expect(told(await post(server, `${T}/pods`, aPod("p")))).toEqual([
    403,
    'pods "p" is forbidden: failed quota: q: must specify requests.cpu for: c',
  ]);
  const resources = { requests: { cpu: "1" } };
  const stated = aPod("p", { containers: [{ ...container, resources }] });
  expect(told(await post(server, `${T}/pods`, stated))).toEqual([
    403,
    'pods "p" is forbidden: status unknown for quota: q, resources: requests.cpu',
  ]);
});
