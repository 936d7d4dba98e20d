/** Role-based authorization: a user may do what the roles allow that are bound to them. */
import type { UserInfo } from "../../../machinery/request.ts";
import {
  joinTexts,
  UNDECIDED,
  type Access,
  type Authorizer,
  type Decision,
  type RuleList,
} from "../authorizer.ts";
import { ruleAllows } from "./policy-rule.ts";
import type { RoleIndex } from "./role-index.ts";

export function rbacAuthorizer(index: RoleIndex): Authorizer {
  return {
    authorize: (access) => {
      const behind = index.catchUp();
      return behind === undefined
        ? decide(index, access)
        : behind.then(() => decide(index, access));
    },
    rulesOf: (user, namespace) => {
      const behind = index.catchUp();
      return behind === undefined
        ? listRules(index, user, namespace)
        : behind.then(() => listRules(index, user, namespace));
    },
  };
}

function decide(index: RoleIndex, access: Access): Decision {
  const namespace = access.kind === "resource" ? access.namespace : "";
  const grants = index.grantsOf(access.user, namespace);
  for (const grant of grants) {
    if (!grant.rules.some((rule) => ruleAllows(rule, access))) continue;
    return { kind: "allowed", reason: `RBAC: allowed by ${grant.source}`, problem: "" };
  }
  const problems = joinTexts(grants.map(({ problem }) => problem));
  if (problems === "") return UNDECIDED;
  return { kind: "undecided", reason: `RBAC: ${problems}`, problem: "" };
}

function listRules(index: RoleIndex, user: UserInfo, namespace: string): RuleList {
  const grants = index.grantsOf(user, namespace);
  const rules = grants.flatMap((grant) => grant.rules);
  return {
    resourceRules: rules
      .filter((rule) => (rule.resources ?? []).length > 0)
      .map(({ verbs, apiGroups = [], resources = [], resourceNames = [] }) => ({
        verbs,
        apiGroups,
        resources,
        resourceNames,
      })),
    pathRules: rules
      .filter((rule) => (rule.nonResourceURLs ?? []).length > 0)
      .map(({ verbs, nonResourceURLs = [] }) => ({ verbs, paths: nonResourceURLs })),
    isComplete: true,
    problem: joinTexts(grants.map(({ problem }) => problem)),
  };
}
