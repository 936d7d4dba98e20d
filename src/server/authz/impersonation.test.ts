import { expect, test } from "vitest";
import type { PolicyRule } from "../../apis/rbac/v1/types.generated.ts";
import type { UserInfo } from "../../machinery/request.ts";
import { ADMIN, aServer, type TestServer } from "../testing/test-server.ts";
import { aRule, aUser, grant } from "./testing.ts";

const AUTHENTICATION = "authentication.k8s.io";
const WHOAMI = `/apis/${AUTHENTICATION}/v1/selfsubjectreviews`;
const alice = aUser("alice", "devs");

type Headers = Readonly<Record<string, string>>;

/** Who the request is answered as, or why it is not. */
async function actAs(
  server: TestServer,
  headers: Headers,
  user: UserInfo = ADMIN,
): Promise<unknown> {
  const { value } = await server.call("POST", WHOAMI, { body: {}, headers, user });
  return value.status === "Failure" ? value.message : value.status.userInfo;
}

/** A server on which everybody may ask who they are, and alice what `rules` say. */
async function aServerWith(...rules: readonly PolicyRule[]): Promise<TestServer> {
  const server = await aServer();
  for (const group of ["system:authenticated", "system:unauthenticated"]) {
    const name = group.replace(":", "-");
    await grant(server, name, `Group ${group}`, [
      aRule("create selfsubjectreviews", AUTHENTICATION),
    ]);
  }
  if (rules.length > 0) await grant(server, "alice", "User alice", rules);
  return server;
}

test("administrators act as anybody", async () => {
  const server = await aServerWith();
  for (const { headers, user } of [
    {
      headers: { "impersonate-user": "bob" },
      user: { username: "bob", groups: ["system:authenticated"] },
    },
    {
      headers: {
        "impersonate-user": "bob",
        "impersonate-uid": "7",
        "impersonate-group": "CN=a,OU=b\nops",
        "impersonate-extra-example.com%2fscopes": "read\nwrite",
      },
      user: {
        username: "bob",
        uid: "7",
        groups: ["CN=a,OU=b", "ops", "system:authenticated"],
        extra: { "example.com/scopes": ["read", "write"] },
      },
    },
    {
      headers: { "impersonate-user": "system:serviceaccount:t:builder" },
      user: {
        username: "system:serviceaccount:t:builder",
        groups: ["system:serviceaccounts", "system:serviceaccounts:t", "system:authenticated"],
      },
    },
    {
      headers: { "impersonate-user": "system:node:n1" },
      user: { username: "system:node:n1", groups: ["system:nodes", "system:authenticated"] },
    },
    {
      headers: { "impersonate-user": "system:anonymous" },
      user: { username: "system:anonymous", groups: ["system:unauthenticated"] },
    },
  ]) {
    expect(await actAs(server, headers)).toEqual(user);
  }
});

test("who acts as another is allowed what the other is", async () => {
  const server = await aServerWith();
  const { status, value } = await server.call("GET", "/api/v1/namespaces/t/pods", {
    headers: { "impersonate-user": "bob" },
  });
  expect([status, value.message]).toEqual([
    403,
    'pods is forbidden: User "bob" cannot list resource "pods" in API group "" ' +
      'in the namespace "t"',
  ]);
});

test("without a user there is nobody to act as", async () => {
  const server = await aServerWith();
  expect(await actAs(server, { "impersonate-group": "devs" })).toBe(
    'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"devs"}, ' +
      "Extra:map[string][]string(nil)} without impersonating a user name",
  );
});

test("a refusal is that of the narrowest way that applies", async () => {
  const server = await aServerWith();
  expect(await actAs(server, { "impersonate-user": "bob" }, alice)).toBe(
    'selfsubjectreviews.authentication.k8s.io is forbidden: User "alice" cannot ' +
      'impersonate-on:user-info:create resource "selfsubjectreviews" in API group ' +
      '"authentication.k8s.io" at the cluster scope',
  );
});

test("the verb impersonate is needed for each part of the identity", async () => {
  const server = await aServerWith(aRule("impersonate users bob"), aRule("impersonate groups ops"));
  const bob = { "impersonate-user": "bob" };
  expect(await actAs(server, { ...bob, "impersonate-group": "ops" }, alice)).toEqual({
    username: "bob",
    groups: ["ops", "system:authenticated"],
  });
  for (const headers of [
    { "impersonate-user": "eve" },
    { ...bob, "impersonate-group": "devs" },
    { ...bob, "impersonate-group": "ops\ndevs" },
    { ...bob, "impersonate-uid": "1" },
    { ...bob, "impersonate-extra-a": "b" },
  ]) {
    expect(await actAs(server, headers, alice)).toMatch(/is forbidden: User "alice" cannot/);
  }
});

test("constrained ways allow some things in the name of some users", async () => {
  const server = await aServerWith(
    aRule("impersonate:user-info users bob", AUTHENTICATION),
    aRule("impersonate-on:user-info:create selfsubjectreviews", AUTHENTICATION),
  );
  const bob = { "impersonate-user": "bob" };
  expect(await actAs(server, bob, alice)).toMatchObject({ username: "bob" });
  const other = await server.call("GET", "/api/v1/namespaces/t/pods", {
    headers: bob,
    user: alice,
  });
  expect(other.value.message).toBe(
    'pods is forbidden: User "alice" cannot impersonate-on:user-info:list resource "pods" ' +
      'in API group "" in the namespace "t"',
  );
  expect(await actAs(server, { ...bob, "impersonate-group": "system:masters" }, alice)).toMatch(
    /"system:masters" is forbidden: .*impersonating the system:masters group is not allowed$/,
  );
});

test("a pod acts for the node it runs on, and for no other", async () => {
  const server = await aServer();
  const agent: UserInfo = {
    ...aUser("system:serviceaccount:t:agent", "system:serviceaccounts"),
    extra: { "authentication.kubernetes.io/node-name": ["n1"] },
  };
  await grant(server, "agent", "ServiceAccount t/agent", [
    aRule("impersonate:associated-node nodes", AUTHENTICATION),
    aRule("impersonate-on:associated-node:list pods"),
  ]);
  const listAs = async (node: string): Promise<number> => {
    const headers = { "impersonate-user": `system:node:${node}` };
    const path = `/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`;
    return (await server.call("GET", path, { headers, user: agent })).status;
  };
  expect(await listAs("n1")).toBe(200);
  expect(await listAs("n2")).toBe(403);
});
