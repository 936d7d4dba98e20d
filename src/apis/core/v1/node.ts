/** Nodes: a spec that says what may run there, and a status its agent reports. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { compareText } from "../../../machinery/key.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { errorIf, forbidden, invalid } from "../../field-errors.ts";
import { parseCidr } from "../../ip-validation.ts";
import type { Strategy, TableCell } from "../../strategy.ts";
import {
  AGE_COLUMN,
  ageOf,
  column,
  NAME_COLUMN,
  nameOf,
  NONE,
  textOrNone,
  wideColumn,
} from "../../table-columns.ts";
import { resourceAmountErrors } from "./resource-validation.ts";
import { nodeSchema } from "./schema.generated.ts";
import { taintErrors } from "./scheduling-validation.ts";
import type { Node, NodeSpec } from "./types.generated.ts";

const ROLE_PREFIX = "node-role.kubernetes.io/";
const ROLE_LABEL = "kubernetes.io/role";
const UNKNOWN = "<unknown>";
const NOT_A_RANGE = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

/** What people may change in the spec; the rest is set once. */

const PROXY_VERBS: readonly string[] = ["create", "delete", "get", "patch", "update"];

export const nodeStrategy: Strategy<Node> = {
  names: {
    group: "",
    version: "v1",
    kind: "Node",
    plural: "nodes",
    singular: "node",
    shortNames: ["no"],
    categories: [],
    isNamespaced: false,
  },
  schema: nodeSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: false,
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  applyDefaults: (node) => withDefaults(canonicalForm(node, nodeSchema)),
  // A node comes with the status its agent found, so that it can be used from its first moment.
  prepareForCreate: (node) => node,
  prepareForUpdate: (next, old) => ({ ...next, status: old.status }),
  validate: (node) => [
    ...taintErrors("metadata.taints", node.spec.taints),
    ...amountErrors(node),
    ...rangeErrors("spec.podCIDRs", node.spec.podCIDRs ?? []),
  ],
  validateUpdate: specUpdateErrors,
  status: {
    prepareForUpdate: (next, old) => ({ ...next, spec: old.spec }),
    validateUpdate: () => [],
  },
  otherSubresources: [
    { name: "proxy", group: "", version: "v1", kind: "NodeProxyOptions", verbs: PROXY_VERBS },
  ],
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  fieldSelectors: { "spec.unschedulable": (node) => String(node.spec.unschedulable ?? false) },
  columns: [
    NAME_COLUMN,
    column("Status", "Whether pods can run there, and whether new ones may."),
    column("Roles", "Roles the node's labels name."),
    AGE_COLUMN,
    column("Version", "Version of the node's agent."),
    wideColumn("Internal-IP", "Address inside the cluster."),
    wideColumn("External-IP", "Address from outside."),
    wideColumn("OS-Image", "Operating system."),
    wideColumn("Kernel-Version", "Version of the kernel."),
    wideColumn("Container-Runtime", "What runs the containers."),
  ],
  row: nodeRow,
};

function withDefaults(node: Node): Node {
  const { status } = node;
  const { capacity, allocatable = capacity } = status;
  return {
    ...node,
    spec: withPodCidrs(node.spec),
    status: allocatable === undefined ? status : { ...status, allocatable },
  };
}

/** The first range has an old name and a place in the list; whoever writes one writes both. */
function withPodCidrs(spec: NodeSpec): NodeSpec {
  const { podCIDR = "", podCIDRs = [] } = spec;
  const [head = "", ...others] = podCIDRs;
  if (podCIDR !== "" && podCIDR !== head) return { ...spec, podCIDRs: [podCIDR, ...others] };
  return podCIDR === "" && head !== "" ? { ...spec, podCIDR: head } : spec;
}

function amountErrors(node: Node): readonly FieldError[] {
  return (["capacity", "allocatable"] as const).flatMap((side) =>
    Object.entries(node.status[side] ?? {}).flatMap(([name, amount]) =>
      resourceAmountErrors(`status.${side}.${name}`, name, amount),
    ),
  );
}

/** Addresses of the node's pods: one range of each family at most. */
function rangeErrors(field: string, ranges: readonly string[]): readonly FieldError[] {
  const families = ranges.map((range) => parseCidr(range)?.family);
  const isPair = ranges.length === 2 && families[0] !== families[1];
  const tooMany = "may specify no more than one CIDR for each IP family";
  return [
    ...ranges.flatMap((range, index) =>
      errorIf(families[index] === undefined, invalid(`${field}[${index}]`, range, NOT_A_RANGE)),
    ),
    ...errorIf(ranges.length > 1 && !isPair, invalid(field, ranges, tooMany)),
  ];
}

function specUpdateErrors(next: Node, old: Node): readonly FieldError[] {
  const hadRanges = (old.spec.podCIDRs ?? []).length > 0;
  const hadProvider = (old.spec.providerID ?? "") !== "";
  return [
    ...(hadRanges && !equalValues(next.spec.podCIDRs, old.spec.podCIDRs)
      ? [forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid')]
      : []),
    ...(hadProvider && next.spec.providerID !== old.spec.providerID
      ? [
          forbidden(
            "spec.providerID",
            'node updates may not change providerID except from "" to valid',
          ),
        ]
      : []),
    ...taintErrors("metadata.taints", next.spec.taints), // upstream looks at them twice
    ...errorIf(
      next.spec.externalID !== old.spec.externalID,
      forbidden("spec.externalID", "may not be updated"),
    ),
  ];
}

function nodeRow(node: Node, nowMs: number): readonly TableCell[] {
  const info = node.status.nodeInfo;
  return [
    nameOf(node),
    statusText(node),
    rolesText(node),
    ageOf(node, nowMs),
    info?.kubeletVersion ?? "",
    addressText(node, "InternalIP"),
    addressText(node, "ExternalIP"),
    info?.osImage || UNKNOWN,
    info?.kernelVersion || UNKNOWN,
    info?.containerRuntimeVersion || UNKNOWN,
  ];
}

function statusText(node: Node): string {
  const ready = (node.status.conditions ?? []).find((condition) => condition.type === "Ready");
  const state = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return node.spec.unschedulable === true ? `${state},SchedulingDisabled` : state;
}

function rolesText(node: Node): string {
  const roles = Object.entries(node.metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(ROLE_PREFIX)) return [key.slice(ROLE_PREFIX.length)];
    return key === ROLE_LABEL ? [value] : [];
  });
  const named = [...new Set(roles.filter((role) => role !== ""))].sort(compareText);
  return named.length === 0 ? NONE : named.join(",");
}

function addressText(node: Node, type: string): string {
  const address = (node.status.addresses ?? []).find((candidate) => candidate.type === type);
  return textOrNone(address?.address);
}
