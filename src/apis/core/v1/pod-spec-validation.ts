/** Pod specs and templates, checked in the order in which their problems are reported. */
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  forbidden,
  fromProblem,
  inRange,
  invalid,
  notFound,
  oneOf,
  required,
} from "../../field-errors.ts";
import { goStruct } from "../../go-struct.ts";
import { annotationErrors, labelErrors, labelNameErrors } from "../../meta/v1/label-validation.ts";
import {
  containerErrors,
  imageSpaceErrors,
  initContainerErrors,
  podScope,
} from "./container-validation.ts";
import { appArmorMismatches } from "./app-armor-annotations.ts";
import { ephemeralContainerErrors } from "./ephemeral-container-validation.ts";
import {
  accountErrors,
  classErrors,
  dnsErrors,
  hostAliasErrors,
  hostnameErrors,
  hostnameOverrideErrors,
} from "./pod-name-validation.ts";
import { podAnnotationErrors } from "./pod-annotation-validation.ts";
import { containersOf, osErrors } from "./pod-os-validation.ts";
import { podResourceClaimStruct } from "./go-structs.ts";
import { podResourceErrors } from "./pod-resource-validation.ts";
import { resourceRequirementErrors } from "./resource-validation.ts";
import { affinityErrors, tolerationErrors } from "./scheduling-validation.ts";
import { ownUsersErrors, podSecurityErrors } from "./security-validation.ts";
import { spreadErrors } from "./spread-validation.ts";
import { hostProcessErrors } from "./windows-validation.ts";
import type { PodResourceClaim, PodSpec, PodTemplateSpec } from "./types.generated.ts";
import { volumeErrors } from "./volume-validation.ts";

export const RESTART_POLICIES: readonly string[] = ["Always", "OnFailure", "Never"];
const DNS_POLICIES: readonly string[] = [
  "ClusterFirstWithHostNet",
  "ClusterFirst",
  "Default",
  "None",
];
const PREEMPTION_POLICIES: readonly string[] = ["PreemptLowerPriority", "Never"];
const SECONDS_MAX = 2 ** 31 - 1;

/**
 * What is wrong with a pod spec that has its defaults. `claims`: volumes it is given later;
 * `podName`: of a pod, not of a template.
 */
export function podSpecErrors(
  field: string,
  spec: PodSpec,
  claims: readonly string[] = [],
  podName?: string,
): readonly FieldError[] {
  const ofVolumes = volumeErrors(`${field}.volumes`, spec.volumes, podName);
  const wrong = ofVolumes.flatMap((errors, index) => (errors.length === 0 ? [] : [index]));
  const scope = podScope(spec, claims, new Set(wrong));
  return [
    ...ofVolumes.flat(),
    ...resourceClaimErrors(`${field}.resourceClaims`, spec.resourceClaims),
    ...containerErrors(`${field}.containers`, spec, scope),
    ...initContainerErrors(`${field}.initContainers`, spec, scope),
    ...ephemeralContainerErrors(`${field}.ephemeralContainers`, spec, scope),
    ...podResourceErrors(`${field}.resources`, spec, scope.claims),
    ...hostNetworkErrors(`${field}.containers`, spec, podName !== undefined),
    ...oneOf(`${field}.restartPolicy`, spec.restartPolicy, RESTART_POLICIES),
    ...oneOf(`${field}.dnsPolicy`, spec.dnsPolicy, DNS_POLICIES),
    ...labelErrors(`${field}.nodeSelector`, spec.nodeSelector),
    ...podSecurityErrors(`${field}.securityContext`, spec),
    ...affinityErrors(`${field}.affinity`, spec.affinity),
    ...dnsErrors(`${field}.dnsConfig`, spec),
    ...gateErrors(field, spec),
    ...spreadErrors(`${field}.topologySpreadConstraints`, spec.topologySpreadConstraints),
    ...hostProcessErrors(field, spec),
    ...ownUsersErrors(field, spec),
    ...hostnameOverrideErrors(`${field}.hostnameOverride`, spec),
    ...accountErrors(field, spec),
    ...inRange(`${field}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, 1, SECONDS_MAX),
    ...hostnameErrors(field, spec),
    ...tolerationErrors(`${field}.tolerations`, spec.tolerations),
    ...hostAliasErrors(`${field}.hostAliases`, spec),
    ...classErrors(field, spec),
    ...(spec.preemptionPolicy === undefined
      ? []
      : oneOf(`${field}.preemptionPolicy`, spec.preemptionPolicy, PREEMPTION_POLICIES)),
    ...(spec.overhead === undefined
      ? []
      : resourceRequirementErrors(`${field}.overhead`, { limits: spec.overhead })),
    ...osErrors(field, spec),
    ...fileVariableErrors(field, spec),
  ];
}

/** What is wrong with the spec of a pod besides: what may stand in templates and not in pods. */
export function ownPodErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const detail = "must not be specified when serviceAccountName is not set";
  const tokens =
    (spec.serviceAccountName ?? "") !== ""
      ? []
      : (spec.volumes ?? []).flatMap((volume, index) =>
          (volume.projected?.sources ?? []).flatMap((source, at) => {
            const path = `${field}.volumes[${index}].projected.sources[${at}]`;
            return errorIf(
              source.serviceAccountToken !== undefined,
              forbidden(`${path}.serviceAccountToken`, detail),
            );
          }),
        );
  const images = (["containers", "initContainers"] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap(({ image = "" }, index) =>
      imageSpaceErrors(`${field}.${list}[${index}].image`, image),
    ),
  );
  return [...tokens, ...images];
}

/** What is wrong with a new pod besides: what only later comes to one. */
export function newPodErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const isPlaced = (spec.nodeName ?? "") !== "" && (spec.schedulingGates ?? []).length > 0;
  const gated = "cannot be set until all schedulingGates have been cleared";
  return [
    ...errorIf(
      (spec.ephemeralContainers ?? []).length > 0,
      forbidden(`${field}.ephemeralContainers`, "cannot be set on create"),
    ),
    ...errorIf(isPlaced, forbidden(`${field}.nodeName`, gated)),
  ];
}

/** What is wrong with the template of pods that a controller makes. */
export function podTemplateErrors(
  field: string,
  template: PodTemplateSpec,
  claims: readonly string[] = [],
): readonly FieldError[] {
  const { metadata, spec } = template;
  const detail = "ephemeral containers not allowed in pod template";
  return [
    ...labelErrors(`${field}.labels`, metadata.labels),
    ...annotationErrors(`${field}.annotations`, metadata.annotations),
    ...podAnnotationErrors(`${field}.annotations`, template),
    ...podSpecErrors(`${field}.spec`, spec, claims),
    ...appArmorMismatches(`${field}.spec`, template),
    ...errorIf(
      (spec.ephemeralContainers ?? []).length > 0,
      forbidden(`${field}.spec.ephemeralContainers`, detail),
    ),
  ];
}

/**
 * On the host's network a port of a container is the same port of the host. Templates may leave
 * that unsaid: their pods are given it.
 */
function hostNetworkErrors(field: string, spec: PodSpec, isPod: boolean): readonly FieldError[] {
  if (spec.hostNetwork !== true) return [];
  const detail = "must match `containerPort` when `hostNetwork` is true";
  return spec.containers.flatMap((container, index) =>
    (container.ports ?? []).flatMap(({ hostPort = 0, containerPort }, portIndex) => {
      const path = `${field}[${index}].ports[${portIndex}].hostPort`;
      const isSaid = isPod || hostPort !== 0;
      return errorIf(isSaid && hostPort !== containerPort, invalid(path, hostPort, detail));
    }),
  );
}

function resourceClaimErrors(
  field: string,
  claims: readonly PodResourceClaim[] | undefined,
): readonly FieldError[] {
  const seen = new Set<string>();
  return (claims ?? []).flatMap((claim, index) => {
    const path = `${field}[${index}]`;
    const { name, resourceClaimName: own, resourceClaimTemplateName: template } = claim;
    const isTaken = seen.has(name);
    seen.add(name);
    const isBoth = own !== undefined && template !== undefined;
    const isNone = own === undefined && template === undefined;
    const names = "`resourceClaimName`, `resourceClaimTemplateName`";
    const both =
      "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
    const printed = goStruct(claim, podResourceClaimStruct);
    return [
      ...claimNameErrors(`${path}.name`, name, isTaken),
      ...errorIf(isBoth, invalid(path, printed, both)),
      ...errorIf(isNone, invalid(path, printed, `must specify one of: ${names}`)),
      ...(["resourceClaimName", "resourceClaimTemplateName"] as const).flatMap((key) =>
        claim[key] === undefined
          ? []
          : fromProblem(`${path}.${key}`, claim[key], dnsSubdomainProblem(claim[key])),
      ),
    ];
  });
}

function claimNameErrors(field: string, name: string, isTaken: boolean): readonly FieldError[] {
  if (name === "") return [required(field)];
  return isTaken ? [duplicate(field, name)] : fromProblem(field, name, dnsLabelProblem(name));
}

/** A variable from a file takes it from a folder that containers of the pod write to. */
function fileVariableErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const volumes = new Map((spec.volumes ?? []).map((volume) => [volume.name, volume]));
  const detail = "referenced volume must be of type emptyDir";
  return containersOf(field, spec).flatMap(([path, { env = [] }]) =>
    env.flatMap(({ valueFrom }, index) => {
      const name = valueFrom?.fileKeyRef?.volumeName;
      if (name === undefined) return [];
      const at = `${path}.env[${index}].valueFrom.fileKeyRef.volumeName`;
      const volume = volumes.get(name);
      if (volume === undefined) return [notFound(at, name)];
      return errorIf(volume.emptyDir === undefined, invalid(at, name, detail));
    }),
  );
}

function gateErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const seen = new Set<string>();
  return [
    ...(spec.readinessGates ?? []).flatMap((gate, index) =>
      labelNameErrors(`${field}.readinessGates[${index}].conditionType`, gate.conditionType),
    ),
    ...(spec.schedulingGates ?? []).flatMap((gate, index) => {
      const path = `${field}.schedulingGates[${index}]`;
      const isTaken = seen.has(gate.name);
      seen.add(gate.name);
      return [...labelNameErrors(path, gate.name), ...errorIf(isTaken, duplicate(path, gate.name))];
    }),
  ];
}
