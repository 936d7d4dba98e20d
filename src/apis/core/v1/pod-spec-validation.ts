/** Pod specs and templates, checked in the order in which their problems are reported. */
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  forbidden,
  fromProblem,
  inRange,
  invalid,
  oneOf,
  required,
  unsupported,
} from "../../field-errors.ts";
import { annotationErrors, labelErrors } from "../../meta/v1/label-validation.ts";
import { containerErrors, initContainerErrors } from "./container-validation.ts";
import { resourceRequirementErrors } from "./resource-validation.ts";
import { affinityErrors, spreadErrors, tolerationErrors } from "./scheduling-validation.ts";
import { podSecurityErrors } from "./security-validation.ts";
import type { PodSpec, PodTemplateSpec } from "./types.generated.ts";
import { volumeErrors } from "./volume-validation.ts";

export const RESTART_POLICIES: readonly string[] = ["Always", "OnFailure", "Never"];
const DNS_POLICIES: readonly string[] = [
  "ClusterFirst",
  "ClusterFirstWithHostNet",
  "Default",
  "None",
];
const DNS_NAMESERVERS_MAX = 3;
const DNS_SEARCHES_MAX = 32;
const SECONDS_MAX = 2 ** 31 - 1;

/** What is wrong with a pod spec that has its defaults. */
export function podSpecErrors(field: string, spec: PodSpec): readonly FieldError[] {
  return [
    ...volumeErrors(`${field}.volumes`, spec.volumes),
    ...resourceRequirementErrors(`${field}.resources`, spec.resources),
    ...containerErrors(`${field}.containers`, spec),
    ...initContainerErrors(`${field}.initContainers`, spec),
    ...oneOf(`${field}.restartPolicy`, spec.restartPolicy, RESTART_POLICIES),
    ...oneOf(`${field}.dnsPolicy`, spec.dnsPolicy, DNS_POLICIES),
    ...labelErrors(`${field}.nodeSelector`, spec.nodeSelector),
    ...hostNetworkErrors(`${field}.containers`, spec),
    ...podSecurityErrors(`${field}.securityContext`, spec.securityContext),
    ...pullSecretErrors(`${field}.imagePullSecrets`, spec),
    ...affinityErrors(`${field}.affinity`, spec.affinity),
    ...dnsErrors(`${field}.dnsConfig`, spec),
    ...gateErrors(field, spec),
    ...spreadErrors(`${field}.topologySpreadConstraints`, spec.topologySpreadConstraints),
    ...nameErrors(field, spec),
    ...inRange(`${field}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, 1, SECONDS_MAX),
    ...tolerationErrors(`${field}.tolerations`, spec.tolerations),
    ...preemptionErrors(`${field}.preemptionPolicy`, spec.preemptionPolicy),
    ...osErrors(`${field}.os`, spec),
  ];
}

/** What is wrong with the template of pods that a controller makes. */
export function podTemplateErrors(field: string, template: PodTemplateSpec): readonly FieldError[] {
  const { metadata, spec } = template;
  const detail = "ephemeral containers not allowed in pod template";
  return [
    ...labelErrors(`${field}.labels`, metadata.labels),
    ...annotationErrors(`${field}.annotations`, metadata.annotations),
    ...podSpecErrors(`${field}.spec`, spec),
    ...((spec.ephemeralContainers ?? []).length > 0
      ? [forbidden(`${field}.spec.ephemeralContainers`, detail)]
      : []),
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
      return isSame ? [] : [invalid(path, port.containerPort, detail)];
    }),
  );
}

function pullSecretErrors(field: string, spec: PodSpec): readonly FieldError[] {
  return (spec.imagePullSecrets ?? []).flatMap((secret, index) =>
    (secret.name ?? "") === "" ? [required(`${field}[${index}].name`)] : [],
  );
}

function dnsErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const nameservers = spec.dnsConfig?.nameservers ?? [];
  const searches = spec.dnsConfig?.searches ?? [];
  if (spec.dnsPolicy === "None") {
    if (spec.dnsConfig === undefined) {
      return [required(field, "must provide `dnsConfig` when `dnsPolicy` is None")];
    }
    if (nameservers.length === 0) {
      const detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
      return [required(`${field}.nameservers`, detail)];
    }
  }
  return [
    ...(nameservers.length > DNS_NAMESERVERS_MAX
      ? [
          invalid(
            `${field}.nameservers`,
            nameservers,
            `must not have more than ${DNS_NAMESERVERS_MAX} nameservers`,
          ),
        ]
      : []),
    ...(searches.length > DNS_SEARCHES_MAX
      ? [
          invalid(
            `${field}.searches`,
            searches,
            `must not have more than ${DNS_SEARCHES_MAX} search paths`,
          ),
        ]
      : []),
    ...(spec.dnsConfig?.options ?? []).flatMap((option, index) =>
      (option.name ?? "") === ""
        ? [required(`${field}.options[${index}]`, "must not be empty")]
        : [],
    ),
  ];
}

function gateErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const seen = new Set<string>();
  return [
    ...(spec.readinessGates ?? []).flatMap((gate, index) =>
      qualifiedErrors(`${field}.readinessGates[${index}].conditionType`, gate.conditionType),
    ),
    ...(spec.schedulingGates ?? []).flatMap((gate, index) => {
      const path = `${field}.schedulingGates[${index}]`;
      const isDuplicate = seen.has(gate.name);
      seen.add(gate.name);
      return [
        ...qualifiedErrors(`${path}.name`, gate.name),
        ...(isDuplicate ? [duplicate(path, gate.name)] : []),
      ];
    }),
  ];
}

function qualifiedErrors(field: string, name: string): readonly FieldError[] {
  return labelErrors(field, { [name]: "" });
}

/** Names of other objects and of the pod in DNS. */
function nameErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const subdomains = [
    ["serviceAccountName", spec.serviceAccountName],
    ["nodeName", spec.nodeName],
    ["priorityClassName", spec.priorityClassName],
    ["runtimeClassName", spec.runtimeClassName],
  ] as const;
  const labels = [
    ["hostname", spec.hostname],
    ["subdomain", spec.subdomain],
  ] as const;
  return [
    ...subdomains.flatMap(([name, value]) => named(`${field}.${name}`, value, dnsSubdomainProblem)),
    ...labels.flatMap(([name, value]) => named(`${field}.${name}`, value, dnsLabelProblem)),
  ];
}

function named(
  field: string,
  value: string | undefined,
  problemOf: (name: string, isPrefix: boolean) => string | undefined,
): readonly FieldError[] {
  if (value === undefined || value === "") return [];
  return fromProblem(field, value, problemOf(value, false));
}

function preemptionErrors(field: string, policy: string | undefined): readonly FieldError[] {
  if (policy === undefined) return [];
  return oneOf(field, policy, ["Never", "PreemptLowerPriority"]);
}

function osErrors(field: string, spec: PodSpec): readonly FieldError[] {
  if (spec.os === undefined) return [];
  if (spec.os.name === "") return [required(`${field}.name`, "cannot be empty")];
  const known = ["linux", "windows"];
  return known.includes(spec.os.name) ? [] : [unsupported(`${field}.name`, spec.os.name, known)];
}
