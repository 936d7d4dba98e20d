/** Labels that say what may run on a node: those of the cluster are not the node's to set. */
import { compareText } from "../../../machinery/key.ts";
import type { Labels } from "../../../machinery/labels.ts";

/** Labels of the cluster that an agent sets all the same: they describe the machine. */
const AGENT_LABELS: readonly string[] = [
  "beta.kubernetes.io/arch",
  "beta.kubernetes.io/instance-type",
  "beta.kubernetes.io/os",
  "failure-domain.beta.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.kubernetes.io/region",
  "failure-domain.kubernetes.io/zone",
  "kubernetes.io/arch",
  "kubernetes.io/hostname",
  "kubernetes.io/instance-type",
  "kubernetes.io/os",
  "node.kubernetes.io/instance-type",
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
];

/** Prefixes, with all below them, that are the agent's own. */
const AGENT_PREFIXES: readonly string[] = ["kubelet.kubernetes.io", "node.kubernetes.io"];

/** The labels that differ and that a node may not change, in order. */
export function restrictedLabels(next: Labels, old: Labels): readonly string[] {
  const keys = new Set([...Object.keys(next), ...Object.keys(old)]);
  return [...keys]
    .filter((key) => read(next, key) !== read(old, key) && isRestricted(key))
    .sort(compareText);
}

function read(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function isRestricted(key: string): boolean {
  const slash = key.indexOf("/");
  if (slash < 0 || AGENT_LABELS.includes(key)) return false;
  const prefix = key.slice(0, slash);
  const isBelow = (domain: string): boolean => prefix === domain || prefix.endsWith(`.${domain}`);
  if (AGENT_PREFIXES.some(isBelow)) return false;
  return isBelow("kubernetes.io") || isBelow("k8s.io");
}
