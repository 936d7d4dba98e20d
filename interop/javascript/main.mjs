// The official JavaScript client against the server KUBECONFIG names.
// Says "ok NAME" or "FAIL NAME why" for each thing it tried.
// A program by itself, which has the real world at hand.
/* oxlint-disable eslint/no-restricted-globals, eslint/no-restricted-imports */
import {
  ApiException,
  ApiextensionsV1Api,
  AppsV1Api,
  AuthorizationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  makeInformer,
  PatchStrategy,
  PortForward,
  setHeaderOptions,
  V1MicroTime,
  VersionApi,
  Watch,
} from "@kubernetes/client-node";
import { connect, createServer } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";

const PATIENCE_MS = 30_000;
const WEB_PORT = 8080;
const GROUP = "javascript.interop.test";

const config = new KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(CoreV1Api);

const say = (where, text) => void where.write(`${text}\n`);

function expect(what, got, want) {
  if (isDeepStrictEqual(got, want)) return;
  throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

async function refused(code, asking) {
  const answer = await asking.catch((error) => error);
  if (!(answer instanceof ApiException)) throw new Error(`was not refused with ${code}`);
  expect("status code", answer.code, code);
  return answer;
}

async function eventually(what, isSo) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function isGone(asking) {
  try {
    await asking;
    return false;
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return true;
    throw error;
  }
}

/** What a stream carried, so far. */
function collected() {
  const stream = new PassThrough();
  const chunks = [];
  stream.on("data", (chunk) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString("utf8") };
}

const configMap = (name, data) => ({ metadata: { name }, ...(data && { data }) });

const checks = {
  async discovery() {
    const version = await config.makeApiClient(VersionApi).getCode();
    expect("version", `${version.major}.${version.minor}`, "1.36");
    const { resources } = await core.getAPIResources();
    expect("exec", resources.find(({ name }) => name === "pods/exec")?.verbs, ["create", "get"]);
  },

  async crud(namespace) {
    const body = configMap("one", { a: "1" });
    const made = await core.createNamespacedConfigMap({ namespace, body });
    await refused(409, core.createNamespacedConfigMap({ namespace, body }));
    made.data = { a: "2" };
    const of = { namespace, name: "one" };
    await core.replaceNamespacedConfigMap({ ...of, body: made });
    await refused(409, core.replaceNamespacedConfigMap({ ...of, body: made }));
    expect("data", (await core.readNamespacedConfigMap(of)).data, { a: "2" });
    await core.deleteNamespacedConfigMap(of);
    await refused(404, core.readNamespacedConfigMap(of));
  },

  async pages(namespace) {
    for (const number of [0, 1, 2, 3, 4]) {
      const body = { metadata: { name: `page-${number}`, labels: { paged: "yes" } } };
      await core.createNamespacedConfigMap({ namespace, body });
    }
    const names = [];
    let token;
    do {
      const labelSelector = "paged=yes";
      const page = { namespace, labelSelector, limit: 2, _continue: token };
      const { items, metadata } = await core.listNamespacedConfigMap(page);
      names.push(...items.map((each) => each.metadata.name));
      token = metadata._continue;
    } while (token);
    expect("all pages", names, ["page-0", "page-1", "page-2", "page-3", "page-4"]);
  },

  async patches(namespace) {
    await core.createNamespacedConfigMap({ namespace, body: configMap("one", { a: "1" }) });
    const patch = (strategy, body) =>
      core.patchNamespacedConfigMap(
        { namespace, name: "one", body, fieldManager: "interop" },
        setHeaderOptions("Content-Type", strategy),
      );
    await patch(PatchStrategy.MergePatch, { data: { b: "2" } });
    await patch(PatchStrategy.StrategicMergePatch, { data: { c: "3" } });
    await patch(PatchStrategy.JsonPatch, [{ op: "remove", path: "/data/a" }]);
    const applied = { apiVersion: "v1", kind: "ConfigMap", data: { d: "4" } };
    const after = await patch(PatchStrategy.ServerSideApply, {
      ...applied,
      metadata: { name: "one" },
    });
    expect("data", after.data, { b: "2", c: "3", d: "4" });
    const entry = after.metadata.managedFields.find(({ operation }) => operation === "Apply");
    expect("manager", entry?.manager, "interop");
  },

  async "object-api"(namespace) {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const spec = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "one", namespace },
      data: { a: "1" },
    };
    await objects.create(spec);
    spec.data = { a: "2" };
    const apply = [undefined, undefined, "interop", true, PatchStrategy.ServerSideApply];
    await objects.patch(spec, ...apply);
    expect("data", (await objects.read(spec)).data, { a: "2" });
    expect("deleted", (await objects.delete(spec)).status, "Success");
  },

  async watch(namespace) {
    const { metadata } = await core.listNamespacedConfigMap({ namespace });
    const seen = [];
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const query = {
      resourceVersion: metadata.resourceVersion,
      fieldSelector: "metadata.name=one",
      timeoutSeconds: 2,
    };
    const ended = new Promise((resolve, reject) => {
      new Watch(config)
        .watch(path, query, (phase, object) => seen.push([phase, object.metadata.name]), resolve)
        .catch(reject);
    });
    await core.createNamespacedConfigMap({ namespace, body: configMap("one") });
    await core.deleteNamespacedConfigMap({ namespace, name: "one" });
    await ended;
    expect("events", seen, [
      ["ADDED", "one"],
      ["DELETED", "one"],
    ]);
  },

  async informer(namespace) {
    await core.createNamespacedConfigMap({ namespace, body: configMap("before") });
    const list = () => core.listNamespacedConfigMap({ namespace });
    const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, list);
    const log = new Set();
    for (const verb of ["add", "update", "delete"]) {
      informer.on(verb, ({ metadata }) => log.add(`${verb} ${metadata.name}`));
    }
    informer.on("error", (error) => {
      if (error.name !== "AbortError") say(process.stderr, error.stack);
    });
    await informer.start();
    try {
      expect("is known", informer.get("before", namespace)?.metadata.name, "before");
      await core.createNamespacedConfigMap({ namespace, body: configMap("after") });
      const body = configMap("before", { a: "1" });
      await core.replaceNamespacedConfigMap({ namespace, name: "before", body });
      await core.deleteNamespacedConfigMap({ namespace, name: "before" });
      for (const what of ["add before", "add after", "update before", "delete before"]) {
        await eventually(what, () => log.has(what));
      }
    } finally {
      await informer.stop();
    }
  },

  async "custom-resources"(namespace) {
    const definitions = config.makeApiClient(ApiextensionsV1Api);
    const custom = config.makeApiClient(CustomObjectsApi);
    const name = `gizmos.${GROUP}`;
    const size = { type: "integer", minimum: 1, _default: 3 };
    const spec = { type: "object", properties: { size } };
    const openAPIV3Schema = { type: "object", properties: { spec } };
    const version = { name: "v1", served: true, storage: true, schema: { openAPIV3Schema } };
    const body = {
      metadata: { name },
      spec: {
        group: GROUP,
        scope: "Namespaced",
        names: { plural: "gizmos", singular: "gizmo", kind: "Gizmo" },
        versions: [version],
      },
    };
    await definitions.createCustomResourceDefinition({ body });
    try {
      await eventually("the kind is established", async () => {
        const { status } = await definitions.readCustomResourceDefinition({ name });
        return status?.conditions?.some(
          (each) => each.type === "Established" && each.status === "True",
        );
      });
      const of = { group: GROUP, version: "v1", namespace, plural: "gizmos" };
      const kind = { apiVersion: `${GROUP}/v1`, kind: "Gizmo" };
      const one = { ...kind, metadata: { name: "one" }, spec: {} };
      const made = await custom.createNamespacedCustomObject({ ...of, body: one });
      expect("default", made.spec.size, 3);
      const two = { ...kind, metadata: { name: "two" }, spec: { size: 0 } };
      await refused(422, custom.createNamespacedCustomObject({ ...of, body: two }));
    } finally {
      await definitions.deleteCustomResourceDefinition({ name });
    }
    await eventually("the kind is gone", () =>
      isGone(definitions.readCustomResourceDefinition({ name })),
    );
  },

  async "access-review"(namespace) {
    const resourceAttributes = { namespace, verb: "list", resource: "pods" };
    const body = { spec: { resourceAttributes } };
    const review = await config
      .makeApiClient(AuthorizationV1Api)
      .createSelfSubjectAccessReview({ body });
    expect("allowed", review.status.allowed, true);
  },

  async deployment(namespace) {
    const apps = config.makeApiClient(AppsV1Api);
    const labels = { app: "web" };
    const template = { metadata: { labels }, spec: podSpec() };
    const spec = { replicas: 1, selector: { matchLabels: labels }, template };
    await apps.createNamespacedDeployment({
      namespace,
      body: { metadata: { name: "web" }, spec },
    });
    await eventually("it is available", async () => {
      const { status } = await apps.readNamespacedDeployment({ namespace, name: "web" });
      return status?.availableReplicas === 1;
    });
    const scale = await apps.readNamespacedDeploymentScale({ namespace, name: "web" });
    expect("selector", scale.status.selector, "app=web");
  },

  async log(namespace) {
    await runningPod(namespace);
    const { stream, text } = collected();
    // Not followed: this client has no way to break off that is not an unhandled error.
    await new Log(config).log(namespace, "web", "web", stream, { tailLines: 1 });
    await eventually("the log is read", () => text().startsWith("listening on"));
  },

  async exec(namespace) {
    await runningPod(namespace);
    const [out, errors] = [collected(), collected()];
    const script = "read line; echo got $line; echo told >&2; exit 7";
    const command = ["sh", "-c", script];
    const status = await new Promise((resolve, reject) => {
      new Exec(config)
        .exec(
          namespace,
          "web",
          "web",
          command,
          out.stream,
          errors.stream,
          Readable.from(["a line\n"]),
          false,
          resolve,
        )
        .catch(reject);
    });
    expect("output", out.text(), "got a line\n");
    expect("errors", errors.text(), "told\n");
    expect("reason", status.reason, "NonZeroExitCode");
    expect("causes", status.details.causes, [{ reason: "ExitCode", message: "7" }]);
  },

  async "port-forward"(namespace) {
    await runningPod(namespace);
    const forward = new PortForward(config);
    const server = createServer((socket) => {
      void forward.portForward(namespace, "web", [WEB_PORT], socket, null, socket);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      for (const _time of [1, 2]) {
        const answer = await asked(server.address().port);
        expect("status line", answer.split("\r\n")[0], "HTTP/1.1 200 OK");
      }
    } finally {
      server.close();
    }
  },

  // The client brings no election; this is the protocol of those that do.
  async leaderElection(namespace) {
    const leases = config.makeApiClient(CoordinationV1Api);
    const name = "leader";
    const held = (holderIdentity, leaseTransitions) => ({
      holderIdentity,
      leaseTransitions,
      leaseDurationSeconds: 15,
      renewTime: new V1MicroTime(),
    });
    const stands = (who) => {
      const body = { metadata: { name }, spec: held(who, 0) };
      return leases.createNamespacedLease({ namespace, body }).then(
        (lease) => ({ who, lease }),
        (error) => error,
      );
    };
    const race = await Promise.all(["a", "b", "c"].map(stands));
    const [winner, ...others] = race.filter(({ who }) => who !== undefined);
    expect("further winners", others, []);
    const losers = race.filter(({ code }) => code === 409);
    expect("losers", losers.length, 2);
    const seen = await leases.readNamespacedLease({ namespace, name });
    expect("holder", seen.spec.holderIdentity, winner.who);
    const renewed = await leases.replaceNamespacedLease({
      namespace,
      name,
      body: { ...winner.lease, spec: held(winner.who, 0) },
    });
    // Who looked before the renewal must not take over.
    const late = Object.assign({}, seen, { spec: held("late", 1) });
    await refused(409, leases.replaceNamespacedLease({ namespace, name, body: late }));
    const released = await leases.replaceNamespacedLease({
      namespace,
      name,
      body: Object.assign({}, renewed, {
        spec: Object.assign({}, renewed.spec, { holderIdentity: "" }),
      }),
    });
    const next = await leases.replaceNamespacedLease({
      namespace,
      name,
      body: Object.assign({}, released, { spec: held("next", 1) }),
    });
    expect("next", [next.spec.holderIdentity, next.spec.leaseTransitions], ["next", 1]);
  },

  async evict(namespace) {
    await runningPod(namespace);
    const body = { metadata: { name: "web" } };
    await core.createNamespacedPodEviction({ namespace, name: "web", body });
    await eventually("the pod is gone", () =>
      isGone(core.readNamespacedPod({ namespace, name: "web" })),
    );
  },
};

/** What is answered. This client does not pass on that the application has ended a connection. */
function asked(port) {
  return new Promise((resolve, reject) => {
    const { stream, text } = collected();
    const socket = connect(port, "127.0.0.1");
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("no answer")));
    socket.once("error", reject).on("data", (chunk) => {
      stream.write(chunk);
      if (!text().endsWith("\r\n\r\nok\n")) return;
      socket.destroy();
      resolve(text());
    });
    socket.write("GET /healthz HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n");
  });
}

function podSpec() {
  const env = [{ name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }];
  const readinessProbe = { periodSeconds: 1, httpGet: { path: "/healthz", port: WEB_PORT } };
  const container = { name: "web", image: "web:1", env, readinessProbe };
  return { containers: [container], terminationGracePeriodSeconds: 1 };
}

/** Starts the example application, and waits until it serves. */
async function runningPod(namespace) {
  await eventually("there is a default service account", async () => {
    const { items } = await core.listNamespacedServiceAccount({ namespace });
    return items.some(({ metadata }) => metadata.name === "default");
  });
  const body = { metadata: { name: "web" }, spec: podSpec() };
  await core.createNamespacedPod({ namespace, body });
  await eventually("the pod is ready", async () => {
    const { status } = await core.readNamespacedPod({ namespace, name: "web" });
    return status.conditions?.some((each) => each.type === "Ready" && each.status === "True");
  });
}

let failed = false;
for (const [name, check] of Object.entries(checks)) {
  if (!name.includes(process.argv[2] ?? "")) continue;
  const body = { metadata: { generateName: "interop-javascript-" } };
  const namespace = (await core.createNamespace({ body })).metadata.name;
  const started = Date.now();
  try {
    await check(namespace);
    say(process.stdout, `ok ${name} (${Date.now() - started} ms)`);
  } catch (error) {
    failed = true;
    say(process.stdout, `FAIL ${name} ${error.message}`);
    say(process.stderr, error.stack);
  } finally {
    await core.deleteNamespace({ name: namespace });
  }
}
process.exit(failed ? 1 : 0);
