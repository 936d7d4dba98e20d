/**
 * Nobody grants what they do not have: a role, or the binding of one, is refused to who lacks any
 * of its permissions, unless they may `escalate` the role or `bind` it. Administrators of the
 * cluster are exempt.
 */
import type {
  AggregationRule,
  PolicyRule,
  RoleRef,
} from "../../../apis/rbac/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { MASTERS_GROUP } from "../../../machinery/request.ts";
import { forbidden, notFound } from "../../../machinery/status.ts";
import type { AdmissionPlugin, Review } from "../../admission/admission.ts";
import { withMetadata } from "../../registry/metadata.ts";
import type { Authorizer } from "../authorizer.ts";
import { compactRules, listText, missingRules, ruleTexts } from "./policy-rule.ts";
import { RBAC_GROUP, type RoleIndex } from "./role-index.ts";

const ROLES: readonly string[] = ["roles", "clusterroles"];
const BINDINGS: readonly string[] = ["rolebindings", "clusterrolebindings"];

/** Everything: what is needed to let rules be gathered from other roles. */
const FULL_AUTHORITY: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

export type EscalationDeps = { readonly authorizer: Authorizer; readonly roles: RoleIndex };

/** Comes last of those that change objects, and changes none: it sees rules as they will be. */
export function rbacEscalation(deps: EscalationDeps): AdmissionPlugin {
  return {
    name: "RBACEscalation",
    concerns: ({ resource, subresource, verb, user }) => {
      const isGrant = resource.group === RBAC_GROUP && subresource === "";
      return isGrant && verb !== "delete" && !user.groups.includes(MASTERS_GROUP);
    },
    mutate: async (review, context) => {
      const { resource, object, old } = review;
      if (old !== undefined && isForCollectorOnly(object, old)) return object;
      if (ROLES.includes(resource.resource)) await checkRole(review, deps, context);
      if (BINDINGS.includes(resource.resource)) await checkBinding(review, deps, context);
      return object;
    },
  };
}

async function checkRole(review: Review, deps: EscalationDeps, context: Context): Promise<void> {
  if (await mayAll(review, "escalate", review.resource.resource, review.name, deps, context)) {
    return;
  }
  const { rules, aggregationRule } = roleOf(review.object);
  await confirmHeld(rules ?? [], review, deps);
  const gathered = aggregationRule ?? (review.old && roleOf(review.old).aggregationRule);
  const { clusterRoleSelectors = [] } = gathered ?? {};
  if (clusterRoleSelectors.length === 0) return;
  if ((await missingFor(FULL_AUTHORITY, review, deps)).length === 0) return;
  const why = "must have cluster-admin privileges to use the aggregationRule";
  throw forbidden(review.resource, review.name, why);
}

async function checkBinding(review: Review, deps: EscalationDeps, context: Context): Promise<void> {
  const { roleRef } = review.object as ApiObject & { readonly roleRef: RoleRef };
  const plural = roleRef.kind === "Role" ? "roles" : "clusterroles";
  if (await mayAll(review, "bind", plural, roleRef.name, deps, context)) return;
  await deps.roles.catchUp();
  const { rules, problem } = deps.roles.rulesOfRole(roleRef, review.namespace);
  // Upstream names the resource of the request here.
  if (problem !== "") throw notFound(review.resource, roleRef.name);
  await confirmHeld(rules, review, deps);
}

/** Whether the writer may do `verb` to that role, whatever rules it has. */
async function mayAll(
  { user, namespace }: Review,
  verb: string,
  resource: string,
  name: string,
  deps: EscalationDeps,
  context: Context,
): Promise<boolean> {
  const access = {
    kind: "resource",
    user,
    verb,
    group: RBAC_GROUP,
    version: verb === "bind" ? "" : "v1",
    resource,
    subresource: "",
    namespace,
    name,
  } as const;
  return (await deps.authorizer.authorize(access, context)).kind === "allowed";
}

/** Throws 403, naming what is missing. */
async function confirmHeld(
  rules: readonly PolicyRule[],
  review: Review,
  deps: EscalationDeps,
): Promise<void> {
  const missing = await missingFor(rules, review, deps);
  if (missing.length === 0) return;
  const { user, namespace } = review;
  const problems = deps.roles
    .grantsOf(user, namespace)
    .flatMap(({ problem }) => (problem === "" ? [] : [problem]));
  const texts = ruleTexts(compactRules(missing)).join("\n");
  const who = `user ${JSON.stringify(user.name)} (groups=${listText(user.groups)})`;
  const unresolved = problems.length === 0 ? "" : `; resolution errors: [${problems.join(" ")}]`;
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n${texts}`;
  throw forbidden(review.resource, review.name, `${why}${unresolved}`);
}

async function missingFor(
  rules: readonly PolicyRule[],
  { user, namespace }: Review,
  deps: EscalationDeps,
): Promise<readonly PolicyRule[]> {
  await deps.roles.catchUp();
  const held = deps.roles.grantsOf(user, namespace).flatMap((grant) => grant.rules);
  return missingRules(held, rules);
}

type RoleFields = {
  /** Written as null where there are none. */
  readonly rules?: readonly PolicyRule[] | null;
  readonly aggregationRule?: AggregationRule;
};

function roleOf(object: ApiObject): RoleFields {
  return object as RoleFields;
}

/** Whether only what the garbage collector needs is changed: it must be able to delete grants. */
function isForCollectorOnly(next: ApiObject, old: ApiObject): boolean {
  const rest = (object: ApiObject): ApiObject =>
    withMetadata(object, {
      ownerReferences: undefined,
      finalizers: undefined,
      managedFields: undefined,
      resourceVersion: undefined,
    });
  return equalValues(rest(next), rest(old));
}
