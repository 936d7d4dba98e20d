import { expect, test } from "vitest";
import type { PolicyRule } from "../../../apis/rbac/v1/types.generated.ts";
import { aServer, type Answer, type TestServer } from "../../testing/test-server.ts";
import { aRule, aSubject, aUser, grant } from "../testing.ts";

const GROUP = "rbac.authorization.k8s.io";
const ROOT = `/apis/${GROUP}/v1`;
const IN_T = `${ROOT}/namespaces/t`;
const alice = aUser("alice", "devs");

/** A server on which alice may write roles and bindings, and read configmaps. */
async function aServerOfAlice(...more: readonly PolicyRule[]): Promise<TestServer> {
  const server = await aServer();
  const writes = "create,update,patch,delete,get roles,rolebindings,clusterroles";
  await grant(server, "alice", "User alice", [aRule(writes, GROUP), aRule("get,list configmaps")]);
  if (more.length > 0) await grant(server, "more", "User alice", more);
  return server;
}

function makeRole(server: TestServer, rules: readonly PolicyRule[]): Promise<Answer> {
  return server.call("POST", `${IN_T}/roles`, {
    body: { metadata: { name: "r" }, rules },
    user: alice,
  });
}

function bind(server: TestServer, kind: string, name: string): Promise<Answer> {
  const body = {
    metadata: { name: "b" },
    roleRef: { apiGroup: GROUP, kind, name },
    subjects: [aSubject("User bob")],
  };
  return server.call("POST", `${IN_T}/rolebindings`, { body, user: alice });
}

test("a role with more than its writer has is refused, naming what is missing", async () => {
  const server = await aServerOfAlice();
  const { status, value } = await makeRole(server, [
    aRule("get,list configmaps"),
    aRule("get,list,watch secrets"),
    { nonResourceURLs: ["/metrics"], verbs: ["get"] },
  ]);
  expect(status).toBe(403);
  expect(value).toMatchObject({
    reason: "Forbidden",
    details: { name: "r", group: GROUP, kind: "roles" },
    message:
      `roles.${GROUP} "r" is forbidden: user "alice" (groups=["devs" "system:authenticated"]) ` +
      "is attempting to grant RBAC permissions not currently held:\n" +
      '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list" "watch"]}\n' +
      '{NonResourceURLs:["/metrics"], Verbs:["get"]}',
  });
});

test("a role with what its writer has is created, and cannot grow by an update", async () => {
  const server = await aServerOfAlice();
  expect((await makeRole(server, [aRule("get configmaps")])).status).toBe(201);
  const patch = (body: unknown): Promise<Answer> =>
    server.call("PATCH", `${IN_T}/roles/r`, {
      body,
      contentType: "application/merge-patch+json",
      user: alice,
    });
  expect((await patch({ rules: [aRule("delete configmaps")] })).status).toBe(403);
  expect((await patch({ rules: [aRule("list configmaps")] })).status).toBe(200);
});

test("who may escalate a role may give it any rules", async () => {
  const server = await aServerOfAlice(aRule("escalate roles", GROUP));
  expect((await makeRole(server, [aRule("* *", "*")])).status).toBe(201);
});

test("what only the garbage collector needs can be changed in any role", async () => {
  const server = await aServerOfAlice();
  const body = { metadata: { name: "r" }, rules: [aRule("* secrets")] };
  await server.call("POST", `${IN_T}/roles`, { body });
  const change = (patch: unknown): Promise<Answer> =>
    server.call("PATCH", `${IN_T}/roles/r`, {
      body: patch,
      contentType: "application/merge-patch+json",
      user: alice,
    });
  expect((await change({ metadata: { finalizers: ["a.b/c"] } })).status).toBe(200);
  expect((await change({ metadata: { labels: { a: "b" } } })).status).toBe(403);
});

test("a binding gives no more than its writer has, unless they may bind the role", async () => {
  const server = await aServerOfAlice();
  const role = { metadata: { name: "strong" }, rules: [aRule("* secrets")] };
  await server.call("POST", `${ROOT}/clusterroles`, { body: role });
  const refused = await bind(server, "ClusterRole", "strong");
  expect(refused.value).toMatchObject({
    code: 403,
    details: { name: "b", group: GROUP, kind: "rolebindings" },
    message:
      `rolebindings.${GROUP} "b" is forbidden: user "alice" (groups=["devs" ` +
      '"system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n' +
      '{APIGroups:[""], Resources:["secrets"], Verbs:["*"]}',
  });
  await grant(server, "binder", "User alice", [aRule("bind clusterroles strong", GROUP)]);
  expect((await bind(server, "ClusterRole", "strong")).status).toBe(201);
});

test("a binding to a role that is not there is refused to who may not bind it", async () => {
  const server = await aServerOfAlice();
  expect((await bind(server, "Role", "nope")).value).toMatchObject({
    code: 404,
    message: `rolebindings.${GROUP} "nope" not found`,
  });
});

test("rules can be gathered from others only by who may do everything", async () => {
  const server = await aServerOfAlice();
  const clusterRoleSelectors = [{ matchLabels: { a: "b" } }];
  const body = { metadata: { name: "r" }, aggregationRule: { clusterRoleSelectors } };
  const refused = await server.call("POST", `${ROOT}/clusterroles`, { body, user: alice });
  expect(refused.value.message).toBe(
    `clusterroles.${GROUP} "r" is forbidden: ` +
      "must have cluster-admin privileges to use the aggregationRule",
  );
  const everything = [aRule("* *", "*"), { nonResourceURLs: ["*"], verbs: ["*"] }];
  await grant(server, "root", "User alice", everything);
  const made = await server.call("POST", `${ROOT}/clusterroles`, { body, user: alice });
  expect(made.status).toBe(201);
});
