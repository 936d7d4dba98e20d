import { expect, test } from "vitest";
import type { UserInfo } from "../../../machinery/request.ts";
import { aRule, aUser, grant } from "../../authz/testing.ts";
import { aServer, type Answer, type TestServer } from "../../testing/test-server.ts";

const AUTHORIZATION = "/apis/authorization.k8s.io/v1";
const AUTHENTICATION = "/apis/authentication.k8s.io/v1";
const ISSUER = "https://kubernetes.default.svc.cluster.local";
const alice: UserInfo = { ...aUser("alice", "devs"), uid: "2" };

/** A server on which everybody may ask about themselves. */
async function aServerForAll(): Promise<TestServer> {
  const server = await aServer();
  const reviews = "selfsubjectaccessreviews,selfsubjectrulesreviews";
  await grant(server, "basic", "Group system:authenticated", [
    aRule(`create ${reviews}`, "authorization.k8s.io"),
    aRule("create selfsubjectreviews", "authentication.k8s.io"),
  ]);
  return server;
}

function post(server: TestServer, path: string, body: unknown, user?: UserInfo): Promise<Answer> {
  return server.call("POST", path, { body, ...(user === undefined ? {} : { user }) });
}

const getPods = { verb: "get", resource: "pods", namespace: "t" };

test("a user learns who they are", async () => {
  const server = await aServerForAll();
  const { status, value } = await post(server, `${AUTHENTICATION}/selfsubjectreviews`, {}, alice);
  expect(status).toBe(201);
  expect(value).toEqual({
    kind: "SelfSubjectReview",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { creationTimestamp: expect.any(String) },
    status: {
      userInfo: { username: "alice", uid: "2", groups: ["devs", "system:authenticated"] },
    },
  });
});

test("a question about access is answered with the reason, and kept nowhere", async () => {
  const server = await aServerForAll();
  const before = server.store.status().revision;
  const body = { spec: { resourceAttributes: getPods } };
  const path = `${AUTHORIZATION}/selfsubjectaccessreviews`;
  const refused = await post(server, path, body, alice);
  expect(refused).toMatchObject({ status: 201, value: { status: { allowed: false } } });
  expect(refused.value.status).toEqual({ allowed: false });
  expect(refused.value.spec).toEqual(body.spec);
  expect(server.store.status().revision).toBe(before);

  await grant(server, "viewer", "Group devs", [aRule("get pods")], "t");
  const { value } = await post(server, path, body, alice);
  expect(value.status).toEqual({
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "viewer/t" of Role "viewer" to Group "devs"',
  });
});

test("administrators ask about others, by user or by group", async () => {
  const server = await aServerForAll();
  await grant(server, "viewer", "Group devs", [aRule("get pods")], "t");
  const nonResourceAttributes = { path: "/metrics", verb: "get" };
  for (const { spec, allowed } of [
    { spec: { user: "alice", resourceAttributes: getPods }, allowed: false },
    { spec: { user: "alice", groups: ["devs"], resourceAttributes: getPods }, allowed: true },
    { spec: { groups: ["devs"], resourceAttributes: getPods }, allowed: true },
    { spec: { groups: ["system:masters"], nonResourceAttributes }, allowed: true },
    { spec: { user: "alice", nonResourceAttributes }, allowed: false },
  ]) {
    const { value } = await post(server, `${AUTHORIZATION}/subjectaccessreviews`, { spec });
    expect(value.status.allowed).toBe(allowed);
  }
  const local = `${AUTHORIZATION}/namespaces/t/localsubjectaccessreviews`;
  const spec = { groups: ["devs"], resourceAttributes: getPods };
  expect((await post(server, local, { spec })).value).toMatchObject({
    metadata: { namespace: "t" },
    status: { allowed: true },
  });
});

test("selectors narrow what is asked, as far as they are understood", async () => {
  const server = await aServer();
  const user = "system:node:n1";
  const attributes = { verb: "list", resource: "pods" };
  for (const { fieldSelector, status } of [
    { fieldSelector: { rawSelector: "spec.nodeName=n1" }, status: { allowed: true } },
    {
      fieldSelector: {
        requirements: [{ key: "spec.nodeName", operator: "In", values: ["n1"] }],
      },
      status: { allowed: true },
    },
    {
      fieldSelector: {
        requirements: [
          { key: "spec.nodeName", operator: "In", values: ["n1"] },
          { key: "spec.phase", operator: "Exists" },
        ],
      },
      status: {
        allowed: true,
        evaluationError:
          "spec.resourceAttributes.fieldSelector partially ignored due to parse error",
      },
    },
    {
      fieldSelector: { rawSelector: "!!" },
      status: {
        allowed: false,
        reason: "can only list/watch pods with spec.nodeName field selector",
        evaluationError: "spec.resourceAttributes.fieldSelector ignored due to parse error",
      },
    },
  ]) {
    const resourceAttributes = { ...attributes, fieldSelector };
    const spec = { user, groups: ["system:nodes"], resourceAttributes };
    const { value } = await post(server, `${AUTHORIZATION}/subjectaccessreviews`, { spec });
    expect(value.status).toEqual(status);
  }
});

test("a question that cannot be understood is refused, all mistakes at once", async () => {
  const server = await aServer();
  const nonResourceAttributes = { path: "/", verb: "get" };
  const labelSelector = { requirements: [{ key: "a b", operator: "In" }] };
  for (const { kind, body, texts } of [
    {
      kind: "subjectaccessreviews",
      body: { metadata: { name: "x" }, spec: {} },
      texts: [
        "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes " +
          "or resourceAttributes must be specified",
        'spec.user: Invalid value: "": at least one of user or group must be specified',
        expect.stringMatching(/^metadata: Invalid value: {"name":"x".*}: must be empty$/),
      ],
    },
    {
      kind: "selfsubjectaccessreviews",
      body: { spec: { resourceAttributes: getPods, nonResourceAttributes } },
      texts: [
        "spec.nonResourceAttributes: Invalid value: " +
          '{"Path":"/","Verb":"get"}: cannot be specified in combination with resourceAttributes',
      ],
    },
    {
      kind: "namespaces/t/localsubjectaccessreviews",
      body: { spec: { user: "a", resourceAttributes: { ...getPods, namespace: "u" } } },
      texts: [
        'spec.resourceAttributes.namespace: Invalid value: "u": must match metadata.namespace',
      ],
    },
    {
      kind: "selfsubjectaccessreviews",
      body: { spec: { resourceAttributes: { ...getPods, labelSelector, fieldSelector: {} } } },
      texts: [
        "spec.resourceAttributes.fieldSelector.requirements: Required value: when " +
          "spec.resourceAttributes.fieldSelector is specified, requirements or rawSelector is " +
          "required",
        "spec.resourceAttributes.labelSelector.requirements[0].values: Required value: must be " +
          "specified when `operator` is 'In' or 'NotIn'",
        expect.stringContaining("spec.resourceAttributes.labelSelector.requirements[0].key: "),
      ],
    },
  ]) {
    const { status, value } = await post(server, `${AUTHORIZATION}/${kind}`, body);
    expect(status).toBe(422);
    const causes = value.details.causes.map(
      ({ field, message }: { field: string; message: string }) => `${field}: ${message}`,
    );
    expect(causes).toEqual(texts);
  }
});

test("a user learns what they may do in a namespace", async () => {
  const server = await aServerForAll();
  await grant(server, "viewer", "Group devs", [aRule("get pods web")], "t");
  const paths = [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }];
  await grant(server, "watcher", "User alice", paths);
  const path = `${AUTHORIZATION}/selfsubjectrulesreviews`;
  const { value } = await post(server, path, { spec: { namespace: "t" } }, alice);
  expect(value).toMatchObject({ kind: "SelfSubjectRulesReview", metadata: {}, spec: {} });
  expect(value.status).toMatchObject({ incomplete: false });
  expect(value.status.resourceRules).toContainEqual({
    verbs: ["get"],
    apiGroups: [""],
    resources: ["pods"],
    resourceNames: ["web"],
  });
  expect(value.status.nonResourceRules).toContainEqual({
    verbs: ["get"],
    nonResourceURLs: ["/metrics"],
  });
  expect(await post(server, path, { spec: {} }, alice)).toMatchObject({
    status: 400,
    value: { message: "no namespace on request" },
  });
});

test("a token is reviewed: for whom it is, and for what", async () => {
  const tokens = [{ token: "secret", user: { name: "tom", uid: "3", groups: ["devs"] } }];
  const server = await aServer({ authentication: { tokens } });
  const review = async (spec: object): Promise<unknown> => {
    const { status, value } = await post(server, `${AUTHENTICATION}/tokenreviews`, { spec });
    return status === 201 ? value.status : [status, value.message];
  };
  expect(await review({ token: "secret" })).toEqual({
    authenticated: true,
    user: { username: "tom", uid: "3", groups: ["devs", "system:authenticated"] },
    audiences: [ISSUER],
  });
  const unknown = { user: {}, error: "invalid bearer token" };
  expect(await review({ token: "secret", audiences: ["vault"] })).toEqual(unknown);
  expect(await review({ token: "wrong" })).toEqual(unknown);
  expect(await review({ token: "" })).toEqual([
    400,
    "token is required for TokenReview in authentication",
  ]);

  await post(server, "/api/v1/namespaces/t/serviceaccounts", { metadata: { name: "builder" } });
  const request = { spec: { audiences: ["vault", "other"] } };
  const path = "/api/v1/namespaces/t/serviceaccounts/builder/token";
  const { token } = (await post(server, path, request)).value.status;
  expect(await review({ token, audiences: ["vault", "nothing"] })).toMatchObject({
    authenticated: true,
    audiences: ["vault"],
    user: { username: "system:serviceaccount:t:builder" },
  });
  expect(await review({ token })).toEqual({
    user: {},
    error:
      '[invalid bearer token, token audiences ["vault" "other"] is invalid for the target ' +
      `audiences ["${ISSUER}"]]`,
  });
});

test("questions are decoded strictly, and answered in YAML too, but never as a table", async () => {
  const server = await aServer();
  const path = `${AUTHORIZATION}/selfsubjectaccessreviews`;
  const strict = await server.call("POST", `${path}?fieldValidation=Strict`, {
    body: { spec: { resourceAttributes: { ...getPods, nope: 1 } } },
  });
  expect(strict).toMatchObject({ status: 400 });
  expect(strict.value.message).toContain('unknown field "spec.resourceAttributes.nope"');
  const yaml = await server.call("POST", `${path}?dryRun=All`, {
    body: "spec: {nonResourceAttributes: {path: /api, verb: get}}",
    contentType: "application/yaml",
    headers: { accept: "application/yaml" },
  });
  expect(yaml.status).toBe(201);
  expect(yaml.value).toContain("allowed: true");
  const table = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const body = { spec: { resourceAttributes: getPods } };
  const accept = async (text: string): Promise<number> =>
    (await server.call("POST", path, { body, headers: { accept: text } })).status;
  expect(await accept(table)).toBe(406);
  expect(await accept(`${table},application/json`)).toBe(201);
});

test("nothing but the creation of questions is possible", async () => {
  const server = await aServer();
  for (const path of [
    `${AUTHORIZATION}/subjectaccessreviews`,
    `${AUTHENTICATION}/tokenreviews`,
    "/api/v1/namespaces/t/bindings",
  ]) {
    expect((await server.call("GET", path)).status).toBe(405);
    expect((await server.call("DELETE", `${path}/x`)).status).toBe(404);
  }
});

test("a binding names its pod in the body", async () => {
  const server = await aServer();
  const containers = [{ name: "c", image: "i" }];
  await post(server, "/api/v1/namespaces/t/pods", {
    metadata: { name: "web" },
    spec: { containers },
  });
  const path = "/api/v1/namespaces/t/bindings";
  const target = { kind: "Node", name: "n1" };
  expect((await post(server, path, { target })).status).toBe(400);
  const bound = await post(server, path, { metadata: { name: "web" }, target });
  expect(bound).toMatchObject({ status: 201, value: { kind: "Status", status: "Success" } });
  const { value } = await server.call("GET", "/api/v1/namespaces/t/pods/web");
  expect(value.spec.nodeName).toBe("n1");
});

test("the parts of the control plane are asked how they are", async () => {
  const problem = (): Promise<string> => Promise.resolve("it sleeps");
  const server = await aServer({ components: [{ name: "scheduler", problem }] });
  const warning = "v1 ComponentStatus is deprecated in v1.19+";
  const list = await server.call("GET", "/api/v1/componentstatuses");
  expect(list).toMatchObject({ status: 200, warnings: [warning] });
  expect(list.value.items).toEqual([
    {
      metadata: { name: "etcd-0" },
      conditions: [{ type: "Healthy", status: "True", message: "ok" }],
    },
    {
      metadata: { name: "scheduler" },
      conditions: [{ type: "Healthy", status: "False", message: "it sleeps" }],
    },
  ]);
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const table = await server.call("GET", "/api/v1/componentstatuses", { headers: { accept } });
  expect(table.value.rows.map((row: { cells: unknown }) => row.cells)).toEqual([
    ["etcd-0", "Healthy", "ok", ""],
    ["scheduler", "Unhealthy", "it sleeps", ""],
  ]);
  const one = await server.call("GET", "/api/v1/componentstatuses/scheduler");
  expect(one).toMatchObject({ status: 200, value: { kind: "ComponentStatus" } });
  expect((await server.call("GET", "/api/v1/componentstatuses/nope")).status).toBe(404);
});

test("questions are discovered like other kinds, with what can be done with them", async () => {
  const server = await aServer();
  const { value } = await server.call("GET", AUTHORIZATION);
  expect(value.resources).toContainEqual(
    expect.objectContaining({
      name: "localsubjectaccessreviews",
      singularName: "localsubjectaccessreview",
      namespaced: true,
      kind: "LocalSubjectAccessReview",
      verbs: ["create"],
    }),
  );
  const core = await server.call("GET", "/api/v1");
  expect(core.value.resources).toContainEqual(
    expect.objectContaining({
      name: "serviceaccounts/token",
      group: "authentication.k8s.io",
      version: "v1",
      kind: "TokenRequest",
      verbs: ["create"],
    }),
  );
});

test("where no namespace is, it is the namespace that is missing, not the account", async () => {
  const server = await aServer();
  const path = "/api/v1/namespaces/nowhere/serviceaccounts/default/token";
  const { value } = await server.call("POST", path, { body: {} });
  expect(value.message).toBe('namespaces "nowhere" not found');
});
