/** Kinds of the objects that are made at the start, as clients know them. */
import type {
  FlowSchema,
  PriorityLevelConfiguration,
} from "../../apis/flowcontrol/v1/types.generated.ts";
import type { ServiceCIDR } from "../../apis/networking/v1/types.generated.ts";
import type {
  ClusterRole,
  ClusterRoleBinding,
  Role,
  RoleBinding,
} from "../../apis/rbac/v1/types.generated.ts";
import type { PriorityClass } from "../../apis/scheduling/v1/types.generated.ts";
import type { Endpoints } from "../../apis/core/v1/types.generated.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { ApiObject } from "../../machinery/object.ts";

export const ROLE_TYPE: ResourceType<Role> = rbac("Role", "roles", true);
export const ROLE_BINDING_TYPE: ResourceType<RoleBinding> = rbac(
  "RoleBinding",
  "rolebindings",
  true,
);
export const CLUSTER_ROLE_TYPE: ResourceType<ClusterRole> = rbac(
  "ClusterRole",
  "clusterroles",
  false,
);
export const CLUSTER_ROLE_BINDING_TYPE: ResourceType<ClusterRoleBinding> = rbac(
  "ClusterRoleBinding",
  "clusterrolebindings",
  false,
);

export const PRIORITY_CLASS_TYPE: ResourceType<PriorityClass> = {
  group: "scheduling.k8s.io",
  version: "v1",
  kind: "PriorityClass",
  resource: "priorityclasses",
  isNamespaced: false,
};

export const PRIORITY_LEVEL_TYPE: ResourceType<PriorityLevelConfiguration> = flowControl(
  "PriorityLevelConfiguration",
  "prioritylevelconfigurations",
);
export const FLOW_SCHEMA_TYPE: ResourceType<FlowSchema> = flowControl("FlowSchema", "flowschemas");

export const SERVICE_CIDR_TYPE: ResourceType<ServiceCIDR> = {
  group: "networking.k8s.io",
  version: "v1",
  kind: "ServiceCIDR",
  resource: "servicecidrs",
  isNamespaced: false,
};

export const ENDPOINTS_TYPE: ResourceType<Endpoints> = {
  group: "",
  version: "v1",
  kind: "Endpoints",
  resource: "endpoints",
  isNamespaced: true,
};

function rbac<T extends ApiObject>(
  kind: string,
  resource: string,
  isNamespaced: boolean,
): ResourceType<T> {
  return { group: "rbac.authorization.k8s.io", version: "v1", kind, resource, isNamespaced };
}

function flowControl<T extends ApiObject>(kind: string, resource: string): ResourceType<T> {
  const group = "flowcontrol.apiserver.k8s.io";
  return { group, version: "v1", kind, resource, isNamespaced: false };
}
