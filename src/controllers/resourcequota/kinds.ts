/** Quotas, and the kinds of which a quota counts more than objects, as values for calls. */
import type { PersistentVolumeClaim, ResourceQuota } from "../../apis/core/v1/types.generated.ts";
import type { ResourceType } from "../../client/resource-type.ts";

const CORE = { group: "", version: "v1", isNamespaced: true } as const;

export const QUOTAS: ResourceType<ResourceQuota> = {
  ...CORE,
  kind: "ResourceQuota",
  resource: "resourcequotas",
};

export const CLAIMS: ResourceType<PersistentVolumeClaim> = {
  ...CORE,
  kind: "PersistentVolumeClaim",
  resource: "persistentvolumeclaims",
};
