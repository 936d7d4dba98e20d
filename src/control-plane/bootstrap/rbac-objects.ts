/**
 * Roles and bindings that every server has from its start, made from their table. Lists of words
 * stand there as one text; `core` is the group whose name is empty.
 */
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  Subject,
} from "../../apis/rbac/v1/types.generated.ts";
import {
  CLUSTER_ROLE_BINDINGS,
  CLUSTER_ROLES,
  ROLE_BINDINGS,
  ROLES,
} from "./rbac-facts.generated.ts";

export type RuleFacts =
  | {
      readonly verbs: string;
      readonly groups: string;
      readonly resources: string;
      readonly names?: string;
    }
  | { readonly verbs: string; readonly urls: string };

export type RoleFacts = {
  readonly namespace?: string;
  readonly name: string;
  /** Keys of labels whose value is "true". */
  readonly labels?: string;
  /** Keys of labels, with that value, of the roles whose rules it gathers. */
  readonly aggregates?: string;
  readonly rules?: readonly RuleFacts[];
};

export type BindingFacts = {
  readonly namespace?: string;
  readonly name: string;
  /** Default: that of the same name. */
  readonly role?: string;
  /** `Group system:masters`, `ServiceAccount kube-system/kube-dns`. */
  readonly subjects: readonly string[];
};

const RBAC_GROUP = "rbac.authorization.k8s.io";
const API_VERSION = "rbac.authorization.k8s.io/v1";
const BOOTSTRAP_LABEL = "kubernetes.io/bootstrapping";

/** Set to "false" by those who want an object to stay as they made it. */
export const AUTOUPDATE_ANNOTATION = "rbac.authorization.kubernetes.io/autoupdate";

export function clusterRoles(): readonly ClusterRole[] {
  return CLUSTER_ROLES.map((facts) => ({
    apiVersion: API_VERSION,
    kind: "ClusterRole",
    metadata: metadataOf(facts),
    ...(facts.aggregates === undefined
      ? {}
      : {
          aggregationRule: {
            clusterRoleSelectors: facts.aggregates
              .split(" ")
              .map((key) => ({ matchLabels: { [key]: "true" } })),
          },
        }),
    ...(facts.rules === undefined ? {} : { rules: facts.rules.map(ruleOf) }),
  }));
}

export function roles(): readonly Role[] {
  return ROLES.map((facts) => ({
    apiVersion: API_VERSION,
    kind: "Role",
    metadata: metadataOf(facts),
    rules: (facts.rules ?? []).map(ruleOf),
  }));
}

export function clusterRoleBindings(): readonly ClusterRoleBinding[] {
  return CLUSTER_ROLE_BINDINGS.map((facts) => ({
    apiVersion: API_VERSION,
    kind: "ClusterRoleBinding",
    metadata: metadataOf(facts),
    ...givenBy(facts, "ClusterRole"),
  }));
}

const NODE_PROXIES = "setpoint:node-proxies";

/** Our own: the agent of a node is its service proxy as well, so it follows what that needs. */
export function nodeProxyRole(): ClusterRole {
  return {
    apiVersion: API_VERSION,
    kind: "ClusterRole",
    metadata: metadataOf({ name: NODE_PROXIES }),
    rules: [
      { verbs: "list watch", groups: "core", resources: "services" },
      { verbs: "list watch", groups: "discovery.k8s.io", resources: "endpointslices" },
    ].map(ruleOf),
  };
}

export function nodeProxyBinding(): ClusterRoleBinding {
  return {
    apiVersion: API_VERSION,
    kind: "ClusterRoleBinding",
    metadata: metadataOf({ name: NODE_PROXIES }),
    roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: NODE_PROXIES },
    subjects: [{ apiGroup: RBAC_GROUP, kind: "Group", name: "system:nodes" }],
  };
}

export function roleBindings(): readonly RoleBinding[] {
  return ROLE_BINDINGS.map((facts) => ({
    apiVersion: API_VERSION,
    kind: "RoleBinding",
    metadata: metadataOf(facts),
    ...givenBy(facts, "Role"),
  }));
}

function metadataOf(facts: RoleFacts | BindingFacts): Role["metadata"] {
  const { name, namespace } = facts;
  const marks = "labels" in facts && facts.labels !== undefined ? facts.labels.split(" ") : [];
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    annotations: { [AUTOUPDATE_ANNOTATION]: "true" },
    labels: {
      [BOOTSTRAP_LABEL]: "rbac-defaults",
      ...Object.fromEntries(marks.map((key) => [key, "true"])),
    },
  };
}

function ruleOf(facts: RuleFacts): PolicyRule {
  const verbs = facts.verbs.split(" ");
  if ("urls" in facts) return { nonResourceURLs: facts.urls.split(" "), verbs };
  return {
    apiGroups: facts.groups.split(" ").map((group) => (group === "core" ? "" : group)),
    ...(facts.names === undefined ? {} : { resourceNames: facts.names.split(" ") }),
    resources: facts.resources.split(" "),
    verbs,
  };
}

function givenBy(
  { name, role = name, subjects }: BindingFacts,
  kind: "Role" | "ClusterRole",
): Pick<RoleBinding, "roleRef" | "subjects"> {
  return {
    roleRef: { apiGroup: RBAC_GROUP, kind, name: role },
    ...(subjects.length === 0 ? {} : { subjects: subjects.map(subjectOf) }),
  };
}

function subjectOf(text: string): Subject {
  const [kind = "", name = ""] = text.split(" ");
  if (kind !== "ServiceAccount") return { apiGroup: RBAC_GROUP, kind, name };
  const [namespace = "", account = ""] = name.split("/");
  return { kind, name: account, namespace };
}
