import { expect, test } from "vitest";
import { isFields, type Fields } from "../../../machinery/object.ts";
import { aServer, type Answer, type TestServer } from "../../testing/test-server.ts";
import { FakeWebhookClient, refusedConnection } from "../../webhooks/testing.ts";
import type { WebhookCall } from "../../webhooks/webhook-client.ts";

const GROUP = "/apis/admissionregistration.k8s.io/v1";
const MAPS = "/api/v1/namespaces/t/configmaps";
const RULE = {
  operations: ["*"],
  apiGroups: [""],
  apiVersions: ["v1"],
  resources: ["configmaps", "pods/*"],
};

type Wish = Readonly<Record<string, unknown>>;

async function register(
  server: TestServer,
  kind: "mutating" | "validating",
  name: string,
  wish: Wish = {},
): Promise<void> {
  const webhook = {
    name: `${name}.example.com`,
    admissionReviewVersions: ["v1"],
    sideEffects: "None",
    clientConfig: { url: "https://hook.example.com/x" },
    rules: [RULE],
    ...wish,
  };
  const body = { metadata: { name }, webhooks: [webhook] };
  const answer = await server.call("POST", `${GROUP}/${kind}webhookconfigurations`, { body });
  expect([answer.status, answer.value.message]).toEqual([201, undefined]);
}

async function aWorld(
  answer: (request: Fields, call: WebhookCall) => Wish,
): Promise<{ readonly server: TestServer; readonly client: FakeWebhookClient }> {
  const client = new FakeWebhookClient();
  client.answer = (call) => {
    const request = requestOf(call);
    const response = { uid: request["uid"], allowed: true, ...answer(request, call) };
    return { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response };
  };
  return { server: await aServer({ webhooks: () => client }), client };
}

function requestOf(call: WebhookCall | undefined): Fields {
  const body = isFields(call?.body) ? call.body : {};
  const request = body["request"];
  return isFields(request) ? request : {};
}

function post(server: TestServer, name: string, more: object = {}): Promise<Answer> {
  return server.call("POST", MAPS, { body: { metadata: { name, ...more } } });
}

function patchOf(...operations: readonly object[]): Wish {
  return { patchType: "JSONPatch", patch: btoa(JSON.stringify(operations)) };
}

function addData(key: string): Wish {
  return patchOf({ op: "add", path: "/data", value: { [key]: "1" } });
}

test("a webhook is told who does what to which object", async () => {
  const { server, client } = await aWorld(() => ({ warnings: ["careful"] }));
  await register(server, "validating", "watch");
  const { status, warnings } = await post(server, "m");
  expect([status, warnings]).toEqual([201, ["careful"]]);
  const [call] = client.calls;
  expect([call?.timeoutMs, call?.address]).toEqual([
    10_000,
    { kind: "url", url: "https://hook.example.com/x" },
  ]);
  const gvr = { group: "", version: "v1", resource: "configmaps" };
  const gvk = { group: "", version: "v1", kind: "ConfigMap" };
  expect(requestOf(call)).toMatchObject({
    kind: gvk,
    resource: gvr,
    requestKind: gvk,
    requestResource: gvr,
    name: "m",
    namespace: "t",
    operation: "CREATE",
    userInfo: { username: "admin" },
    object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" } },
    oldObject: null,
    dryRun: false,
  });
  await server.call("DELETE", `${MAPS}/m?dryRun=All`);
  expect(requestOf(client.calls.at(-1))).toMatchObject({
    operation: "DELETE",
    object: null,
    oldObject: { metadata: { name: "m" } },
    dryRun: true,
  });
});

test("a webhook may refuse, in its own words and with its own code", async () => {
  const { server } = await aWorld((request) =>
    request["name"] === "odd"
      ? { allowed: false }
      : { allowed: false, status: { code: 403, message: "no", reason: "Forbidden" } },
  );
  await register(server, "validating", "deny");
  const told = async (name: string): Promise<unknown> => {
    const { value } = await post(server, name);
    return [value.code, value.reason, value.message];
  };
  const denied = 'admission webhook "deny.example.com" denied the request';
  expect(await told("m")).toEqual([403, "Forbidden", `${denied}: no`]);
  expect(await told("odd")).toEqual([400, undefined, `${denied} without explanation`]);
});

test("a webhook that fails refuses, unless its policy is to be passed over", async () => {
  const { server, client } = await aWorld(() => ({ uid: "other" }));
  await register(server, "validating", "v");
  const first = await post(server, "m");
  expect([first.status, first.value.reason]).toEqual([500, "InternalError"]);
  expect(first.value.message).toMatch(
    /^Internal error occurred: failed calling webhook "v.example.com": received invalid webhook /,
  );
  client.answer = (call) => {
    throw refusedConnection(call);
  };
  expect((await post(server, "m")).value.message).toBe(
    'Internal error occurred: failed calling webhook "v.example.com": failed to call webhook: ' +
      'Post "https://hook.example.com/x?timeout=10s": ' +
      "dial tcp 127.0.0.1:1: connect: connection refused",
  );
  await server.call("DELETE", `${GROUP}/validatingwebhookconfigurations/v`);
  await register(server, "validating", "lenient", { failurePolicy: "Ignore" });
  expect((await post(server, "m")).status).toBe(201);
});

test("mutating webhooks change objects in order of their names", async () => {
  const { server } = await aWorld((request) => {
    const { data } = request["object"] as { readonly data?: object };
    return addData(data === undefined ? "first" : "second");
  });
  await register(server, "mutating", "b");
  await register(server, "mutating", "a");
  expect((await post(server, "m")).value.data).toEqual({ second: "1" });
});

test("a mutating webhook that wants it sees what a later one made, once", async () => {
  const seen: unknown[] = [];
  const { server } = await aWorld((request, call) => {
    const isEarly = call.timeoutMs === 1_000;
    const { data } = request["object"] as { readonly data?: object };
    seen.push([isEarly ? "early" : "late", data]);
    return isEarly ? {} : addData("late");
  });
  await register(server, "mutating", "a", { timeoutSeconds: 1, reinvocationPolicy: "IfNeeded" });
  await register(server, "mutating", "b");
  await post(server, "m");
  expect(seen).toEqual([
    ["early", undefined],
    ["late", undefined],
    ["early", { late: "1" }],
  ]);
});

test("a patch that does not fit is an internal error", async () => {
  const { server } = await aWorld(() => patchOf({ op: "remove", path: "/data/none" }));
  await register(server, "mutating", "a");
  expect((await post(server, "m")).status).toBe(500);
});

test("selectors and conditions choose what a webhook is asked about", async () => {
  const { server, client } = await aWorld(() => ({}));
  const objectSelector = { matchLabels: { ask: "yes" } };
  const matchConditions = [{ name: "not-b", expression: "object.metadata.name != 'b'" }];
  await register(server, "validating", "v", { objectSelector, matchConditions });
  await post(server, "a");
  await post(server, "b", { labels: { ask: "yes" } });
  expect(client.calls).toHaveLength(0);
  await post(server, "c", { labels: { ask: "yes" } });
  expect(client.calls).toHaveLength(1);
  const namespaceSelector = { matchLabels: { ask: "yes" } };
  await register(server, "validating", "w", { namespaceSelector });
  await post(server, "d");
  expect(client.calls).toHaveLength(1);
});

test("a condition that cannot be told refuses", async () => {
  const { server } = await aWorld(() => ({}));
  const matchConditions = [{ name: "data", expression: "object.data.x == '1'" }];
  await register(server, "validating", "v", { matchConditions });
  const { status, value } = await post(server, "m");
  expect([status, value.message]).toEqual([
    403,
    'configmaps "m" is forbidden: ' +
      "expression 'object.data.x == '1'' resulted in error: no such key: data",
  ]);
});

test("a webhook with side effects takes no part in dry runs", async () => {
  const { server } = await aWorld(() => ({}));
  await register(server, "validating", "v", { sideEffects: "None" });
  const body = { metadata: { name: "m" } };
  expect((await server.call("POST", `${MAPS}?dryRun=All`, { body })).status).toBe(201);
});

test("webhooks are never asked about webhooks", async () => {
  const { server, client } = await aWorld(() => ({ allowed: false }));
  const everything = { ...RULE, apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"] };
  await register(server, "validating", "v", { rules: [everything] });
  await register(server, "validating", "w");
  expect(client.calls).toHaveLength(0);
  expect((await post(server, "m")).status).toBe(400);
});

test("objects are shown in the version a webhook asked for", async () => {
  const { server, client } = await aWorld(() => ({}));
  const rule = { ...RULE, apiGroups: ["events.k8s.io"], resources: ["events"] };
  await register(server, "validating", "v", { rules: [rule] });
  const involvedObject = { kind: "Pod", name: "p", namespace: "t" };
  const body = { metadata: { name: "e" }, involvedObject, message: "hello" };
  await server.call("POST", "/api/v1/namespaces/t/events", { body });
  expect(requestOf(client.calls[0])).toMatchObject({
    resource: { group: "events.k8s.io" },
    requestResource: { group: "" },
    object: { apiVersion: "events.k8s.io/v1", regarding: { name: "p" }, note: "hello" },
  });
});

test("who changes an object sees it without an identity, who judges it sees all", async () => {
  const { server, client } = await aWorld(() => ({}));
  await register(server, "mutating", "change");
  await register(server, "validating", "judge");
  const body = { metadata: { generateName: "m-" } };
  const query = "?fieldManager=me&fieldValidation=Strict";
  const { value } = await server.call("POST", `${MAPS}${query}`, { body });
  const [changed, judged] = client.calls.map(requestOf);
  const { name, uid, creationTimestamp } = value.metadata ?? {};
  expect(changed?.["object"]).toMatchObject({ metadata: { generateName: "m-" } });
  expect(changed?.["object"]).not.toMatchObject({ metadata: { name } });
  expect(changed?.["object"]).not.toMatchObject({ metadata: { uid } });
  expect(judged?.["object"]).toMatchObject({ metadata: { name, uid, creationTimestamp } });
  const options = {
    kind: "CreateOptions",
    apiVersion: "meta.k8s.io/v1",
    fieldManager: "me",
    fieldValidation: "Strict",
  };
  expect([changed?.["options"], judged?.["options"]]).toEqual([options, options]);
});

test("a collection is deleted without names, and with the options it was sent", async () => {
  const { server, client } = await aWorld(() => ({ allowed: false }));
  await post(server, "m");
  await register(server, "validating", "judge");
  const body = { propagationPolicy: "Background", gracePeriodSeconds: 5 };
  const { value } = await server.call("DELETE", MAPS, { body });
  expect(value.message).toContain('webhook "judge.example.com" denied');
  const asked = requestOf(client.calls.at(-1));
  expect(asked).toMatchObject({ operation: "DELETE", options: { kind: "DeleteOptions", ...body } });
  expect(asked).not.toHaveProperty("name");
});

test("a change of a scale is shown as a Scale, and may be changed as one", async () => {
  const more = patchOf({ op: "replace", path: "/spec/replicas", value: 5 });
  const { server, client } = await aWorld(() => more);
  const path = "/apis/apps/v1/namespaces/t/deployments";
  const labels = { a: "b" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  await server.call("POST", path, { body: { metadata: { name: "d" }, spec } });
  const rule = { ...RULE, apiGroups: ["apps"], resources: ["deployments/scale"] };
  await register(server, "mutating", "more", { rules: [rule] });
  const body = { spec: { replicas: 3 } };
  const headers = { "content-type": "application/merge-patch+json" };
  const { value } = await server.call("PATCH", `${path}/d/scale`, { body, headers });
  expect(value).toMatchObject({ kind: "Scale", spec: { replicas: 5 } });
  expect(requestOf(client.calls[0])).toMatchObject({
    kind: { group: "autoscaling", version: "v1", kind: "Scale" },
    subResource: "scale",
    object: { apiVersion: "autoscaling/v1", kind: "Scale", spec: { replicas: 3 } },
    oldObject: { kind: "Scale", spec: { replicas: 1 } },
  });
});

test("what is no answer is said to be none, and an empty patch of any type is none", async () => {
  let told: Wish = {};
  const client = new FakeWebhookClient();
  client.answer = (call) => {
    const { uid } = requestOf(call) as { readonly uid?: string };
    const response = { uid, allowed: true, patchType: "Odd", patch: btoa("[]") };
    return { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response, ...told };
  };
  const server = await aServer({ webhooks: () => client });
  await register(server, "mutating", "odd");
  expect((await post(server, "m")).status).toBe(201);
  told = { kind: "Odd" };
  const odd = 'no kind "Odd" is registered for version "admission.k8s.io/v1"';
  expect((await post(server, "n")).value.message).toContain(`failed to call webhook: ${odd}`);
  told = { apiVersion: "admission.k8s.io/v1beta1" };
  const old = "converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion";
  expect((await post(server, "o")).value.message).toContain(old);
});
