/** Pod specs and templates: the defaults that pods and the controllers that make them share. */
import { withContainerDefaults } from "./container-defaults.ts";
import type { PodSpec, PodTemplateSpec } from "./types.generated.ts";
import { withVolumeDefaults } from "./volume-defaults.ts";

/** Seconds a pod gets to stop. */
export const DEFAULT_GRACE_SECONDS = 30;

/** What an absent template is read as. */
export const EMPTY_TEMPLATE: PodTemplateSpec = { metadata: {}, spec: { containers: [] } };

/** `template` with all its defaults. */
export function withPodTemplateDefaults(template: PodTemplateSpec): PodTemplateSpec {
  return { ...template, spec: withPodSpecDefaults(template.spec) };
}

/** The defaults that hold in templates as well as in pods. */
export function withPodSpecDefaults(spec: PodSpec): PodSpec {
  // Upstream has schedulingGroup behind a gate that is closed.
  const { volumes, initContainers, ephemeralContainers, schedulingGroup: _, ...rest } = spec;
  return {
    ...rest,
    ...(volumes === undefined ? {} : { volumes: volumes.map(withVolumeDefaults) }),
    ...(initContainers === undefined
      ? {}
      : { initContainers: initContainers.map(withContainerDefaults) }),
    containers: spec.containers.map(withContainerDefaults),
    ...(ephemeralContainers === undefined
      ? {}
      : { ephemeralContainers: ephemeralContainers.map(withContainerDefaults) }),
    restartPolicy: spec.restartPolicy || "Always",
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS,
    dnsPolicy: spec.dnsPolicy || "ClusterFirst",
    ...serviceAccountFields(spec),
    ...affinityField(spec),
    securityContext: spec.securityContext ?? {},
    schedulerName: spec.schedulerName || "default-scheduler",
  };
}

/** A preference that says nothing prefers nothing, and is there. */
function affinityField({ affinity }: PodSpec): Pick<PodSpec, "affinity"> {
  const preferred = affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
  if (preferred === undefined) return {};
  const whole = preferred.map((term) => ({ ...term, preference: term.preference ?? {} }));
  const nodeAffinity = {
    ...affinity?.nodeAffinity,
    preferredDuringSchedulingIgnoredDuringExecution: whole,
  };
  return { affinity: { ...affinity, nodeAffinity } };
}

/** The account has an old name and a new one; whichever is set, clients read both. */
function serviceAccountFields(
  spec: PodSpec,
): Pick<PodSpec, "serviceAccount" | "serviceAccountName"> {
  const name = spec.serviceAccountName || spec.serviceAccount;
  return name === undefined || name === ""
    ? {}
    : { serviceAccountName: name, serviceAccount: name };
}

/** Names and images of the containers. */
export function containerCells(template: PodTemplateSpec | undefined): readonly [string, string] {
  const containers = template?.spec.containers ?? [];
  return [
    containers.map((container) => container.name).join(","),
    containers.map((container) => container.image ?? "").join(","),
  ];
}
