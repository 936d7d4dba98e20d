/**
 * `podAffinity` and `podAntiAffinity`: pods near, or far from, other pods, where near means the
 * same value of a node label. Anti-affinity works both ways: a pod that wants to be alone also
 * keeps later ones away. The first pod of a group that wants to be together goes anywhere.
 */
import type { PodAffinityTerm, PodSpec } from "../../apis/core/v1/types.generated.ts";
import type { Pod } from "../../client/builtin.ts";
import {
  matchesLabels,
  queryOfSelector,
  type LabelQuery,
  type LabelRequirement,
  type Labels,
} from "../../machinery/labels.ts";
import type { NodeView, Snapshot } from "../cluster-state.ts";
import { SCORE_MAX, SKIP, type Normalize, type Plugin } from "../framework.ts";

/** The labels of a namespace; undefined if there is none of that name. */
export type NamespaceLabels = (name: string) => Labels | undefined;

/** A term, ready to be asked about pods. */
type Term = {
  readonly key: string;
  readonly matches: (other: Pod) => boolean;
};

/** Counts or weights by label key and value. */
class Domains {
  readonly #values = new Map<string, number>();

  add(key: string, node: NodeView, amount: number): void {
    const domain = domainOf(node, key);
    if (domain === undefined) return;
    const text = `${key}=${domain}`;
    this.#values.set(text, (this.#values.get(text) ?? 0) + amount);
  }

  /** 0 where nothing was counted, or the node has no such label. */
  at(key: string, node: NodeView): number {
    const domain = domainOf(node, key);
    return domain === undefined ? 0 : (this.#values.get(`${key}=${domain}`) ?? 0);
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }
}

const AFFINITY = "node(s) didn't match pod affinity rules";
const ANTI_AFFINITY = "node(s) didn't match pod anti-affinity rules";
const OTHERS_ANTI_AFFINITY = "node(s) didn't satisfy existing pods anti-affinity rules";

export function interPodAffinity(namespaceLabels: NamespaceLabels): Plugin {
  return {
    name: "InterPodAffinity",
    wakesOn: ["node-added", "node-labels", "pod-assigned", "pod-labels", "pod-gone"],
    weight: 2,
    preFilter: (pod, snapshot) => {
      const isChoosy =
        pod.spec.affinity?.podAffinity !== undefined ||
        pod.spec.affinity?.podAntiAffinity !== undefined;
      const others = snapshot.nodes.some((node) => node.choosyPods.size > 0);
      if (!isChoosy && !others) return SKIP;
      const filter = filterFor(pod, snapshot, namespaceLabels);
      const weights = weightsFor(pod, snapshot, namespaceLabels);
      if (weights.keys.size === 0) return { kind: "judge", filter };
      const score = (node: NodeView): number =>
        [...weights.keys].reduce((sum, key) => sum + weights.domains.at(key, node), 0);
      return { kind: "judge", filter, score, normalize: spreadOut };
    },
  };
}

function filterFor(
  pod: Pod,
  { nodes }: Snapshot,
  namespaceLabels: NamespaceLabels,
): (node: NodeView) => readonly string[] {
  const { near, far } = requiredTerms(pod, namespaceLabels);
  const friends = new Domains();
  const foes = new Domains();
  const shunning = new Domains();
  const shunningKeys = new Set<string>();
  for (const node of nodes) {
    for (const other of near.length + far.length > 0 ? node.pods : []) {
      if (near.length > 0 && near.every((term) => term.matches(other))) {
        for (const { key } of near) friends.add(key, node, 1);
      }
      for (const { key, matches } of far) if (matches(other)) foes.add(key, node, 1);
    }
    for (const other of node.choosyPods) {
      for (const { key, matches } of requiredTerms(other, namespaceLabels).far) {
        if (!matches(pod)) continue;
        shunning.add(key, node, 1);
        shunningKeys.add(key);
      }
    }
  }
  // The first of a group has no friends anywhere, and would otherwise wait for itself.
  const isFirst = friends.isEmpty && near.every((term) => term.matches(pod));
  return (node) => {
    const hasDomains = near.every(({ key }) => domainOf(node, key) !== undefined);
    const hasFriends = isFirst || near.every(({ key }) => friends.at(key, node) > 0);
    if (!hasDomains || !hasFriends) return [AFFINITY];
    if (far.some(({ key }) => foes.at(key, node) > 0)) return [ANTI_AFFINITY];
    const isShunned = [...shunningKeys].some((key) => shunning.at(key, node) > 0);
    return isShunned ? [OTHERS_ANTI_AFFINITY] : [];
  };
}

/** How welcome the pod is near others, by its own preferences and by theirs. */
function weightsFor(
  pod: Pod,
  { nodes }: Snapshot,
  namespaceLabels: NamespaceLabels,
): { readonly domains: Domains; readonly keys: ReadonlySet<string> } {
  const domains = new Domains();
  const keys = new Set<string>();
  const own = preferredTerms(pod, namespaceLabels);
  const add = (key: string, node: NodeView, weight: number): void => {
    domains.add(key, node, weight);
    keys.add(key);
  };
  for (const node of nodes) {
    for (const other of own.length > 0 ? node.pods : []) {
      for (const { key, matches, weight } of own) if (matches(other)) add(key, node, weight);
    }
    for (const other of node.choosyPods) {
      const theirs = [
        ...preferredTerms(other, namespaceLabels),
        ...requiredTerms(other, namespaceLabels).near.map((term) => ({ ...term, weight: 1 })),
      ];
      for (const { key, matches, weight } of theirs) if (matches(pod)) add(key, node, weight);
    }
  }
  return { domains, keys };
}

function requiredTerms(
  pod: Pod,
  namespaceLabels: NamespaceLabels,
): { readonly near: readonly Term[]; readonly far: readonly Term[] } {
  const { podAffinity, podAntiAffinity } = affinityOf(pod.spec);
  const ready = (term: PodAffinityTerm): Term => termOf(term, pod, namespaceLabels);
  return {
    near: (podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(ready),
    far: (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(ready),
  };
}

function preferredTerms(
  pod: Pod,
  namespaceLabels: NamespaceLabels,
): readonly (Term & { readonly weight: number })[] {
  const { podAffinity, podAntiAffinity } = affinityOf(pod.spec);
  const near = podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const far = podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return [
    ...near.map(({ podAffinityTerm, weight }) => ({
      ...termOf(podAffinityTerm, pod, namespaceLabels),
      weight,
    })),
    ...far.map(({ podAffinityTerm, weight }) => ({
      ...termOf(podAffinityTerm, pod, namespaceLabels),
      weight: -weight,
    })),
  ];
}

function affinityOf(spec: PodSpec): NonNullable<PodSpec["affinity"]> {
  return spec.affinity ?? {};
}

/** `term` of `pod`: which others it is about. */
function termOf(term: PodAffinityTerm, pod: Pod, namespaceLabels: NamespaceLabels): Term {
  const { topologyKey, labelSelector, namespaces = [], namespaceSelector } = term;
  const query = labelSelector === undefined ? undefined : queryOf(term, pod.metadata.labels ?? {});
  const spaces = namespaceSelector === undefined ? undefined : queryOfSelector(namespaceSelector);
  const isOwnOnly = namespaces.length === 0 && spaces === undefined;
  const named = new Set(isOwnOnly ? [pod.metadata.namespace ?? ""] : namespaces);
  const isInScope = (namespace: string): boolean =>
    named.has(namespace) || (spaces !== undefined && selectsNamespace(spaces, namespace));
  const selectsNamespace = (wanted: LabelQuery, namespace: string): boolean =>
    wanted.requirements.length === 0 || matchesKnown(wanted, namespaceLabels(namespace));
  return {
    key: topologyKey,
    matches: (other) =>
      query !== undefined &&
      isInScope(other.metadata.namespace ?? "") &&
      matchesLabels(query, other.metadata.labels),
  };
}

function matchesKnown(query: LabelQuery, labels: Labels | undefined): boolean {
  return labels !== undefined && matchesLabels(query, labels);
}

function queryOf(term: PodAffinityTerm, labels: Labels): LabelQuery {
  const own = (keys: readonly string[], operator: "in" | "notin"): readonly LabelRequirement[] =>
    keys.flatMap((key) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      return value === undefined ? [] : [{ key, operator, values: [value] }];
    });
  return {
    requirements: [
      ...queryOfSelector(term.labelSelector ?? {}).requirements,
      ...own(term.matchLabelKeys ?? [], "in"),
      ...own(term.mismatchLabelKeys ?? [], "notin"),
    ],
  };
}

/** From the lowest, which becomes 0, to the highest, which becomes 100. */
const spreadOut: Normalize = (scores) => {
  const most = scores.reduce((high, score) => Math.max(high, score), Number.NEGATIVE_INFINITY);
  const least = scores.reduce((low, score) => Math.min(low, score), Number.POSITIVE_INFINITY);
  const range = most - least;
  return scores.map((score) => (range > 0 ? Math.floor((SCORE_MAX * (score - least)) / range) : 0));
};

function domainOf({ node }: NodeView, key: string): string | undefined {
  const labels = node.metadata.labels ?? {};
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
