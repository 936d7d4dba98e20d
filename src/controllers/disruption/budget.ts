/** Disruption budgets as values for calls. */
import type { PodDisruptionBudget } from "../../apis/policy/v1/types.generated.ts";
import type { ResourceType } from "../../client/resource-type.ts";

export const BUDGETS: ResourceType<PodDisruptionBudget> = {
  group: "policy",
  version: "v1",
  kind: "PodDisruptionBudget",
  resource: "poddisruptionbudgets",
  isNamespaced: true,
};
