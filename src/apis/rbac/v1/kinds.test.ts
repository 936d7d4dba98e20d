import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, updateRefusalOf } from "../../testing.ts";
import { clusterRoleBindingStrategy, roleBindingStrategy } from "./role-binding.ts";
import { clusterRoleStrategy, roleStrategy } from "./role.ts";

const rule = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };

for (const { name, rules, told } of [
  { name: "a rule", rules: [rule], told: "" },
  {
    name: "a rule for nothing",
    rules: [{}],
    told:
      "[rules[0].verbs: Required value: verbs must contain at least one value, " +
      "rules[0].apiGroups: Required value: resource rules must supply at least one api group, " +
      "rules[0].resources: Required value: resource rules must supply at least one resource]",
  },
  {
    name: "a rule for paths",
    rules: [{ nonResourceURLs: ["/healthz"], verbs: ["get"] }],
    told:
      'rules[0].nonResourceURLs: Invalid value: ["/healthz"]: namespaced rules cannot apply to ' +
      "non-resource URLs",
  },
]) {
  test(`a role with ${name} is told: ${told}`, () => {
    expect(refusalOf(roleStrategy, { rules })).toBe(told);
  });
}

test("a role of the cluster may be about paths, but not about paths and resources", () => {
  const paths = { nonResourceURLs: ["/healthz"], verbs: ["get"] };
  expect(refusalOf(clusterRoleStrategy, { rules: [paths] })).toBe("");
  expect(refusalOf(clusterRoleStrategy, { rules: [{ ...rule, ...paths }] })).toContain(
    "rules cannot apply to both regular resources and non-resource URLs",
  );
});

test("a role that gathers rules says of which roles", () => {
  expect(refusalOf(clusterRoleStrategy, { aggregationRule: {} })).toBe(
    "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector " +
      "required if aggregationRule is non-nil",
  );
});

test("names may hold colons and capital letters, but no slashes", () => {
  expect(roleStrategy.nameProblem("system:Node", false)).toBeUndefined();
  expect(roleStrategy.nameProblem("a/b", false)).toBe("may not contain '/'");
});

const roleRef = { kind: "Role", name: "r" };
const subjects = [
  { kind: "User", name: "jane" },
  { kind: "Group", name: "team" },
  { kind: "ServiceAccount", name: "default", namespace: "n" },
];

test("users and groups are of the group of roles, accounts of the core group", () => {
  const binding = created(roleBindingStrategy, { roleRef, subjects });
  const apiGroup = "rbac.authorization.k8s.io";
  expect(binding.roleRef).toEqual({ ...roleRef, apiGroup });
  expect(binding.subjects).toEqual([
    { ...subjects[0], apiGroup },
    { ...subjects[1], apiGroup },
    subjects[2],
  ]);
  const row = roleBindingStrategy.row(binding, NOW_MS);
  expect([row[1], ...row.slice(3)]).toEqual(["Role/r", "jane", "team", "n/default"]);
});

for (const { name, sent, told } of [
  {
    name: "no role",
    sent: {},
    told:
      '[roleRef.kind: Unsupported value: "": supported values: "Role", "ClusterRole", ' +
      "roleRef.name: Required value]",
  },
  {
    name: "a role of another group",
    sent: { roleRef: { ...roleRef, apiGroup: "apps" } },
    told:
      'roleRef.apiGroup: Unsupported value: "apps": supported values: ' +
      '"rbac.authorization.k8s.io"',
  },
  {
    name: "a subject that is nobody",
    sent: { roleRef, subjects: [{ kind: "Robot", name: "r" }] },
    told:
      'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", ' +
      '"User", "Group"',
  },
  {
    name: "a user without a name",
    sent: { roleRef, subjects: [{ kind: "User" }] },
    told: "subjects[0].name: Required value",
  },
]) {
  test(`a binding with ${name} is refused`, () => {
    expect(refusalOf(roleBindingStrategy, sent)).toBe(told);
  });
}

test("a binding of the cluster gives roles of the cluster, to accounts of a namespace", () => {
  const sent = { roleRef, subjects: [{ kind: "ServiceAccount", name: "a" }] };
  expect(refusalOf(clusterRoleBindingStrategy, sent)).toBe(
    '[roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole", ' +
      "subjects[0].namespace: Required value]",
  );
});

test("a binding stays one to the same role", () => {
  const old = created(roleBindingStrategy, { roleRef, subjects });
  const told = updateRefusalOf(roleBindingStrategy, old, (same) => ({
    ...same,
    roleRef: { ...same.roleRef, name: "other" },
  }));
  expect(told).toContain("roleRef: Invalid value: ");
  expect(told).toContain("cannot change roleRef");
});
