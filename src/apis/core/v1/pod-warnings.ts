/** What people are told of pods that are accepted, and still may not be what they meant. */
import { compareText } from "../../../machinery/key.ts";
import { dnsLabelProblem } from "../../../machinery/names.ts";
import { milliValue, parseQuantity } from "../../../machinery/quantity.ts";
import type {
  Container,
  ContainerPort,
  PodSpec,
  PodTemplateSpec,
  Volume,
} from "./types.generated.ts";

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
export function podWarnings(name: string, spec: PodSpec): readonly string[] {
  const problem = dnsLabelProblem(name);
  return [
    ...(problem === undefined
      ? []
      : [
          "metadata.name: this is used in the Pod's hostname, which can result in surprising " +
            `behavior; a DNS label is recommended: [${problem}]`,
        ]),
    ...specWarnings("spec", spec),
  ];
}

/** Of a template of pods, as far as it was not so before. */
export function podTemplateWarnings(
  field: string,
  template: PodTemplateSpec | undefined,
  old: PodTemplateSpec | undefined,
): readonly string[] {
  if (template === undefined) return [];
  const known = new Set(old === undefined ? [] : specWarnings(`${field}.spec`, old.spec));
  return specWarnings(`${field}.spec`, template.spec).filter((warning) => !known.has(warning));
}

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

function specWarnings(field: string, spec: PodSpec): readonly string[] {
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
    ...(spec.volumes ?? []).flatMap((volume, index) =>
      volumeWarnings(`${field}.volumes[${index}]`, volume),
    ),
    ...duplicateWarnings(`${field}.imagePullSecrets`, spec),
    ...hostAliasWarnings(`${field}.hostAliases`, spec),
    ...portWarnings(containers),
    ...containers.flatMap(([path, container]) => containerWarnings(path, container)),
    ...(spec.terminationGracePeriodSeconds !== undefined && spec.terminationGracePeriodSeconds < 0
      ? [
          `${field}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid ` +
            "and will be treated as 1",
        ]
      : []),
    ...emptySelectorWarnings(field, spec),
  ];
}

function nodeLabelWarnings(field: string, spec: PodSpec): readonly string[] {
  const selected = Object.keys(spec.nodeSelector ?? {}).sort(compareText);
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
      ?.nodeSelectorTerms ?? [];
  const path =
    `${field}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution` +
    ".nodeSelectorTerms";
  return [
    ...selected.flatMap((key) => labelWarning(`${field}.nodeSelector[${key}]`, key)),
    ...terms.flatMap((term, index) =>
      (term.matchExpressions ?? []).flatMap(({ key }, at) =>
        labelWarning(`${path}[${index}].matchExpressions[${at}].key`, key, `${key} is `),
      ),
    ),
    ...(spec.topologySpreadConstraints ?? []).flatMap(({ topologyKey }, index) =>
      labelWarning(
        `${field}.topologySpreadConstraints[${index}].topologyKey`,
        topologyKey,
        `${topologyKey} is `,
      ),
    ),
  ];
}

function labelWarning(field: string, key: string, subject = ""): readonly string[] {
  const text = DEPRECATED_LABELS.get(key);
  return text === undefined ? [] : [`${field}: ${subject}${text}`];
}

function volumeWarnings(field: string, volume: Volume): readonly string[] {
  const deprecated = Object.keys(volume).flatMap((name) => {
    const text = DEPRECATED_VOLUMES.get(name);
    return text === undefined ? [] : [`${field}.${name}: ${text}`];
  });
  const claim = volume.ephemeral?.volumeClaimTemplate?.spec.resources?.requests?.["storage"];
  return [
    ...deprecated,
    ...(claim === undefined
      ? []
      : fractionWarning(
          `${field}.ephemeral.volumeClaimTemplate.spec.resources.requests[storage]`,
          claim,
        )),
    ...(volume.emptyDir?.sizeLimit === undefined
      ? []
      : fractionWarning(`${field}.emptyDir.sizeLimit`, volume.emptyDir.sizeLimit)),
  ];
}

function duplicateWarnings(field: string, spec: PodSpec): readonly string[] {
  const seen = new Set<string>();
  return (spec.imagePullSecrets ?? []).flatMap(({ name = "" }, index) => {
    if (name === "") {
      return [`${field}[${index}].name: invalid empty name "${name}"`];
    }
    const isTaken = seen.has(name);
    seen.add(name);
    return isTaken ? [`${field}[${index}].name: duplicate name "${name}"`] : [];
  });
}

function hostAliasWarnings(field: string, spec: PodSpec): readonly string[] {
  const seen = new Set<string>();
  return (spec.hostAliases ?? []).flatMap(({ ip }, index) => {
    const isTaken = seen.has(ip);
    seen.add(ip);
    return isTaken ? [`${field}[${index}].ip: duplicate ip "${ip}"`] : [];
  });
}

/** Two containers of one pod share its address, so they cannot both listen at a port. */
function portWarnings(containers: readonly (readonly [string, Container])[]): readonly string[] {
  const seen = new Map<string, string>();
  return containers.flatMap(([path, container]) =>
    (container.ports ?? []).flatMap((port, index) => {
      const place = `${path}.ports[${index}]`;
      const key = portKey(port);
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, place);
        return [];
      }
      return [`${place}: duplicate port definition with ${first}`];
    }),
  );
}

function portKey(port: ContainerPort): string {
  const { containerPort, hostPort = 0, hostIP = "", protocol = "" } = port;
  return `${containerPort}/${hostPort}/${hostIP}/${protocol}`;
}

function containerWarnings(path: string, container: Container): readonly string[] {
  return [...envWarnings(`${path}.env`, container), ...amountWarnings(path, container)];
}

/** Of two variables of one name the later one counts, unless it refers to the earlier. */
function envWarnings(field: string, container: Container): readonly string[] {
  const seen = new Set<string>();
  return (container.env ?? []).flatMap(({ name, value = "" }, index) => {
    const isTaken = seen.has(name) && !value.includes(`$(${name})`);
    seen.add(name);
    if (!isTaken) return [];
    return [
      `${field}[${index}]: hides previous definition of "${name}", which may be dropped when ` +
        "using apply",
    ];
  });
}

function amountWarnings(path: string, container: Container): readonly string[] {
  return (["limits", "requests"] as const).flatMap((side) =>
    (["memory", "ephemeral-storage"] as const).flatMap((name) => {
      const amount = container.resources?.[side]?.[name];
      if (amount === undefined) return [];
      return fractionWarning(`${path}.resources.${side}[${name}]`, amount);
    }),
  );
}

/** `128m` of memory is less than a byte, and was meant to be `128M`. */
function fractionWarning(field: string, amount: string): readonly string[] {
  const quantity = parseQuantity(amount);
  if (quantity === undefined || milliValue(quantity) % 1000n === 0n) return [];
  return [`${field}: fractional byte value "${amount}" is invalid, must be an integer`];
}

function emptySelectorWarnings(field: string, spec: PodSpec): readonly string[] {
  const spread = (spec.topologySpreadConstraints ?? []).flatMap((constraint, index) =>
    constraint.labelSelector === undefined
      ? [
          `${field}.topologySpreadConstraints[${index}].labelSelector: a null labelSelector ` +
            "results in matching no pod",
        ]
      : [],
  );
  const affinity = (["podAffinity", "podAntiAffinity"] as const).flatMap((name) => {
    const { requiredDuringSchedulingIgnoredDuringExecution: must = [] } =
      spec.affinity?.[name] ?? {};
    const { preferredDuringSchedulingIgnoredDuringExecution: should = [] } =
      spec.affinity?.[name] ?? {};
    const path = `${field}.affinity.${name}`;
    const told = "a null labelSelector results in matching no pod";
    return [
      ...must.flatMap((term, index) =>
        term.labelSelector === undefined
          ? [
              `${path}.requiredDuringSchedulingIgnoredDuringExecution[${index}]` +
                `.labelSelector: ${told}`,
            ]
          : [],
      ),
      ...should.flatMap((term, index) =>
        term.podAffinityTerm.labelSelector === undefined
          ? [
              `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}]` +
                `.podAffinityTerm.labelSelector: ${told}`,
            ]
          : [],
      ),
    ];
  });
  return [...affinity, ...spread];
}
