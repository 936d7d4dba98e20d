import type { ConfigMap, Namespace, Node, Secret, Service } from "../../../client/builtin.ts";
import { encodeYaml } from "../../../machinery/codec/yaml.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { block, field, textLines, type Part } from "./layout.ts";
import { conditionsBlock, identity, labelsAndAnnotations, pairs } from "./metadata.ts";

export function describeService(service: Service): readonly Part[] {
  const { spec } = service;
  return [
    ...identity(service),
    ...labelsAndAnnotations(service),
    field("Selector", pairs(Object.entries(spec.selector ?? {}), "=").join(",")),
    field("Type", spec.type),
    field("IP", spec.clusterIP),
    ...(spec.ports ?? []).flatMap((port) => [
      field("Port", `${port.name ?? "<unset>"}  ${port.port}/${port.protocol ?? "TCP"}`),
      field("TargetPort", `${port.targetPort ?? port.port}/${port.protocol ?? "TCP"}`),
    ]),
    field("Session Affinity", spec.sessionAffinity),
  ];
}

export function describeConfigMap(configMap: ConfigMap): readonly Part[] {
  const data = Object.entries(configMap.data ?? {}).flatMap(([key, value]) => [
    "",
    `${key}:`,
    "----",
    ...value.split("\n"),
  ]);
  return [
    ...identity(configMap),
    ...labelsAndAnnotations(configMap),
    textLines(["", "Data", "====", ...data, ""]),
  ];
}

/** Sizes only: the values stay secret. */
export function describeSecret(secret: Secret): readonly Part[] {
  const sizes = Object.entries(secret.data ?? {}).map(([key, value]): readonly [string, string] => [
    key,
    `${Buffer.from(value, "base64").length} bytes`,
  ]);
  return [
    ...identity(secret),
    ...labelsAndAnnotations(secret),
    field("Type", secret.type),
    textLines(["", "Data", "====", ...pairs(sizes, ":  "), ""]),
  ];
}

export function describeNamespace(namespace: Namespace): readonly Part[] {
  return [
    ...identity(namespace),
    ...labelsAndAnnotations(namespace),
    field("Status", namespace.status.phase),
    ...conditionsBlock(namespace.status.conditions, ["Reason", "Message"]),
  ];
}

export function describeNode(node: Node): readonly Part[] {
  const { spec, status } = node;
  const taints = (spec.taints ?? []).map(({ key, value, effect }) =>
    value === undefined ? `${key}:${effect}` : `${key}=${value}:${effect}`,
  );
  const amounts = (resources: Readonly<Record<string, string | number>> | undefined) =>
    Object.entries(resources ?? {}).map(([name, value]) => field(name, String(value)));
  return [
    ...identity(node),
    ...labelsAndAnnotations(node),
    field("CreationTimestamp", node.metadata.creationTimestamp),
    field("Taints", taints),
    field("Unschedulable", String(spec.unschedulable ?? false)),
    ...conditionsBlock(status.conditions, ["Reason", "Message"]),
    block(
      "Addresses",
      (status.addresses ?? []).map(({ type, address }) => field(type, address)),
    ),
    block("Capacity", amounts(status.capacity)),
    block("Allocatable", amounts(status.allocatable)),
    block(
      "System Info",
      Object.entries(status.nodeInfo ?? {}).map(([key, value]) =>
        field(key, typeof value === "string" ? value : JSON.stringify(value)),
      ),
    ),
  ];
}

/** Any kind without a page of its own: its fields as YAML. */
export function describeOther(object: ApiObject): readonly Part[] {
  const { metadata: _metadata, apiVersion, kind, ...rest } = object;
  return [
    ...identity(object),
    ...labelsAndAnnotations(object),
    field("API Version", apiVersion),
    field("Kind", kind),
    ...(Object.keys(rest).length === 0 ? [] : [textLines(encodeYaml(rest).trimEnd().split("\n"))]),
  ];
}
