/** Cluster roles as values for calls. */
import type { ClusterRole } from "../../apis/rbac/v1/types.generated.ts";
import type { ResourceType } from "../../client/resource-type.ts";

export const CLUSTER_ROLES: ResourceType<ClusterRole> = {
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRole",
  resource: "clusterroles",
  isNamespaced: false,
};
