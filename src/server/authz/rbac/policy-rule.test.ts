import fc from "fast-check";
import { expect, test } from "vitest";
import type { PolicyRule } from "../../../apis/rbac/v1/types.generated.ts";
import { anAccess, aPathAccess, aRule, aSubject, aUser } from "../testing.ts";
import { compactRules, isSubject, missingRules, ruleAllows, ruleText } from "./policy-rule.ts";

const alice = aUser("alice", "devs");

test("a rule allows its verbs on its resources, and nothing else", () => {
  for (const { rule, allows, refuses } of [
    { rule: aRule("get pods"), allows: "get pods t/web", refuses: "list pods t" },
    { rule: aRule("* pods"), allows: "escalate pods t/web", refuses: "get pods/log t/web" },
    { rule: aRule("get pods/log"), allows: "get pods/log t/web", refuses: "get pods t/web" },
    { rule: aRule("get */log"), allows: "get pods/log t/web", refuses: "get pods/exec t/web" },
    { rule: aRule("get *"), allows: "get pods/log t/web", refuses: "watch pods t" },
    { rule: aRule("get pods web"), allows: "get pods t/web", refuses: "get pods t/other" },
    { rule: aRule("list pods web"), allows: "list pods t/web", refuses: "list pods t" },
  ]) {
    expect(ruleAllows(rule, anAccess(allows, alice))).toBe(true);
    expect(ruleAllows(rule, anAccess(refuses, alice))).toBe(false);
    expect(ruleAllows(rule, anAccess(allows, alice, "apps"))).toBe(false);
  }
});

test("a path that ends in an asterisk is a beginning", () => {
  const rule = (...nonResourceURLs: readonly string[]): PolicyRule => ({
    nonResourceURLs,
    verbs: ["get"],
  });
  for (const { url, path, is } of [
    { url: "/api", path: "/api", is: true },
    { url: "/api", path: "/api/v1", is: false },
    { url: "/api/*", path: "/api/v1", is: true },
    { url: "/api/*", path: "/api", is: false },
    { url: "*", path: "/anything", is: true },
    { url: "/a*b", path: "/axb", is: false },
  ]) {
    expect(ruleAllows(rule(url), aPathAccess(`get ${path}`, alice))).toBe(is);
    expect(ruleAllows(rule(url), aPathAccess(`post ${path}`, alice))).toBe(false);
  }
  expect(ruleAllows(rule("*"), anAccess("get pods t/web", alice))).toBe(false);
});

test("subjects are users, groups, and service accounts of a namespace", () => {
  const builder = aUser("system:serviceaccount:t:builder");
  expect(isSubject(aSubject("User alice"), alice, "t")).toBe(true);
  expect(isSubject(aSubject("Group devs"), alice, "t")).toBe(true);
  expect(isSubject(aSubject("Group alice"), alice, "t")).toBe(false);
  expect(isSubject(aSubject("ServiceAccount t/builder"), builder, "")).toBe(true);
  expect(isSubject(aSubject("ServiceAccount u/builder"), builder, "t")).toBe(false);
  const homeless = { kind: "ServiceAccount", name: "builder" };
  expect(isSubject(homeless, builder, "t")).toBe(true);
  expect(isSubject(homeless, builder, "")).toBe(false);
});

test("missing grants are put together again by resource", () => {
  const held = [aRule("get pods"), aRule("get,list secrets mine")];
  const wanted = [aRule("get,list,watch pods"), aRule("get secrets"), aRule("get secrets mine")];
  const missing = compactRules(missingRules(held, wanted));
  expect(missing.map(ruleText)).toEqual([
    '{APIGroups:[""], Resources:["pods"], Verbs:["list" "watch"]}',
    '{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
  ]);
});

const anyRule: fc.Arbitrary<PolicyRule> = fc.record({
  apiGroups: fc.subarray(["", "apps", "*"], { minLength: 1 }),
  resources: fc.subarray(["pods", "pods/log", "*/log", "*"], { minLength: 1 }),
  verbs: fc.subarray(["get", "list", "*"], { minLength: 1 }),
  resourceNames: fc.subarray(["a", "b"]),
});

test("who lacks nothing of some rules may do all that they allow", () => {
  const groups = ["", "apps"];
  const places = [
    "get pods t/a",
    "list pods t/b",
    "get pods/log t/a",
    "get nodes",
    "get x/log t/c",
  ];
  fc.assert(
    fc.property(fc.array(anyRule), fc.array(anyRule), (held, wanted) => {
      const isCovered = missingRules(held, wanted).length === 0;
      fc.pre(isCovered);
      for (const place of places) {
        for (const group of groups) {
          const access = anAccess(place, alice, group);
          if (!wanted.some((rule) => ruleAllows(rule, access))) continue;
          expect(held.some((rule) => ruleAllows(rule, access))).toBe(true);
        }
      }
    }),
  );
});

test("some rules lack nothing of themselves", () => {
  fc.assert(
    fc.property(fc.array(anyRule), (rules) => {
      expect(missingRules(rules, rules)).toEqual([]);
    }),
  );
});
