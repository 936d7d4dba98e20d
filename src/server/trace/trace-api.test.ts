import { expect, test } from "vitest";
import { causeId, withCause, type CallCause } from "../../base/context.ts";
import type { UserInfo } from "../../machinery/request.ts";
import { anAsker } from "../testing/an-asker.ts";
import { aServer, type Answer, type TestServer } from "../testing/test-server.ts";

const PATH = "/apis/trace.setpoint.dev/v1alpha1/explanations";
const MAPS = "/api/v1/namespaces/default/configmaps";
const map = (name: string): object => {
  return { apiVersion: "v1", kind: "ConfigMap", namespace: "default", name };
};

async function make(server: TestServer, name: string, cause?: CallCause): Promise<number> {
  const context = cause === undefined ? server.context : withCause(server.context, cause);
  const body = { metadata: { name }, data: { text: "1" } };
  const { value } = await server.call("POST", MAPS, { body, context });
  return Number(value.metadata.resourceVersion);
}

function ask(server: TestServer, spec: object, user?: UserInfo): Promise<Answer> {
  return server.call("POST", PATH, { body: { spec }, ...(user === undefined ? {} : { user }) });
}

test("a story goes back from an object to the request that led to it", async () => {
  const server = await aServer();
  const first = await make(server, "wish");
  const cause = { actor: "maker", id: causeId("r-1"), triggers: [first], traceparent: "" };
  const second = await make(server, "result", cause);
  const { status, value } = await ask(server, { question: "Why", object: map("result") });
  expect(status).toBe(201);
  const { story } = value.status;
  expect(story).toMatchObject({ change: { revision: second, cause: { actor: "maker" } } });
  expect(story.because).toHaveLength(1);
  expect(story.because[0]).toMatchObject({
    link: "recorded",
    change: { revision: first, what: "created", object: { name: "wish" } },
    ends: [{ kind: "request" }],
  });
  const led = await ask(server, { question: "Consequences", revision: first });
  expect(led.value.status.consequences.led).toMatchObject([
    { change: { revision: second }, from: [first] },
  ]);
});

test("history tells what changed; what a Secret holds is not told", async () => {
  const server = await aServer();
  const secrets = "/api/v1/namespaces/default/secrets";
  await server.call("POST", secrets, { body: { metadata: { name: "s" }, data: { a: "MQ==" } } });
  const body = { data: { a: "Mg==" }, metadata: { labels: { tier: "gold" } } };
  const contentType = "application/merge-patch+json";
  await server.call("PATCH", `${secrets}/s`, { body, contentType });
  await server.call("DELETE", `${secrets}/s`);
  const object = { ...map("s"), kind: "Secret" };
  const { value } = await ask(server, { question: "History", object });
  const history = value.status.history as readonly { what: string; fields: unknown }[];
  expect(history.map(({ what }) => what)).toEqual(["deleted", "changed", "created"]);
  expect(history[1]?.fields).toEqual([
    { field: "metadata.labels", after: '{"tier":"gold"}' },
    { field: "data.a", before: "(secret)", after: "(secret)" },
  ]);
  expect(JSON.stringify(value)).not.toContain("Mg==");
  const gone = await ask(server, { question: "WhyDeleted", object });
  expect(gone.value.status.story.change.what).toBe("deleted");
  const changed = await ask(server, { question: "WhyChanged", object, field: "data" });
  expect(changed.value.status.story.change.what).toBe("changed");
});

test("objects that the asker may not read are told of without their names", async () => {
  const server = await aServer();
  const first = await make(server, "wish");
  const results = { apiGroups: [""], resources: ["configmaps"], resourceNames: ["result"] };
  const bob = await anAsker(server, { ...results, verbs: ["get"] });
  const cause = { actor: "maker", id: causeId("r-1"), triggers: [first], traceparent: "" };
  await make(server, "result", cause);
  const { value } = await ask(server, { question: "Why", object: map("result") }, bob);
  expect(value.status.story.because[0].change).toMatchObject({
    isHidden: true,
    object: { kind: "", name: "" },
  });
  const other = await ask(server, { question: "History", object: map("wish") }, bob);
  expect(other.value.status.history).toEqual([]);
  const carol = { name: "carol", groups: ["system:authenticated"] };
  const refused = await ask(server, { question: "Why", object: map("result") }, carol);
  expect(refused.status).toBe(403);
});

test("a question that cannot be understood is refused, with what is missing", async () => {
  const server = await aServer();
  const { status, value } = await ask(server, { question: "Whence" });
  expect(status).toBe(422);
  expect(value.message).toContain('spec.question: Unsupported value: "Whence"');
  expect((await ask(server, { question: "Why" })).value.message).toContain("spec.object: Required");
  const bad = await server.call("POST", PATH, { body: "{", contentType: "application/json" });
  expect(bad.status).toBe(400);
  expect((await server.call("GET", PATH)).status).toBe(405);
});

test("the group is found by discovery, and the revision of a time by halving", async () => {
  const server = await aServer();
  const { value } = await server.call("GET", "/apis/trace.setpoint.dev/v1alpha1");
  expect(value.resources).toMatchObject([{ name: "explanations", verbs: ["create"] }]);
  const groups = await server.call("GET", "/apis");
  expect(JSON.stringify(groups.value)).toContain("trace.setpoint.dev");
  await make(server, "a");
  await server.env.advance(60_000);
  const time = new Date(server.env.clock.now()).toISOString();
  await server.env.advance(60_000);
  const later = await make(server, "b");
  const at = await ask(server, { question: "RevisionAt", time });
  expect(at.value.status.revision).toBe(later - 1);
  const early = await ask(server, { question: "RevisionAt", time: "2001-01-01T00:00:00Z" });
  expect(early.value.status.problem).toMatch(
    /^2001-01-01T00:00:00Z is older than what is kept: history goes back to \d{4}-\S+Z \(@\d+\)$/,
  );
  const future = await ask(server, { question: "RevisionAt", time: "2999-01-01T00:00:00Z" });
  expect(future.value.status.problem).toMatch(/^2999-01-01T00:00:00Z has not come yet: it is /);
  const local = await ask(server, { question: "RevisionAt", time: "2026-01-01T12:00:00" });
  expect(local.status).toBe(422);
});

test("what admission and defaulting have changed is told by name", async () => {
  const server = await aServer();
  const group = "/apis/admissionregistration.k8s.io/v1";
  const rule = {
    apiGroups: [""],
    apiVersions: ["v1"],
    resources: ["pods"],
    operations: ["CREATE"],
  };
  const applyConfiguration = {
    expression: "Object{metadata: Object.metadata{labels: {'a': 'b'}}}",
  };
  const policy = {
    matchConstraints: { resourceRules: [rule] },
    reinvocationPolicy: "Never",
    mutations: [{ patchType: "ApplyConfiguration", applyConfiguration }],
  };
  const name = "labels";
  const policies = `${group}/mutatingadmissionpolicies`;
  await server.call("POST", policies, { body: { metadata: { name }, spec: policy } });
  const body = { metadata: { name }, spec: { policyName: name } };
  await server.call("POST", `${group}/mutatingadmissionpolicybindings`, { body });
  const spec = { containers: [{ name: "c", image: "i" }] };
  const pods = "/api/v1/namespaces/t/pods";
  const { value: pod } = await server.call("POST", pods, {
    body: { metadata: { name: "p" }, spec },
  });
  expect(pod.metadata.labels).toEqual({ a: "b" });
  const object = { apiVersion: "v1", kind: "Pod", namespace: "t", name: "p" };
  const { value } = await ask(server, { question: "Why", object });
  expect(value.status.story.change.cause.edits).toEqual([
    "defaults",
    "ServiceAccount",
    "Priority",
    "DefaultTolerationSeconds",
    "policy labels",
  ]);
  await make(server, "plain");
  const plain = await ask(server, { question: "Why", object: map("plain") });
  expect(plain.value.status.story.change.cause.edits).toBeUndefined();
});

test("what an object waits for is told, as far as the asker may read it", async () => {
  const server = await aServer();
  const apps = "/apis/apps/v1/namespaces/t/replicasets";
  const template = {
    metadata: { labels: { app: "a" } },
    spec: { containers: [{ name: "c", image: "i" }] },
  };
  const selector = { matchLabels: { app: "a" } };
  const { value: set } = await server.call("POST", apps, {
    body: { metadata: { name: "set" }, spec: { selector, template } },
  });
  const status = { observedGeneration: 1, replicas: 1 };
  await server.call("PUT", `${apps}/set/status`, { body: { ...set, status } });
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "set", uid: set.metadata.uid };
  const pods = "/api/v1/namespaces/t/pods";
  const { value: pod } = await server.call("POST", pods, {
    body: { ...template, metadata: { name: "p", ownerReferences: [owner] } },
  });
  await server.call("POST", pods, { body: { ...template, metadata: { name: "other" } } });
  const { uid } = pod.metadata;
  await server.call("POST", "/api/v1/namespaces/t/events", {
    body: { metadata: { name: "e" }, involvedObject: { uid, namespace: "t" }, reason: "R" },
  });
  const object = { apiVersion: "apps/v1", kind: "ReplicaSet", namespace: "t", name: "set" };
  const { value } = await ask(server, { question: "WhyNotReady", object });
  expect(value.status.notReady.blocker).toMatchObject({
    problem: "0 of 1 pods ready",
    because: [{ object: { name: "p" }, count: 1, because: [] }],
  });
  const sets = { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["get"] };
  const bob = await anAsker(server, sets);
  const partly = await ask(server, { question: "WhyNotReady", object }, bob);
  expect(partly.value.status.notReady.blocker).toMatchObject({
    problem: "0 of 1 pods ready",
    because: [],
  });
  const none = await ask(server, { question: "WhyNotReady", object: { ...object, name: "none" } });
  expect(none.value.status.problem).toMatch(/^there is no ReplicaSet t\/none/);
});
