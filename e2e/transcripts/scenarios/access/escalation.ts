import type { Asked, Scenario } from "../../scenario.ts";
import { as, get, patch, post, put } from "./requests.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const HOME = `${RBAC}/namespaces/access-escalation`;
const GROUP = "rbac.authorization.k8s.io";
const adam = as("access-adam");
const bea = as("access-bea");

function rule(verbs: string, group: string, resources: string, more: object = {}): object {
  return { verbs: verbs.split(" "), apiGroups: [group], resources: resources.split(" "), ...more };
}

function role(name: string, ...rules: readonly object[]): Asked {
  return post(`${HOME}/roles`, { metadata: { name }, rules }, adam);
}

function binding(name: string, kind: string, of: string, who: object = adam): Asked {
  const roleRef = { apiGroup: GROUP, kind, name: of };
  const subjects = [{ kind: "User", name: "bob" }];
  return post(`${HOME}/rolebindings`, { metadata: { name }, roleRef, subjects }, who);
}

const CLUSTER_ROLES = `${RBAC}/clusterroles`;
const CLUSTER_BINDINGS = `${RBAC}/clusterrolebindings`;

/** Nobody gives away more than they have, unless they may. */
export const escalation: Scenario = {
  name: "access-escalation",
  namespace: "access-escalation",
  steps: [
    post(`${HOME}/roles`, {
      metadata: { name: "adam" },
      rules: [
        rule("create get update patch", GROUP, "roles rolebindings"),
        rule("get list", "", "pods secrets"),
      ],
    }),
    post(`${HOME}/rolebindings`, {
      metadata: { name: "adam" },
      roleRef: { apiGroup: GROUP, kind: "Role", name: "adam" },
      subjects: [{ kind: "User", name: "access-adam" }],
    }),
    get("/api/v1/namespaces/access-escalation/pods", { ...adam, until: { status: 200 } }),
    role("r1", rule("get", "", "pods")),
    role("r2", rule("*", "*", "*")),
    role("r3", rule("get list", "", "nodes pods namespaces")),
    role("r4", rule("get frob", "", "pods pods/exec secrets", { resourceNames: ["z"] })),
    role("r5", rule("escalate", GROUP, "roles")),
    patch(`${HOME}/roles/r1`, { rules: [rule("get", "", "nodes")] }, adam),
    patch(`${HOME}/roles/r1`, { metadata: { labels: { a: "b" } } }, adam),
    put(`${HOME}/roles/r6`, { metadata: { name: "r6" }, rules: [rule("get", "", "nodes")] }, adam),
    binding("b1", "Role", "r1"),
    binding("b2", "ClusterRole", "cluster-admin"),
    binding("b3", "ClusterRole", "missing"),
    binding("b4", "Role", "missing"),
    patch(`${HOME}/rolebindings/b1`, { roleRef: { name: "r2" } }),
    post(CLUSTER_ROLES, {
      metadata: { name: "access-binder" },
      rules: [
        rule("bind", GROUP, "clusterroles", { resourceNames: ["view"] }),
        rule("create", GROUP, "clusterrolebindings clusterroles"),
      ],
    }),
    post(CLUSTER_BINDINGS, {
      metadata: { name: "access-binder" },
      roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: "access-binder" },
      subjects: [{ kind: "User", name: "access-bea" }],
    }),
    post(
      CLUSTER_BINDINGS,
      {
        metadata: { name: "access-view" },
        roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: "view" },
        subjects: [{ kind: "User", name: "access-carl" }],
      },
      { ...bea, until: { status: 201 } },
    ),
    post(
      CLUSTER_BINDINGS,
      {
        metadata: { name: "access-edit" },
        roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: "edit" },
        subjects: [{ kind: "User", name: "access-carl" }],
      },
      bea,
    ),
    post(
      CLUSTER_ROLES,
      {
        metadata: { name: "access-paths" },
        rules: [{ verbs: ["get", "post"], nonResourceURLs: ["/healthz", "/x/*"] }],
      },
      bea,
    ),
    post(
      CLUSTER_ROLES,
      {
        metadata: { name: "access-gathering" },
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] },
      },
      bea,
    ),
  ],
};
