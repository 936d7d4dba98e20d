import { expect, test } from "vitest";
import { aServer, type TestServer } from "../../testing/test-server.ts";
import { FOLLOW_CHANGES_MAX } from "../../registry/store-follower.ts";
import type { Authorizer } from "../authorizer.ts";
import { authorizerConformance } from "../conformance.ts";
import { anAccess, aPathAccess, aRule, aUser, grant } from "../testing.ts";
import { rbacAuthorizer } from "./rbac-authorizer.ts";
import { RoleIndex } from "./role-index.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const alice = aUser("alice", "devs");

function authorizerOf(server: TestServer): Authorizer {
  return rbacAuthorizer(new RoleIndex({ store: server.store, log: server.env.log }));
}

authorizerConformance("rbacAuthorizer", async () => {
  const server = await aServer();
  await grant(server, "reader", "Group devs", [aRule("get,list pods,pods/log")], "t");
  await grant(server, "scaler", "User alice", [aRule("* */scale", "*")]);
  const paths = [{ nonResourceURLs: ["/metrics", "/debug/*"], verbs: ["get"] }];
  await grant(server, "watcher", "User alice", paths);
  return {
    authorizer: authorizerOf(server),
    context: server.context,
    user: alice,
    allowed: anAccess("get pods t/web", alice),
    refused: anAccess("get pods default/web", alice),
    namespace: "t",
  };
});

test("a grant says by which binding, of which role, to whom", async () => {
  const server = await aServer();
  const authorizer = authorizerOf(server);
  await grant(server, "view", "Group devs", [aRule("get pods")]);
  await grant(server, "edit", "ServiceAccount t/builder", [aRule("update pods")], "t");
  const builder = aUser("system:serviceaccount:t:builder");
  for (const { access, reason } of [
    {
      access: anAccess("get pods t/web", alice),
      reason: 'RBAC: allowed by ClusterRoleBinding "view" of ClusterRole "view" to Group "devs"',
    },
    {
      access: anAccess("update pods t/web", builder),
      reason: 'RBAC: allowed by RoleBinding "edit/t" of Role "edit" to ServiceAccount "builder/t"',
    },
  ]) {
    const decision = await authorizer.authorize(access, server.context);
    expect(decision).toEqual({ kind: "allowed", reason, problem: "" });
  }
});

test("a cluster role bound in a namespace holds there only, and for no paths", async () => {
  const server = await aServer();
  const rules = [aRule("get pods"), { nonResourceURLs: ["/metrics"], verbs: ["get"] }];
  await server.call("POST", `${RBAC}/clusterroles`, { body: { metadata: { name: "r" }, rules } });
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "r" };
  const subjects = [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "alice" }];
  const body = { metadata: { name: "b" }, roleRef, subjects };
  await server.call("POST", `${RBAC}/namespaces/t/rolebindings`, { body });
  const authorizer = authorizerOf(server);
  const kindOf = async (access: Parameters<Authorizer["authorize"]>[0]): Promise<string> =>
    (await authorizer.authorize(access, server.context)).kind;
  expect(await kindOf(anAccess("get pods t/web", alice))).toBe("allowed");
  expect(await kindOf(anAccess("get pods default/web", alice))).toBe("undecided");
  expect(await kindOf(anAccess("list pods", alice))).toBe("undecided");
  expect(await kindOf(aPathAccess("get /metrics", alice))).toBe("undecided");
});

test("a binding to a role that is not there says so in the refusal", async () => {
  const server = await aServer();
  await grant(server, "gone", "User alice", [aRule("get pods")]);
  await server.call("DELETE", `${RBAC}/clusterroles/gone`);
  const { status, value } = await server.call("GET", "/api/v1/namespaces/t/pods", { user: alice });
  expect({ status, message: value.message }).toEqual({
    status: 403,
    message:
      'pods is forbidden: User "alice" cannot list resource "pods" in API group "" in the ' +
      'namespace "t": RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found',
  });
});

test("every write counts from its answer on", async () => {
  const server = await aServer();
  const ask = async (): Promise<number> =>
    (await server.call("GET", "/api/v1/namespaces/t/configmaps", { user: alice })).status;
  expect(await ask()).toBe(403);
  for (let round = 0; round < 3; round += 1) {
    await grant(server, "r", "User alice", [aRule("list configmaps")], "t");
    expect(await ask()).toBe(200);
    const body = { rules: [aRule("get configmaps")] };
    const role = `${RBAC}/namespaces/t/roles/r`;
    const contentType = "application/merge-patch+json";
    await server.call("PATCH", role, { body, contentType });
    expect(await ask()).toBe(403);
    await server.call("PATCH", role, { body: { rules: [aRule("list *")] }, contentType });
    expect(await ask()).toBe(200);
    await server.call("DELETE", `${RBAC}/namespaces/t/rolebindings/r`);
    expect(await ask()).toBe(403);
    await server.call("DELETE", role);
  }
});

test("however much was written in between, roles are up to date", async () => {
  const server = await aServer();
  const index = new RoleIndex({ store: server.store, log: server.env.log });
  await index.catchUp();
  await grant(server, "r", "User alice", [aRule("list configmaps")], "t");
  for (let count = 0; count < FOLLOW_CHANGES_MAX; count += 1) {
    const body = { metadata: { name: `c${count}` } };
    await server.call("POST", "/api/v1/namespaces/t/configmaps", { body });
  }
  await index.catchUp();
  expect(index.grantsOf(alice, "t")).toHaveLength(1);
  await server.call("DELETE", `${RBAC}/namespaces/t/rolebindings/r`);
  await index.catchUp();
  expect(index.grantsOf(alice, "t")).toEqual([]);
  expect(index.catchUp()).toBeUndefined();
});

test("many who ask at once wait for the same step", async () => {
  const server = await aServer();
  const index = new RoleIndex({ store: server.store, log: server.env.log });
  for (let round = 0; round < 5; round += 1) {
    await grant(server, `r${round}`, "User alice", [aRule("get pods")], "t");
    await Promise.all([index.catchUp(), index.catchUp(), index.catchUp()]);
    expect(index.grantsOf(alice, "t")).toHaveLength(round + 1);
  }
});

test("a selector for one name asks for that object only", async () => {
  const server = await aServer();
  await grant(server, "r", "User alice", [aRule("list configmaps mine")], "t");
  const list = async (query: string): Promise<number> =>
    (await server.call("GET", `/api/v1/namespaces/t/configmaps${query}`, { user: alice })).status;
  expect(await list("")).toBe(403);
  expect(await list("?fieldSelector=metadata.name%3Dmine")).toBe(200);
  expect(await list("?fieldSelector=metadata.name%3Dmine,metadata.namespace%3Dt")).toBe(200);
  expect(await list("?fieldSelector=metadata.name!%3Dmine")).toBe(403);
  expect(await list("?fieldSelector=metadata.name%3Dother")).toBe(403);
});
