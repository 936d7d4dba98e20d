import { expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { forbiddenAccess } from "./access.ts";
import { ALLOWED, firstToDecide, NO_RULES, undecided, type Decision } from "./authorizer.ts";
import { authorizerConformance } from "./conformance.ts";
import { groupAuthorizer, pathAuthorizer } from "./simple-authorizers.ts";
import { anAccess, aPathAccess, aUser } from "./testing.ts";

const context = aContext(virtualEnv());
const alice = aUser("alice", "devs");

authorizerConformance("groupAuthorizer", () =>
  Promise.resolve({
    authorizer: groupAuthorizer(["devs"]),
    context,
    user: alice,
    allowed: anAccess("get pods t/web", alice),
    refused: anAccess("get pods t/web", aUser("bob", "ops")),
    namespace: "t",
  }),
);

authorizerConformance("pathAuthorizer", () =>
  Promise.resolve({
    authorizer: pathAuthorizer(["/healthz"]),
    context,
    user: alice,
    allowed: aPathAccess("get /healthz/ping", alice),
    refused: aPathAccess("get /healthz2", alice),
    isForAll: true,
    namespace: "t",
  }),
);

authorizerConformance("firstToDecide", () =>
  Promise.resolve({
    authorizer: firstToDecide([pathAuthorizer([]), groupAuthorizer(["devs"])]),
    context,
    user: alice,
    allowed: anAccess("get pods t/web", alice),
    refused: anAccess("get pods t/web", aUser("bob", "ops")),
    namespace: "t",
  }),
);

const always = (
  decision: Decision | Promise<Decision>,
): Parameters<typeof firstToDecide>[0][0] => ({
  authorize: () => decision,
  rulesOf: () => NO_RULES,
});

test("who allows or denies first has decided, also when others need to wait", async () => {
  const denied: Decision = { kind: "denied", reason: "no", problem: "" };
  const access = anAccess("get pods t/web", alice);
  const decide = (...decisions: readonly (Decision | Promise<Decision>)[]): unknown =>
    firstToDecide(decisions.map(always)).authorize(access, context);
  expect(decide(undecided(""), ALLOWED, denied)).toBe(ALLOWED);
  expect(decide(denied, ALLOWED)).toBe(denied);
  expect(await decide(Promise.resolve(undecided("")), ALLOWED)).toBe(ALLOWED);
  expect(await decide(Promise.resolve(denied), ALLOWED)).toBe(denied);
});

test("when nobody decides, all reasons are told", async () => {
  const access = anAccess("get pods t/web", alice);
  const parts = [undecided("one"), Promise.resolve(undecided("two")), undecided("")];
  const decision = await firstToDecide(parts.map(always)).authorize(access, context);
  expect(decision).toEqual({ kind: "undecided", reason: "one\ntwo", problem: "" });
});

test("refusals are worded as upstream's", () => {
  for (const { access, reason = "", message } of [
    {
      access: anAccess("list configmaps t", alice),
      message:
        'configmaps is forbidden: User "alice" cannot list resource "configmaps" ' +
        'in API group "" in the namespace "t"',
    },
    {
      access: anAccess("get deployments/scale t/web", alice, "apps"),
      message:
        'deployments.apps "web" is forbidden: User "alice" cannot get resource ' +
        '"deployments/scale" in API group "apps" in the namespace "t"',
    },
    {
      access: anAccess("list nodes", alice),
      reason: "it is late",
      message:
        'nodes is forbidden: User "alice" cannot list resource "nodes" in API group "" ' +
        "at the cluster scope: it is late",
    },
    {
      access: aPathAccess("get /api", alice),
      message: 'forbidden: User "alice" cannot get path "/api"',
    },
  ]) {
    expect(forbiddenAccess(access, reason).message).toBe(message);
  }
});
