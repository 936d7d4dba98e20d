/** Which pods a quota is about: its scopes, each of which a pod must match. Pure. */
import { qosClass } from "../../../apis/core/v1/pod-qos.ts";
import type {
  Affinity,
  Pod,
  ResourceQuota,
  ScopedResourceSelectorRequirement,
} from "../../../apis/core/v1/types.generated.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import type { Resource } from "../../registry/resource.ts";

/** Objects other than pods match no scope. */
export function matchesScopes(
  quota: ResourceQuota,
  object: ApiObject,
  resource: Resource,
): boolean {
  const { scopes = [], scopeSelector } = quota.spec ?? {};
  const wanted: readonly ScopedResourceSelectorRequirement[] = [
    ...scopes.map((scopeName) => ({ scopeName, operator: "Exists" })),
    ...(scopeSelector?.matchExpressions ?? []),
  ];
  const isPod = resource.group === "" && resource.resource === "pods";
  return wanted.every((each) => isPod && matchesScope(each, object as Pod));
}

function matchesScope(wanted: ScopedResourceSelectorRequirement, { spec }: Pod): boolean {
  switch (wanted.scopeName) {
    case "Terminating":
      return isBounded(spec.activeDeadlineSeconds);
    case "NotTerminating":
      return !isBounded(spec.activeDeadlineSeconds);
    case "BestEffort":
      return qosClass(spec) === "BestEffort";
    case "NotBestEffort":
      return qosClass(spec) !== "BestEffort";
    case "PriorityClass":
      return matchesPriority(wanted, spec.priorityClassName ?? "");
    case "CrossNamespacePodAffinity":
      return reachesNamespaces(spec.affinity);
    default:
      return false;
  }
}

function isBounded(seconds: number | undefined): boolean {
  return seconds !== undefined && seconds >= 0;
}

function matchesPriority(
  { operator, values = [] }: ScopedResourceSelectorRequirement,
  name: string,
): boolean {
  switch (operator) {
    case "In":
      return values.includes(name);
    case "NotIn":
      return !values.includes(name);
    case "Exists":
      return name !== "";
    case "DoesNotExist":
      return name === "";
    default:
      return false;
  }
}

function reachesNamespaces(affinity: Affinity | undefined): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((each) =>
    [
      ...(each?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(each?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
        ({ podAffinityTerm }) => podAffinityTerm,
      ),
    ].some(
      ({ namespaces = [], namespaceSelector }) =>
        namespaces.length > 0 || namespaceSelector !== undefined,
    ),
  );
}
