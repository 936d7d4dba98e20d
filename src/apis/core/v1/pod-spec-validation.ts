/** Pod specs and templates, checked in the order in which their problems are reported. */
import { dnsLabelProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  forbidden,
  fromProblem,
  inRange,
  invalid,
  noneOrOneOf,
  oneOf,
  required,
} from "../../field-errors.ts";
import { annotationErrors, labelErrors, labelNameErrors } from "../../meta/v1/label-validation.ts";
import { containerErrors, initContainerErrors, podScope } from "./container-validation.ts";
import { ephemeralContainerErrors } from "./ephemeral-container-validation.ts";
import {
  accountErrors,
  classErrors,
  dnsErrors,
  hostAliasErrors,
  hostnameErrors,
} from "./pod-name-validation.ts";
import { osErrors } from "./pod-os-validation.ts";
import { podResourceErrors } from "./pod-resource-validation.ts";
import { resourceRequirementErrors } from "./resource-validation.ts";
import { affinityErrors, tolerationErrors } from "./scheduling-validation.ts";
import { ownUsersErrors, podSecurityErrors } from "./security-validation.ts";
import { spreadErrors } from "./spread-validation.ts";
import type { PodResourceClaim, PodSpec, PodTemplateSpec } from "./types.generated.ts";
import { volumeErrors } from "./volume-validation.ts";

export const RESTART_POLICIES: readonly string[] = ["Always", "OnFailure", "Never"];
const DNS_POLICIES: readonly string[] = [
  "ClusterFirst",
  "ClusterFirstWithHostNet",
  "Default",
  "None",
];
const SECONDS_MAX = 2 ** 31 - 1;

/** What is wrong with a pod spec that has its defaults; `claims`: volumes it is given later. */
export function podSpecErrors(
  field: string,
  spec: PodSpec,
  claims: readonly string[] = [],
): readonly FieldError[] {
  const scope = podScope(spec, claims);
  return [
    ...volumeErrors(`${field}.volumes`, spec.volumes),
    ...resourceClaimErrors(`${field}.resourceClaims`, spec.resourceClaims),
    ...containerErrors(`${field}.containers`, spec, scope),
    ...initContainerErrors(`${field}.initContainers`, spec, scope),
    ...ephemeralContainerErrors(`${field}.ephemeralContainers`, spec, scope),
    ...podResourceErrors(`${field}.resources`, spec),
    ...oneOf(`${field}.restartPolicy`, spec.restartPolicy, RESTART_POLICIES),
    ...oneOf(`${field}.dnsPolicy`, spec.dnsPolicy, DNS_POLICIES),
    ...labelErrors(`${field}.nodeSelector`, spec.nodeSelector),
    ...hostNetworkErrors(`${field}.containers`, spec),
    ...podSecurityErrors(`${field}.securityContext`, spec),
    ...affinityErrors(`${field}.affinity`, spec.affinity),
    ...dnsErrors(`${field}.dnsConfig`, spec),
    ...gateErrors(field, spec),
    ...spreadErrors(`${field}.topologySpreadConstraints`, spec.topologySpreadConstraints),
    ...ownUsersErrors(field, spec),
    ...accountErrors(field, spec),
    ...inRange(`${field}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, 1, SECONDS_MAX),
    ...hostnameErrors(field, spec),
    ...tolerationErrors(`${field}.tolerations`, spec.tolerations),
    ...hostAliasErrors(`${field}.hostAliases`, spec),
    ...classErrors(field, spec),
    ...noneOrOneOf(`${field}.preemptionPolicy`, spec.preemptionPolicy, [
      "Never",
      "PreemptLowerPriority",
    ]),
    ...(spec.overhead === undefined
      ? []
      : resourceRequirementErrors(`${field}.overhead`, { limits: spec.overhead })),
    ...osErrors(field, spec),
  ];
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
    ...podSpecErrors(`${field}.spec`, spec, claims),
    ...errorIf(
      (spec.ephemeralContainers ?? []).length > 0,
      forbidden(`${field}.spec.ephemeralContainers`, detail),
    ),
  ];
}

/** On the host's network a port of a container is the same port of the host. */
function hostNetworkErrors(field: string, spec: PodSpec): readonly FieldError[] {
  if (spec.hostNetwork !== true) return [];
  const detail = "must match `hostPort` when `hostNetwork` is true";
  return spec.containers.flatMap((container, index) =>
    (container.ports ?? []).flatMap((port, portIndex) => {
      const path = `${field}[${index}].ports[${portIndex}].containerPort`;
      const isSame = port.hostPort === undefined || port.hostPort === port.containerPort;
      return errorIf(!isSame, invalid(path, port.containerPort, detail));
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
    const both = `at most one of ${names} may be specified`;
    return [
      ...(name === ""
        ? [required(`${path}.name`)]
        : fromProblem(`${path}.name`, name, dnsLabelProblem(name))),
      ...errorIf(name !== "" && isTaken, duplicate(`${path}.name`, name)),
      ...errorIf(isBoth, invalid(path, claim, both)),
      ...errorIf(isNone, invalid(path, claim, `must specify one of: ${names}`)),
    ];
  });
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
      return [
        ...labelNameErrors(`${path}.name`, gate.name),
        ...errorIf(isTaken, duplicate(path, gate.name)),
      ];
    }),
  ];
}
