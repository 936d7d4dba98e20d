import { ClusterRole } from "../../client/builtin.ts";
import { expect, test } from "vitest";
import type { PolicyRule } from "../../apis/rbac/v1/types.generated.ts";
import { controllerWorld } from "../../controller-runtime/testing/controller-world.ts";
import { roleAggregationController } from "./controller.ts";
import { planAggregation } from "./plan.ts";

function aRule(resource: string): PolicyRule {
  return { verbs: ["get"], apiGroups: [""], resources: [resource] };
}

/** `aRole("view", { gathers: ["to-view"] })`, `aRole("crd", { to: "to-view", has: ["things"] })` */
function aRole(
  name: string,
  parts: {
    readonly gathers?: readonly string[];
    readonly to?: string;
    readonly has?: readonly string[];
  } = {},
): ClusterRole {
  const { gathers, to, has } = parts;
  const clusterRoleSelectors = (gathers ?? []).map((key) => ({ matchLabels: { [key]: "true" } }));
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name, ...(to === undefined ? {} : { labels: { [to]: "true" } }) },
    ...(gathers === undefined ? {} : { aggregationRule: { clusterRoleSelectors } }),
    ...(has === undefined ? {} : { rules: has.map(aRule) }),
  };
}

for (const { name, role, others, has } of [
  {
    name: "gathers the rules of selected roles, by name",
    role: aRole("view", { gathers: ["x"] }),
    others: [
      aRole("b", { to: "x", has: ["pods"] }),
      aRole("a", { to: "x", has: ["nodes"] }),
      aRole("c", { to: "y", has: ["secrets"] }),
    ],
    has: ["nodes", "pods"],
  },
  {
    name: "keeps the order of selectors, and each rule once",
    role: aRole("view", { gathers: ["y", "x"], has: ["stale"] }),
    others: [
      aRole("a", { to: "x", has: ["pods", "nodes"] }),
      aRole("b", { to: "y", has: ["nodes"] }),
    ],
    has: ["nodes", "pods"],
  },
  {
    name: "does not gather from itself",
    role: aRole("view", { gathers: ["x"], to: "x", has: ["stale"] }),
    others: [],
    has: [],
  },
  {
    name: "leaves alone what is right",
    role: aRole("view", { gathers: ["x"], has: ["pods"] }),
    others: [aRole("a", { to: "x", has: ["pods"] })],
    has: undefined,
  },
  {
    name: "leaves alone who gathers nothing",
    role: aRole("view", { has: ["pods"] }),
    others: [aRole("a", { to: "x", has: ["nodes"] })],
    has: undefined,
  },
]) {
  test(`aggregation plan: ${name}`, () => {
    const planned = planAggregation(role, [role, ...others]);
    expect(planned?.rules).toEqual(has?.map(aRule));
  });
}

test("a role follows those it gathers from, as they come, change and go", async () => {
  const world = controllerWorld();
  const { client } = world.cluster;
  const resources = (): unknown =>
    world.cluster
      .find(ClusterRole, { namespace: "", name: "view" })
      ?.rules?.flatMap((rule) => rule.resources);
  world.start(roleAggregationController);
  await client.create(ClusterRole, aRole("view", { gathers: ["x"] }), world.context);
  await client.create(ClusterRole, aRole("a", { to: "x", has: ["pods"] }), world.context);
  await world.env.settle();
  expect(resources()).toEqual(["pods"]);

  const key = { namespace: "", name: "a" };
  const change = (patch: object): Promise<unknown> =>
    client.patch(ClusterRole, key, { kind: "merge", patch }, world.context);
  await change({ rules: [aRule("pods"), aRule("nodes")] });
  await world.env.settle();
  expect(resources()).toEqual(["pods", "nodes"]);
  await change({ metadata: { labels: { x: null } } });
  await world.env.settle();
  expect(resources()).toEqual([]);
  await change({ metadata: { labels: { x: "true" } } });
  await world.env.settle();
  expect(resources()).toEqual(["pods", "nodes"]);
  await client.delete(ClusterRole, key, world.context);
  await world.env.settle();
  expect(resources()).toEqual([]);
  await world.stop();
});
