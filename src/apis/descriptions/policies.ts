/** Descriptions of who may do what, what may be disturbed, and what is more important. */
const POLICY = `
PodDisruptionBudget: How many pods of an application may be missing when nodes are emptied.

PodDisruptionBudgetSpec: Which pods, and how many: one of maxUnavailable and minAvailable.
- maxUnavailable: How many may be missing after an eviction: a number, or a part in per cent.
- minAvailable: How many must be there after an eviction: a number, or a part in per cent.
- selector: Selects the pods. An empty one selects all of the namespace.
- unhealthyPodEvictionPolicy: Whether pods that are not ready may be evicted: IfHealthyBudget only
  if enough others are (the default), AlwaysAllow always.

PodDisruptionBudgetStatus: What was last seen of the pods.
- conditions: State in several respects: DisruptionAllowed.
- currentHealthy: Pods that are ready.
- desiredHealthy: Pods that must be.
- disruptedPods: Pods whose eviction was allowed and is still to be seen, and when that was.
- disruptionsAllowed: How many pods may be evicted now.
- expectedPods: Pods that are counted.
- observedGeneration: Generation that this status is about.

Eviction: Asks for a pod to be deleted, as far as the budgets for it allow it.
- deleteOptions: How it is to be deleted.
`;

const RBAC = `
Role: Rights within a namespace.
- rules: What may be done.

ClusterRole: Rights in all namespaces, or on what is in none.
- aggregationRule: Other roles whose rules are put together here.
- rules: What may be done.

PolicyRule: What may be done with which resources or paths.
- apiGroups: API groups of the resources. "" is the core, * all.
- nonResourceURLs: Paths that are no resources, for cluster roles. * at the end stands for all
  below.
- resourceNames: Names of objects. By default all.
- resources: Resources, and subresources as RESOURCE/SUBRESOURCE. * is all.
- verbs: What may be done: get, list, watch, create, update, patch, delete, …. * is all.

AggregationRule: Roles whose rules are put together.
- clusterRoleSelectors: Select the roles. One that fits is enough.

RoleBinding: Gives the rights of a role within a namespace.
- roleRef: The role: of the same namespace, or a cluster role. It cannot be changed.
- subjects: Who gets them.

ClusterRoleBinding: Gives the rights of a cluster role everywhere.
- roleRef: The cluster role. It cannot be changed.
- subjects: Who gets them.

RoleRef: A role.
- apiGroup: Always rbac.authorization.k8s.io.
- kind: Role or ClusterRole.
- name: Its name.

Subject: Who gets rights.
- apiGroup: "" for service accounts, rbac.authorization.k8s.io for users and groups.
- kind: User, Group or ServiceAccount.
- name: The name.
- namespace: Namespace of a service account.
`;

const SCHEDULING = `
PriorityClass: A priority that pods may have.
- description: When it is to be used, for people.
- globalDefault: Whether pods that name no class have it. One class at most. Default: false.
- preemptionPolicy: Whether its pods may take the place of less important ones: PreemptLowerPriority
  (the default) or Never.
- value: The priority. The more, the more important. It cannot be changed.
`;

const NODE = `
RuntimeClass: A way to run containers that pods may ask for.
- handler: Name by which the runtime of the nodes knows it. It cannot be changed.
- overhead: What a pod takes besides what its containers do.
- scheduling: Nodes that have it. By default all.

Overhead: What a pod takes besides what its containers do.
- podFixed: How much of each resource.

Scheduling: Nodes for the pods of a runtime class.
- nodeSelector: Labels of the nodes, besides those its pods name.
- tolerations: Taints its pods do not mind, besides those they name.
`;

const COORDINATION = `
Lease: Says for a while who holds something, and that its holder is alive.

LeaseSpec: Who holds it since when.
- acquireTime: When its holder got it.
- holderIdentity: Who holds it. Empty for nobody.
- leaseDurationSeconds: Seconds after renewTime until others may take it.
- leaseTransitions: How often it went to another holder.
- preferredHolder: Who is to have it next.
- renewTime: When its holder last renewed it.
- strategy: How a holder is chosen from those who want it.
`;

export const POLICIES: Readonly<Record<string, string>> = {
  "io.k8s.api.policy.v1": POLICY,
  "io.k8s.api.rbac.v1": RBAC,
  "io.k8s.api.scheduling.v1": SCHEDULING,
  "io.k8s.api.node.v1": NODE,
  "io.k8s.api.coordination.v1": COORDINATION,
};
