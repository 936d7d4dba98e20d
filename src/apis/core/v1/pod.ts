/** Pods: defaults, checks, and how they are shown and deleted. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { hasEnded } from "../../../machinery/pod-phase.ts";
import { canonicalForm } from "../../canonical-form.ts";
import type { GraceRule, Strategy, SubresourceStrategy } from "../../strategy.ts";
import { nameOf } from "../../table-columns.ts";
import {
  appArmorMismatches,
  appArmorWarnings,
  withAppArmorFields,
} from "./app-armor-annotations.ts";
import { podAnnotationErrors } from "./pod-annotation-validation.ts";
import { newPod } from "./pod-create.ts";
import { ephemeralContainersEndpoint } from "./pod-ephemeral-containers.ts";
import { POD_COLUMNS, podRow } from "./pod-row.ts";
import { newPodErrors, ownPodErrors, podSpecErrors } from "./pod-spec-validation.ts";
import { withPodSpecDefaults } from "./pod-template.ts";
import { podResourceDefaults, withRequests } from "./pod-resource-defaults.ts";
import { resizeEndpoint } from "./pod-resize.ts";
import { podWarnings } from "./pod-warnings.ts";
import { podStatusUpdateErrors } from "./pod-status-validation.ts";
import { podUpdateErrors } from "./pod-update-validation.ts";
import { podSchema } from "./schema.generated.ts";
import type { Container, Pod, PodSpec, PodStatus } from "./types.generated.ts";

const NAMES: Strategy["names"] = {
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  singular: "pod",
  shortNames: ["po"],
  categories: ["all"],
  isNamespaced: true,
};

const status: SubresourceStrategy<Pod> = {
  prepareForUpdate: (next, old) => {
    const { ownerReferences: _, ...metadata } = next.metadata;
    const owners = old.metadata.ownerReferences;
    return {
      ...next,
      metadata: { ...metadata, ...(owners === undefined ? {} : { ownerReferences: owners }) },
      spec: old.spec,
      status: { ...fixedStatus(old.status), ...next.status },
    };
  },
  validateUpdate: podStatusUpdateErrors,
};

/**
 * Seconds a pod gets to stop: what the request says, else what the pod says; none if it never
 * started or has ended. A negative wish means "now, but let it hear of it".
 */
const grace: GraceRule<Pod> = (pod, requestedSeconds) => {
  const isStarted = (pod.spec.nodeName ?? "") !== "";
  if (!isStarted || hasEnded(pod)) return 0;
  const seconds = requestedSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
};

/** Endpoints that become a connection to the pod's node. */
const CONNECTION = { group: "", version: "v1", verbs: ["create", "get"] } as const;

const PROXY_VERBS: readonly string[] = ["create", "delete", "get", "patch", "update"];

export const podStrategy: Strategy<Pod> = {
  names: NAMES,
  schema: podSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  applyDefaults: (pod) => withPodDefaults(canonicalForm(pod, podSchema)),
  prepareForCreate: (pod, { nowMs }) =>
    canonicalForm(newPod(withAppArmorFields(pod), nowMs), podSchema),
  prepareForUpdate: (next, old) => ({ ...next, status: old.status }),
  validate: (pod, old) => [
    ...podAnnotationErrors("metadata.annotations", pod),
    ...podSpecErrors("spec", pod.spec, [], nameOf(pod)),
    ...ownPodErrors("spec", pod.spec),
    ...(old === undefined ? newPodErrors("spec", pod.spec) : []),
    ...(old === undefined ? appArmorMismatches("spec", pod) : []),
  ],
  validateUpdate: podUpdateErrors,
  warningsFirst: appArmorWarnings,
  warnings: (next, old) => (old === undefined ? podWarnings(nameOf(next), next) : []),
  status,
  otherSubresources: [
    { name: "binding", group: "", version: "v1", kind: "Binding", verbs: ["create"] },
    { name: "eviction", group: "policy", version: "v1", kind: "Eviction", verbs: ["create"] },
    {
      name: "ephemeralcontainers",
      group: "",
      version: "v1",
      kind: "Pod",
      verbs: ["get", "patch", "update"],
      strategy: ephemeralContainersEndpoint,
    },
    {
      name: "resize",
      group: "",
      version: "v1",
      kind: "Pod",
      verbs: ["get", "patch", "update"],
      strategy: resizeEndpoint,
    },
    { name: "log", group: "", version: "v1", kind: "Pod", verbs: ["get"] },
    { name: "attach", ...CONNECTION, kind: "PodAttachOptions" },
    { name: "exec", ...CONNECTION, kind: "PodExecOptions" },
    { name: "portforward", ...CONNECTION, kind: "PodPortForwardOptions" },
    { name: "proxy", ...CONNECTION, verbs: PROXY_VERBS, kind: "PodProxyOptions" },
  ],
  grace,
  isReturnedWhenDeleted: true,
  isCollectionDeletable: true,
  fieldSelectors: {
    "spec.nodeName": (pod) => pod.spec.nodeName ?? "",
    "spec.restartPolicy": (pod) => pod.spec.restartPolicy ?? "",
    "spec.schedulerName": (pod) => pod.spec.schedulerName ?? "",
    "spec.serviceAccountName": (pod) => pod.spec.serviceAccountName ?? "",
    "spec.hostNetwork": (pod) => String(pod.spec.hostNetwork ?? false),
    "status.phase": (pod) => pod.status.phase ?? "",
    "status.podIP": (pod) => pod.status.podIP ?? "",
    "status.podIPs": (pod) => (pod.status.podIPs ?? []).map((ip) => ip.ip).join(","),
    "status.nominatedNodeName": (pod) => pod.status.nominatedNodeName ?? "",
  },
  columns: POD_COLUMNS,
  row: podRow,
};

/** The defaults of templates, and those that only a pod itself has. */
function withPodDefaults(pod: Pod): Pod {
  const spec = withPodSpecDefaults(pod.spec);
  const isOnHost = spec.hostNetwork === true;
  const complete = (container: Container): Container =>
    withHostPorts(withRequests(container), isOnHost);
  const { initContainers } = spec;
  const asking: PodSpec = {
    ...spec,
    containers: spec.containers.map(complete),
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(complete) }),
  };
  return {
    ...pod,
    spec: {
      ...asking,
      ...podResourceDefaults(asking),
      enableServiceLinks: spec.enableServiceLinks ?? true,
      ...((spec.terminationGracePeriodSeconds ?? 0) < 0
        ? { terminationGracePeriodSeconds: 1 }
        : {}),
    },
    status: withPodIps(pod.status),
  };
}

function withHostPorts(container: Container, isOnHost: boolean): Container {
  if (!isOnHost || container.ports === undefined) return container;
  const ports = container.ports.map((port) => {
    const hostPort = port.hostPort || port.containerPort;
    return hostPort === 0 ? port : { ...port, hostPort };
  });
  return { ...container, ports };
}

/**
 * The first address has an old name and a place in the list. Where they differ the old name
 * counts, because its writers know of no other.
 */
function withPodIps(podStatus: PodStatus): PodStatus {
  const { podIP = "", podIPs } = podStatus;
  const first = podIPs?.[0]?.ip ?? "";
  if (podIP === first) return podStatus;
  return podIP === "" ? { ...podStatus, podIP: first } : { ...podStatus, podIPs: [{ ip: podIP }] };
}

/** How a pod is treated is settled when it is made. */
function fixedStatus(podStatus: PodStatus): Pick<PodStatus, "qosClass"> {
  return podStatus.qosClass === undefined ? {} : { qosClass: podStatus.qosClass };
}
