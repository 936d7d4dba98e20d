/** The order of groups and versions that upstream gives them; higher comes first. */

export type Priorities = { readonly group: number; readonly version: number };

/** `minimum` of a group. Facts of upstream: clients see them in API services. */
const GROUPS: Readonly<Record<string, number>> = {
  "": 18_000,
  apps: 17_800,
  "events.k8s.io": 17_750,
  "authentication.k8s.io": 17_700,
  "authorization.k8s.io": 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  "certificates.k8s.io": 17_300,
  "networking.k8s.io": 17_200,
  policy: 17_100,
  "rbac.authorization.k8s.io": 17_000,
  "storage.k8s.io": 16_800,
  "admissionregistration.k8s.io": 16_700,
  "apiextensions.k8s.io": 16_700,
  "scheduling.k8s.io": 16_600,
  "coordination.k8s.io": 16_500,
  "node.k8s.io": 16_300,
  "discovery.k8s.io": 16_200,
  "resource.k8s.io": 16_200,
  "flowcontrol.apiserver.k8s.io": 16_100,
  "internal.apiserver.k8s.io": 16_000,
  "storagemigration.k8s.io": 15_800,
};

/** Versions that differ from what their stability says. */
const VERSIONS: Readonly<Record<string, number>> = {
  "/v1": 1,
  "admissionregistration.k8s.io/v1beta1": 12,
  "admissionregistration.k8s.io/v1alpha1": 9,
  "autoscaling/v2": 30,
  "flowcontrol.apiserver.k8s.io/v1": 21,
  "resource.k8s.io/v1": 21,
  "resource.k8s.io/v1beta2": 15,
  "internal.apiserver.k8s.io/v1alpha1": 9,
};

/** Of a group of custom resources. */
export const CUSTOM_PRIORITIES: Priorities = { group: 1_000, version: 100 };

/** Of a built-in group and version. */
export function builtInPriorities(group: string, version: string): Priorities {
  const known = VERSIONS[`${group}/${version}`];
  return { group: GROUPS[group] ?? 15_000, version: known ?? byStability(version) };
}

function byStability(version: string): number {
  if (version.includes("alpha")) return 1;
  return version.includes("beta") ? 9 : 15;
}
