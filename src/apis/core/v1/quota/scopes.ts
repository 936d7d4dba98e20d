/**
 * Which objects a quota is about: its scopes, each of which a pod must match, or a claim where they
 * speak of claims. Pure.
 */
import { qosClass } from "../pod-qos.ts";
import type {
  Affinity,
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
  ScopedResourceSelectorRequirement,
} from "../types.generated.ts";
import type { ApiObject } from "../../../../machinery/object.ts";
import type { CountedKind } from "./usage.ts";

/** Objects of other kinds match no scope. */
export function matchesScopes(
  quota: ResourceQuota,
  object: ApiObject,
  resource: CountedKind,
): boolean {
  const { scopes = [], scopeSelector } = quota.spec ?? {};
  const wanted: readonly ScopedResourceSelectorRequirement[] = [
    ...scopes.map((scopeName) => ({ scopeName, operator: "Exists" })),
    ...(scopeSelector?.matchExpressions ?? []),
  ];
  if (wanted.length === 0) return true;
  switch (resource.group === "" ? resource.resource : "") {
    case "pods":
      return wanted.every((each) => matchesScope(each, object as Pod));
    case "persistentvolumeclaims":
      return wanted.every((each) => matchesClass(each, object as PersistentVolumeClaim));
    default:
      return false;
  }
}

/** A claim counts for the class it asks for, the one it has, and the one it is being given. */
function matchesClass(
  wanted: ScopedResourceSelectorRequirement,
  { spec, status }: PersistentVolumeClaim,
): boolean {
  if (wanted.scopeName !== "VolumeAttributesClass") return false;
  const names = [
    spec.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ].filter((name) => name !== undefined && name !== "");
  return (names.length === 0 ? [""] : names).some((name) => matchesName(wanted, name ?? ""));
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
      return matchesName(wanted, spec.priorityClassName ?? "");
    case "CrossNamespacePodAffinity":
      return reachesNamespaces(spec.affinity);
    default:
      return false;
  }
}

function isBounded(seconds: number | undefined): boolean {
  return seconds !== undefined && seconds >= 0;
}

function matchesName(
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
