/** What people are told of pods that are accepted, and still may not be what they meant. */
import { compareText } from "../../../machinery/key.ts";
import { dnsLabelProblem, labelValueProblem } from "../../../machinery/names.ts";
import { milliValue, parseQuantity } from "../../../machinery/quantity.ts";
import { templateAppArmorWarnings } from "./app-armor-annotations.ts";
import { ipWarning } from "./legacy-ip.ts";
import type {
  Container,
  ContainerPort,
  NodeSelectorTerm,
  PersistentVolumeClaimSpec,
  PodSpec,
  PodTemplateSpec,
  Volume,
} from "./types.generated.ts";
import { virtualPathWarnings } from "./volume-warnings.ts";

/** Of a controller whose pods take its name. */
export function podNameWarnings(name: string): readonly string[] {
  const problem = dnsLabelProblem(name);
  if (problem === undefined) return [];
  return [
    "metadata.name: this is used in Pod names and hostnames, which can result in surprising " +
      `behavior; a DNS label is recommended: [${problem}]`,
  ];
}

/** Of a pod itself. */
export function podWarnings(name: string, pod: PodLike): readonly string[] {
  const problem = dnsLabelProblem(name);
  return [
    ...(problem === undefined
      ? []
      : [
          "metadata.name: this is used in the Pod's hostname, which can result in surprising " +
            `behavior; a DNS label is recommended: [${problem}]`,
        ]),
    ...specWarnings("", pod),
  ];
}

/** Of a template of pods, as far as it was not so before. */
export function podTemplateWarnings(
  field: string,
  template: PodTemplateSpec | undefined,
  old: PodTemplateSpec | undefined,
): readonly string[] {
  if (template === undefined) return [];
  const known = new Set(old === undefined ? [] : specWarnings(`${field}.`, old));
  return specWarnings(`${field}.`, template).filter((warning) => !known.has(warning));
}

type PodLike = {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
};

const DEPRECATED_LABELS: ReadonlyMap<string, string> = new Map([
  ["beta.kubernetes.io/arch", 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ["beta.kubernetes.io/os", 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  [
    "failure-domain.beta.kubernetes.io/region",
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  ],
  [
    "failure-domain.beta.kubernetes.io/zone",
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  ],
  [
    "beta.kubernetes.io/instance-type",
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  ],
  ["app.kubernetes.io/created-by", "deprecated since v1.9"],
  [
    "scheduler.alpha.kubernetes.io/preferAvoidPods",
    "deprecated since v1.22; use Taints and Tolerations instead",
  ],
  ["node-role.kubernetes.io/master", 'use "node-role.kubernetes.io/control-plane" instead'],
]);

/** Volumes that drivers have taken over, or that nothing serves any more. */
const DEPRECATED_VOLUMES: ReadonlyMap<string, string> = new Map([
  ["photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"],
  ["scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["flocker", "deprecated in v1.22, non-functional in v1.25+"],
  ["storageos", "deprecated in v1.22, non-functional in v1.25+"],
  ["quobyte", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["rbd", "deprecated in v1.28, non-functional in v1.31+"],
]);

const DEPRECATED_ANNOTATIONS = [
  [
    "scheduler.alpha.kubernetes.io/critical-pod",
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  ],
  [
    "security.alpha.kubernetes.io/sysctls",
    'non-functional in v1.11+; use the "sysctls" field instead',
  ],
  [
    "security.alpha.kubernetes.io/unsafe-sysctls",
    'non-functional in v1.11+; use the "sysctls" field instead',
  ],
] as const;

const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";

/** `prefix`: the place of the pod or template, with a dot at its end. */
function specWarnings(prefix: string, { metadata, spec }: PodLike): readonly string[] {
  const field = `${prefix}spec`;
  const annotations = metadata?.annotations ?? {};
  const containers = [
    ...(spec.initContainers ?? []).map(
      (container, index) => [`${field}.initContainers[${index}]`, container] as const,
    ),
    ...spec.containers.map(
      (container, index) => [`${field}.containers[${index}]`, container] as const,
    ),
  ];
  return [
    ...nodeLabelWarnings(field, spec),
    ...spreadWarnings(`${field}.topologySpreadConstraints`, spec),
    ...DEPRECATED_ANNOTATIONS.flatMap(([key, text]) =>
      Object.hasOwn(annotations, key) ? [`${prefix}metadata.annotations[${key}]: ${text}`] : [],
    ),
    ...(spec.volumes ?? []).flatMap((volume, index) =>
      volumeWarnings(`${field}.volumes[${index}]`, volume),
    ),
    ...virtualPathWarnings(spec.volumes ?? []),
    ...hostAliasWarnings(`${field}.hostAliases`, spec),
    ...pullSecretWarnings(`${field}.imagePullSecrets`, spec),
    ...BYTE_AMOUNTS.flatMap((name) =>
      fractionWarning(`${field}.overhead[${name}]`, amountOf(spec.overhead, name)),
    ),
    ...seccompWarnings(`${prefix}metadata.annotations`, annotations, spec, containers),
    ...(prefix === "" ? [] : templateAppArmorWarnings(prefix.slice(0, -1), { metadata, spec })),
    ...containers.flatMap(([path, container]) => containerWarnings(path, container)),
    ...portWarnings(containers),
    ...portNameWarnings(containers),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [
          `${field}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid ` +
            "and will be treated as 1",
        ]
      : []),
    ...emptySelectorWarnings(field, spec),
    ...(spec.dnsConfig?.nameservers ?? []).flatMap((ip, index) =>
      ipWarning(`${field}.dnsConfig.nameservers[${index}]`, ip),
    ),
    ...(spec.hostAliases ?? []).flatMap(({ ip }, index) =>
      ipWarning(`${field}.hostAliases[${index}].ip`, ip),
    ),
  ];
}

function seccompWarnings(
  field: string,
  annotations: Readonly<Record<string, string>>,
  spec: PodSpec,
  containers: readonly (readonly [string, Container])[],
): readonly string[] {
  const text = 'non-functional in v1.27+; use the "seccompProfile" field instead';
  const told = (key: string): readonly string[] =>
    Object.hasOwn(annotations, key) ? [`${field}[${key}]: ${text}`] : [];
  return [
    ...(spec.securityContext?.seccompProfile === undefined ? told(SECCOMP_POD) : []),
    ...containers.flatMap(([, { name, securityContext }]) =>
      securityContext?.seccompProfile === undefined ? told(`${SECCOMP_CONTAINER}${name}`) : [],
    ),
  ];
}

function nodeLabelWarnings(field: string, spec: PodSpec): readonly string[] {
  const selected = Object.keys(spec.nodeSelector ?? {}).sort(compareText);
  const {
    requiredDuringSchedulingIgnoredDuringExecution: must,
    preferredDuringSchedulingIgnoredDuringExecution: should = [],
  } = spec.affinity?.nodeAffinity ?? {};
  const path = `${field}.affinity.nodeAffinity`;
  return [
    ...selected.flatMap((key) => labelWarning(`${field}.nodeSelector[${key}]`, key)),
    ...(must?.nodeSelectorTerms ?? []).flatMap((term, index) => {
      const list = `${path}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
      return termWarnings(`${list}[${index}]`, term);
    }),
    ...should.flatMap(({ preference }, index) => {
      const at = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`;
      return [...termWarnings(at, preference), ...valueWarnings(at, preference)];
    }),
  ];
}

function termWarnings(path: string, term: NodeSelectorTerm): readonly string[] {
  return (term.matchExpressions ?? []).flatMap(({ key }, at) =>
    labelWarning(`${path}.matchExpressions[${at}].key`, key, `${key} is `),
  );
}

/** Values no label can have are let through where they are only preferred. */
function valueWarnings(path: string, term: NodeSelectorTerm): readonly string[] {
  return (term.matchExpressions ?? []).flatMap(({ values = [] }, at) =>
    values.flatMap((value, index) =>
      (labelValueProblem(value)?.split("; ") ?? []).map(
        (problem) =>
          `${path}.matchExpressions[${at}].values[${index}]: ${value} is invalid, ${problem}`,
      ),
    ),
  );
}

function spreadWarnings(field: string, spec: PodSpec): readonly string[] {
  return (spec.topologySpreadConstraints ?? []).flatMap((rule, index) => [
    ...labelWarning(`${field}[${index}].topologyKey`, rule.topologyKey, `${rule.topologyKey} is `),
    ...(rule.labelSelector === undefined
      ? [`${field}[${index}].labelSelector: a null labelSelector results in matching no pod`]
      : []),
  ]);
}

function labelWarning(field: string, key: string, subject = ""): readonly string[] {
  const text = DEPRECATED_LABELS.get(key);
  return text === undefined ? [] : [`${field}: ${subject}${text}`];
}

function volumeWarnings(field: string, volume: Volume): readonly string[] {
  const deprecated = Object.keys(volume).flatMap((name) => {
    const text = DEPRECATED_VOLUMES.get(name);
    const shown = name === "storageos" ? "storageOS" : name;
    return text === undefined ? [] : [`${field}.${shown}: ${text}`];
  });
  const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
  return [
    ...deprecated,
    ...claimSpecWarnings(`${field}.ephemeral.volumeClaimTemplate.spec`, claim),
  ];
}

/** Of a claim of storage, which comes in whole bytes. */
export function claimSpecWarnings(
  field: string,
  spec: PersistentVolumeClaimSpec | undefined,
): readonly string[] {
  return (["requests", "limits"] as const).flatMap((side) =>
    fractionWarning(
      `${field}.resources.${side}[storage]`,
      amountOf(spec?.resources?.[side], "storage"),
    ),
  );
}

function pullSecretWarnings(field: string, spec: PodSpec): readonly string[] {
  const seen = new Set<string>();
  const names = (spec.imagePullSecrets ?? []).map(({ name = "" }) => name);
  const repeated = names.flatMap((name, index) => {
    const isTaken = seen.has(name);
    seen.add(name);
    return isTaken ? [`${field}[${index}].name: duplicate name "${name}"`] : [];
  });
  const empty = names.flatMap((name, index) =>
    name === "" ? [`${field}[${index}].name: invalid empty name ""`] : [],
  );
  return [...repeated, ...empty];
}

function hostAliasWarnings(field: string, spec: PodSpec): readonly string[] {
  const seen = new Set<string>();
  return (spec.hostAliases ?? []).flatMap(({ ip }, index) => {
    const isTaken = seen.has(ip);
    seen.add(ip);
    return isTaken ? [`${field}[${index}].ip: duplicate ip "${ip}"`] : [];
  });
}

/** Containers of one pod share its address, so that two cannot listen at one port. */
function portWarnings(containers: readonly (readonly [string, Container])[]): readonly string[] {
  const seen = new Map<string, (readonly [string, ContainerPort])[]>();
  return containers.flatMap(([path, container]) =>
    (container.ports ?? []).flatMap((port, index) => {
      const place = `${path}.ports[${index}]`;
      const key = `${port.containerPort}/${port.protocol ?? ""}`;
      const others = seen.get(key) ?? [];
      seen.set(key, [...others, [place, port]]);
      const { hostIP = "", hostPort = 0 } = port;
      return [
        ...(hostIP !== "" && hostPort === 0
          ? [`${place}: hostIP set without hostPort: ${portText(port)}`]
          : []),
        ...others.flatMap(([other, before]) => {
          const how = portOverlap(port, before);
          return how === undefined ? [] : [`${place}: ${how} port definition with ${other}`];
        }),
      ];
    }),
  );
}

/** How two definitions of one port of the pod stand to each other; undefined if beside. */
function portOverlap(port: ContainerPort, other: ContainerPort): string | undefined {
  const { hostIP = "", hostPort = 0 } = port;
  const { hostIP: otherIp = "", hostPort: otherPort = 0 } = other;
  if (hostIP === otherIp && hostPort === otherPort) return "duplicate";
  if (hostPort === 0 || otherPort === 0) return "overlapping";
  const isAmbiguous = hostPort === otherPort && (hostIP === "") !== (otherIp === "");
  return isAmbiguous ? "dangerously ambiguous" : undefined;
}

function portText(port: ContainerPort): string {
  const { name = "", hostPort = 0, containerPort, protocol = "", hostIP = "" } = port;
  return (
    `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} ` +
    `Protocol:${protocol} HostIP:${hostIP}}`
  );
}

function portNameWarnings(
  containers: readonly (readonly [string, Container])[],
): readonly string[] {
  const seen = new Map<string, string>();
  return containers.flatMap(([path, container]) =>
    (container.ports ?? []).flatMap(({ name = "" }, index) => {
      if (name === "") return [];
      const place = `${path}.ports[${index}]`;
      const first = seen.get(name);
      if (first === undefined) {
        seen.set(name, place);
        return [];
      }
      return [
        `${place}: duplicate port name "${name}" with ${first}, services and probes that select ` +
          `ports by name will use ${first}`,
      ];
    }),
  );
}

function containerWarnings(path: string, container: Container): readonly string[] {
  return [...amountWarnings(path, container), ...envWarnings(`${path}.env`, container)];
}

/** Of two variables of one name the later one counts, unless it refers to the earlier. */
function envWarnings(field: string, container: Container): readonly string[] {
  const seen = new Set<string>();
  return (container.env ?? []).flatMap(({ name, value = "", valueFrom }, index) => {
    const reference = `$(${name})`;
    const isUsed = valueFrom === undefined && value !== reference && value.includes(reference);
    const isTaken = seen.has(name) && !isUsed;
    seen.add(name);
    if (!isTaken) return [];
    return [
      `${field}[${index}]: hides previous definition of "${name}", which may be dropped when ` +
        "using apply",
    ];
  });
}

const BYTE_AMOUNTS = ["memory", "ephemeral-storage"] as const;

function amountWarnings(path: string, container: Container): readonly string[] {
  return BYTE_AMOUNTS.flatMap((name) =>
    (["limits", "requests"] as const).flatMap((side) =>
      fractionWarning(
        `${path}.resources.${side}[${name}]`,
        amountOf(container.resources?.[side], name),
      ),
    ),
  );
}

function amountOf(
  amounts: Readonly<Record<string, string>> | undefined,
  name: string,
): string | undefined {
  return amounts !== undefined && Object.hasOwn(amounts, name) ? amounts[name] : undefined;
}

/** `128m` of memory is less than a byte, and was meant to be `128M`. */
function fractionWarning(field: string, amount: string | undefined): readonly string[] {
  const quantity = amount === undefined ? undefined : parseQuantity(amount);
  if (quantity === undefined || milliValue(quantity) % 1000n === 0n) return [];
  return [`${field}: fractional byte value "${amount}" is invalid, must be an integer`];
}

function emptySelectorWarnings(field: string, spec: PodSpec): readonly string[] {
  const told = "a null labelSelector results in matching no pod";
  return (["podAffinity", "podAntiAffinity"] as const).flatMap((name) => {
    const {
      requiredDuringSchedulingIgnoredDuringExecution: must = [],
      preferredDuringSchedulingIgnoredDuringExecution: should = [],
    } = spec.affinity?.[name] ?? {};
    const path = `${field}.affinity.${name}`;
    const required = `${path}.requiredDuringSchedulingIgnoredDuringExecution`;
    const preferred = `${path}.preferredDuringSchedulingIgnoredDuringExecution`;
    return [
      ...must.flatMap(({ labelSelector }, index) =>
        labelSelector === undefined ? [`${required}[${index}].labelSelector: ${told}`] : [],
      ),
      ...should.flatMap(({ podAffinityTerm }, index) =>
        podAffinityTerm.labelSelector === undefined
          ? [`${preferred}[${index}].podAffinityTerm.labelSelector: ${told}`]
          : [],
      ),
    ];
  });
}
