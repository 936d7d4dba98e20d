/**
 * `topologySpreadConstraints`: pods that a selector counts are spread evenly over domains, the
 * values of a node label. Hard constraints refuse a node whose domain would be ahead of the
 * emptiest by more than `maxSkew`; soft ones count the crowd against it. (KEP-895, KEP-3022,
 * KEP-3094)
 */
import type { TopologySpreadConstraint } from "../../apis/core/v1/types.generated.ts";
import type { Pod } from "../../client/builtin.ts";
import { matchesLabels, queryOfSelector, type LabelQuery } from "../../machinery/labels.ts";
import { isTerminating } from "../../machinery/object.ts";
import { isTolerated } from "../../machinery/taints.ts";
import type { NodeView, Snapshot } from "../cluster-state.ts";
import { SCORE_MAX, SKIP, type Normalize, type Plugin } from "../framework.ts";
import { selectsNode } from "./node-selection.ts";

/** A constraint with the present crowd of each domain. */
type Spread = {
  readonly key: string;
  readonly maxSkew: number;
  /** Whether the new pod would count itself. */
  readonly isSelfCounted: boolean;
  readonly crowds: ReadonlyMap<string, number>;
  /** The crowd of the emptiest domain. */
  readonly least: number;
};

const MISMATCH = "node(s) didn't match pod topology spread constraints";
const NO_DOMAIN = `${MISMATCH} (missing required label)`;

export const topologySpread: Plugin = {
  name: "PodTopologySpread",
  wakesOn: ["node-added", "node-labels", "node-taints", "pod-assigned", "pod-labels", "pod-gone"],
  weight: 2,
  preFilter: (pod, snapshot) => {
    const constraints = pod.spec.topologySpreadConstraints ?? [];
    if (constraints.length === 0) return SKIP;
    const isHard = (constraint: TopologySpreadConstraint): boolean =>
      constraint.whenUnsatisfiable !== "ScheduleAnyway";
    const hard = spreadsOf(pod, constraints.filter(isHard), snapshot);
    const soft = spreadsOf(
      pod,
      constraints.filter((constraint) => !isHard(constraint)),
      snapshot,
    );
    return {
      kind: "judge",
      filter: (node) => refusal(node, hard),
      ...(soft.length === 0
        ? {}
        : { score: (node: NodeView) => crowdOf(node, soft), normalize: fewerIsBetter }),
    };
  },
};

function refusal(node: NodeView, spreads: readonly Spread[]): readonly string[] {
  for (const { key, maxSkew, isSelfCounted, crowds, least } of spreads) {
    const domain = domainOf(node, key);
    if (domain === undefined) return [NO_DOMAIN];
    const skew = (crowds.get(domain) ?? 0) + (isSelfCounted ? 1 : 0) - least;
    if (skew > maxSkew) return [MISMATCH];
  }
  return [];
}

/** A node outside of a domain is the last choice. */
function crowdOf(node: NodeView, spreads: readonly Spread[]): number {
  let sum = 0;
  for (const { key, maxSkew, crowds } of spreads) {
    const domain = domainOf(node, key);
    if (domain === undefined) return Number.POSITIVE_INFINITY;
    // Many domains have small crowds: without the weight they would not count beside few large.
    sum += (crowds.get(domain) ?? 0) * Math.log(crowds.size + 2) + (maxSkew - 1);
  }
  return Math.round(sum);
}

const fewerIsBetter: Normalize = (scores) => {
  const finite = scores.filter(Number.isFinite);
  const most = finite.reduce((high, score) => Math.max(high, score), 0);
  const least = finite.reduce((low, score) => Math.min(low, score), most);
  return scores.map((score) => {
    if (!Number.isFinite(score)) return 0;
    return most === 0 ? SCORE_MAX : Math.floor((SCORE_MAX * (most + least - score)) / most);
  });
};

function spreadsOf(
  pod: Pod,
  constraints: readonly TopologySpreadConstraint[],
  { nodes }: Snapshot,
): readonly Spread[] {
  const keys = constraints.map((constraint) => constraint.topologyKey);
  const inAllDomains = nodes.filter((node) =>
    keys.every((key) => domainOf(node, key) !== undefined),
  );
  return constraints.map((constraint) => {
    const query = queryOf(constraint, pod);
    const eligible = inAllDomains.filter((node) => isEligible(node, constraint, pod));
    const crowds = new Map<string, number>();
    for (const node of eligible) {
      const domain = domainOf(node, constraint.topologyKey) ?? "";
      crowds.set(domain, (crowds.get(domain) ?? 0) + countOn(node, pod, query));
    }
    const isShort = crowds.size < (constraint.minDomains ?? 1);
    const least = [...crowds.values()].reduce((low, crowd) => Math.min(low, crowd), Infinity);
    return {
      key: constraint.topologyKey,
      maxSkew: constraint.maxSkew,
      isSelfCounted: query !== undefined && matchesLabels(query, pod.metadata.labels),
      crowds,
      least: isShort || !Number.isFinite(least) ? 0 : least,
    };
  });
}

/** Whether the node's domain counts as one the pod could be in. */
function isEligible(
  { node }: NodeView,
  constraint: TopologySpreadConstraint,
  { spec }: Pod,
): boolean {
  const honorsAffinity = constraint.nodeAffinityPolicy !== "Ignore"; // default: Honor
  if (honorsAffinity && !selectsNode(spec, node)) return false;
  const honorsTaints = constraint.nodeTaintsPolicy === "Honor"; // default: Ignore
  return (
    !honorsTaints ||
    (node.spec.taints ?? []).every(
      (taint) => taint.effect === "PreferNoSchedule" || isTolerated(taint, spec.tolerations),
    )
  );
}

function countOn(node: NodeView, pod: Pod, query: LabelQuery | undefined): number {
  if (query === undefined) return 0;
  let count = 0;
  for (const other of node.pods) {
    const isCounted =
      other.metadata.namespace === pod.metadata.namespace &&
      !isTerminating(other) &&
      matchesLabels(query, other.metadata.labels);
    if (isCounted) count += 1;
  }
  return count;
}

/** The selector, and the pod's own values of `matchLabelKeys`. No selector: none is counted. */
function queryOf(constraint: TopologySpreadConstraint, pod: Pod): LabelQuery | undefined {
  if (constraint.labelSelector === undefined) return undefined;
  const labels = pod.metadata.labels ?? {};
  const own = (constraint.matchLabelKeys ?? []).flatMap((key) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    return value === undefined ? [] : [{ key, operator: "=" as const, values: [value] }];
  });
  const { requirements } = queryOfSelector(constraint.labelSelector);
  return { requirements: [...requirements, ...own] };
}

function domainOf({ node }: NodeView, key: string): string | undefined {
  const labels = node.metadata.labels ?? {};
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
