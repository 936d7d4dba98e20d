/**
 * An installation as a Helm chart: the same objects, with the few things in `values.yaml` that
 * differ from cluster to cluster. Texts of the author stay texts: a `{{` in a description is none
 * of Helm's.
 */
import { encodeYaml } from "../../machinery/codec/yaml.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import { installManifests, type InstallOptions } from "./manifests-of-module.ts";
import type { ModuleContents } from "./module-contents.ts";

/** Contents by path in the folder of the chart. */
export type ChartFiles = ReadonlyMap<string, string>;

export type ChartOptions = Omit<InstallOptions, "namespace"> & {
  /** Of the chart and of the program: `1.2.3`. */
  readonly version: string;
};

/** Stands where a value of Helm's will: no author writes it. */
const MARK = "setpoint-chart-value-";
const NAMESPACE = `${MARK}namespace`;
const IMAGE = `${MARK}image`;
const REPLICAS = `${MARK}replicas`;
/** Values that are blocks of YAML, in the pods. */
const BLOCKS = ["nodeSelector", "tolerations", "affinity", "imagePullSecrets"] as const;

/** Throws nothing: what is wrong with the module is known by now. */
export function helmChart(contents: ModuleContents, options: ChartOptions): ChartFiles {
  const { name, image, replicas, version } = options;
  const hasSpread = { replicas: Math.max(replicas, 2), hasNetworkPolicy: true };
  const marked = { ...options, ...hasSpread, namespace: NAMESPACE, image: IMAGE };
  const objects = installManifests(contents, marked).filter(({ kind }) => kind !== "Namespace");
  const files = new Map<string, string>([
    ["Chart.yaml", encodeYaml(chartOf(name, version))],
    ["values.yaml", valuesText({ image, replicas, hasPolicy: options.hasNetworkPolicy ?? false })],
  ]);
  for (const [kind, of] of Map.groupBy(objects, (object) => String(own(object, "kind")))) {
    const texts = of.map((object) => conditional(kind, templateOf(withValues(kind, object))));
    files.set(`templates/${kind.toLowerCase()}.yaml`, texts.join("---\n"));
  }
  return files;
}

function chartOf(name: string, version: string): Fields {
  const description = `The operator ${name}: definitions, roles and its Deployment.`;
  return { apiVersion: "v2", name, description, type: "application", version, appVersion: version };
}

function valuesText(values: {
  readonly image: string;
  readonly replicas: number;
  readonly hasPolicy: boolean;
}): string {
  const { image, replicas, hasPolicy } = values;
  return [
    "# The container image of the program.",
    encodeYaml({ image }).trimEnd(),
    "# One works, the others wait to take over.",
    encodeYaml({ replicas }).trimEnd(),
    "# Whether the definitions of its kinds are part of the release. They stay when it goes.",
    "definitions: true",
    "# Whether nothing but probes, metrics and webhooks is reached over the network.",
    encodeYaml({ networkPolicy: hasPolicy }).trimEnd(),
    encodeYaml({
      resources: { requests: { cpu: "10m", memory: "128Mi" }, limits: { memory: "256Mi" } },
      nodeSelector: {},
      tolerations: [],
      affinity: {},
      imagePullSecrets: [],
    }),
  ].join("\n");
}

/** Marks where values go; definitions outlive a release, as their objects would go with them. */
function withValues(kind: string, object: Fields): Fields {
  if (kind === "CustomResourceDefinition") {
    const metadata = fieldsOf(own(object, "metadata"));
    const annotations = { "helm.sh/resource-policy": "keep" };
    return { ...object, metadata: { ...metadata, annotations } };
  }
  if (kind !== "Deployment") return object;
  const spec = fieldsOf(own(object, "spec"));
  const template = fieldsOf(own(spec, "template"));
  const pod = fieldsOf(own(template, "spec"));
  const containers = own(pod, "containers");
  const marked = (Array.isArray(containers) ? containers : []).map((container: unknown) => {
    return { ...fieldsOf(container), resources: `${MARK}resources` };
  });
  const blocks = Object.fromEntries(BLOCKS.map((name) => [name, `${MARK}${name}`]));
  const whole = { ...pod, ...blocks, containers: marked };
  return {
    ...object,
    spec: { ...spec, replicas: REPLICAS, template: { ...template, spec: whole } },
  };
}

function conditional(kind: string, text: string): string {
  const conditions: Readonly<Record<string, string>> = {
    CustomResourceDefinition: ".Values.definitions",
    NetworkPolicy: ".Values.networkPolicy",
    PodDisruptionBudget: "gt (int .Values.replicas) 1",
  };
  const condition = own(conditions, kind);
  if (typeof condition !== "string") return text;
  return `{{- if ${condition} }}\n${text}{{- end }}\n`;
}

/** The object as text, its marks replaced by what Helm reads. */
function templateOf(object: Fields): string {
  const lines = encodeYaml(object).replaceAll("{{", '{{ "{{" }}').split("\n");
  return lines.map(lineOf).join("\n");
}

function lineOf(line: string): string {
  const at = line.indexOf(MARK);
  if (at < 0) return line;
  const block = /^( *(?:- )?)([A-Za-z]+): setpoint-chart-value-([A-Za-z]+)$/.exec(line);
  const [, indent = "", field = "", value = ""] = block ?? [];
  switch (value) {
    case "namespace":
      return `${indent}${field}: {{ .Release.Namespace | quote }}`;
    case "image":
      return `${indent}${field}: {{ .Values.image | quote }}`;
    case "replicas":
      return `${indent}${field}: {{ .Values.replicas }}`;
    case "":
      // Within a longer text.
      return line
        .replaceAll(NAMESPACE, "{{ .Release.Namespace }}")
        .replaceAll(IMAGE, "{{ .Values.image }}");
    default: {
      const inner = indent.length + 2;
      return `${indent}${field}:\n{{- toYaml .Values.${value} | nindent ${inner} }}`;
    }
  }
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}
