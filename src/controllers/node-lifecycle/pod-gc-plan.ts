/** Which pods nobody will end: those whose node is gone, or that never had one. Pure. */
import type { Node, Pod } from "../../client/builtin.ts";
import { isTerminating } from "../../machinery/object.ts";
import { compareText, keyOf, keyText } from "../../machinery/key.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";
import { isBound, readyStatus } from "./node-views.ts";

/** Set by people on a node that is known to be off: its pods may be given up. */
export const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

export type Removal = {
  readonly pod: Pod;
  readonly why: "node-gone" | "node-out-of-service" | "never-scheduled" | "over";
};

export type PodGcInput = {
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  /** Names of nodes that are known to be gone for long enough. */
  readonly goneNodes: ReadonlySet<string>;
  /** Ended pods that are kept for people to look at; the oldest above go. */
  readonly overPodsMax: number;
};

/** Each pod at most once. */
export function planPodGc(input: PodGcInput): readonly Removal[] {
  const nodes = new Map(input.nodes.map((node) => [node.metadata.name ?? "", node]));
  const given = input.pods.flatMap((pod): readonly Removal[] => {
    const why = reasonToGiveUp(pod, nodes, input.goneNodes);
    return why === undefined ? [] : [{ pod, why }];
  });
  const taken = new Set(given.map(({ pod }) => pod));
  const over = input.pods.filter((pod) => hasEnded(pod) && !taken.has(pod) && !isTerminating(pod));
  const surplus = over.toSorted(byAge).slice(0, Math.max(0, over.length - input.overPodsMax));
  return [...given, ...surplus.map((pod): Removal => ({ pod, why: "over" }))];
}

/** Names of nodes that pods are bound to and that are not there. */
export function missingNodes(pods: readonly Pod[], nodes: readonly Node[]): ReadonlySet<string> {
  const present = new Set(nodes.map(({ metadata }) => metadata.name));
  const named = pods.flatMap(({ spec }) => (isBound(spec.nodeName) ? [spec.nodeName] : []));
  return new Set(named.filter((name) => !present.has(name)));
}

function reasonToGiveUp(
  pod: Pod,
  nodes: ReadonlyMap<string, Node>,
  goneNodes: ReadonlySet<string>,
): Removal["why"] | undefined {
  const { nodeName } = pod.spec;
  if (!isBound(nodeName)) return isTerminating(pod) ? "never-scheduled" : undefined;
  if (goneNodes.has(nodeName)) return "node-gone";
  const node = nodes.get(nodeName);
  if (node === undefined || !isTerminating(pod) || readyStatus(node) === "True") return undefined;
  const isOff = (node.spec.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);
  return isOff ? "node-out-of-service" : undefined;
}

function byAge(a: Pod, b: Pod): number {
  return (
    compareText(a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? "") ||
    compareText(keyText(keyOf(a)), keyText(keyOf(b)))
  );
}
