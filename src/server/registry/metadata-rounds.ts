/**
 * How often upstream judges the metadata of a changed object: every round adds its causes to a
 * refusal. All kinds go through two rounds alike; most are then judged as a change of their kind,
 * and once more as a new object of it.
 */
import type { Resource } from "./resource.ts";

export type Round = "change" | "whole";

const NEVER: ReadonlySet<string> = new Set(["core/events", "policy/poddisruptionbudgets"]);

const NEVER_WHOLE: ReadonlySet<string> = new Set([
  "apps/daemonsets",
  "apps/deployments",
  "apps/replicasets",
  "autoscaling/horizontalpodautoscalers",
  "batch/cronjobs",
  "coordination.k8s.io/leases",
  "core/podtemplates",
  "core/replicationcontrollers",
  "core/resourcequotas",
  "core/services",
  "events.k8s.io/events",
  "networking.k8s.io/networkpolicies",
  "networking.k8s.io/servicecidrs",
  "resource.k8s.io/resourceslices",
  "scheduling.k8s.io/priorityclasses",
  "storage.k8s.io/csidrivers",
]);

const ONLY_WHOLE: ReadonlySet<string> = new Set([
  "admissionregistration.k8s.io/mutatingadmissionpolicies",
  "admissionregistration.k8s.io/mutatingadmissionpolicybindings",
  "admissionregistration.k8s.io/mutatingwebhookconfigurations",
  "admissionregistration.k8s.io/validatingadmissionpolicies",
  "admissionregistration.k8s.io/validatingadmissionpolicybindings",
  "admissionregistration.k8s.io/validatingwebhookconfigurations",
  "core/limitranges",
  "core/persistentvolumes",
  "discovery.k8s.io/endpointslices",
  "flowcontrol.apiserver.k8s.io/flowschemas",
  "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations",
  "storage.k8s.io/csinodes",
  "storage.k8s.io/volumeattachments",
]);

/** The rounds of one kind, in their order. */
export function roundsOf(resource: Resource, subresource: string): readonly Round[] {
  const key = `${resource.group === "" ? "core" : resource.group}/${resource.resource}`;
  if (NEVER.has(key)) return [];
  if (subresource === "" && ONLY_WHOLE.has(key)) return ["whole"];
  const isWhole = subresource === "" && resource.custom === undefined && !NEVER_WHOLE.has(key);
  const isDefinition = resource.group === "apiextensions.k8s.io";
  return isWhole && !isDefinition ? ["change", "whole"] : ["change"];
}
