/**
 * The nodes and what is on them, kept up to date from the informers and ahead of them: a pod that
 * was just given a node is counted there (assumed) until the watch shows it, or the binding fails.
 *
 * Invariant: a pod is counted on at most one node, and on exactly the one it names or was given.
 */
import { assert } from "../base/assert.ts";
import type { Node, Pod } from "../client/builtin.ts";
import { compareText, keyOf, keyText } from "../machinery/key.ts";
import { addTo, amountsOf, estimateOf, requestsOf, type Amounts } from "./resources.ts";

/** A node as plugins see it. Valid during one cycle only. */
export type NodeView = {
  readonly name: string;
  readonly node: Node;
  /** Assigned and assumed pods that have not ended. */
  readonly pods: ReadonlySet<Pod>;
  /** Those of them that mind which pods are near. */
  readonly choosyPods: ReadonlySet<Pod>;
  readonly allocatable: Amounts;
  readonly requested: Amounts;
  /** As requested, but every container counts as using something. */
  readonly estimated: Amounts;
};

/** All nodes, by name. Valid during one cycle only. */
export type Snapshot = { readonly nodes: readonly NodeView[] };

type Place = {
  readonly pod: Pod;
  readonly nodeName: string;
  readonly isAssumed: boolean;
  readonly requested: Amounts;
  readonly estimated: Amounts;
};

/** Pods can be known before their node is, and stay when it goes. */
class NodeEntry {
  readonly name: string;
  readonly pods = new Set<Pod>();
  readonly choosyPods = new Set<Pod>();
  readonly requested = new Map<string, bigint>();
  readonly estimated = new Map<string, bigint>();
  node: Node | undefined;
  allocatable: Amounts = new Map();

  constructor(name: string) {
    this.name = name;
  }
}

export class ClusterState {
  readonly #nodes = new Map<string, NodeEntry>();
  readonly #places = new Map<string, Place>();
  #snapshot: Snapshot | undefined;

  /** The present state; the same object until nodes come or go, with live contents. */
  snapshot(): Snapshot {
    this.#snapshot ??= { nodes: this.#views() };
    return this.#snapshot;
  }

  /** Pods that were given a node which the watch has not shown. */
  get assumedCount(): number {
    let count = 0;
    for (const place of this.#places.values()) if (place.isAssumed) count += 1;
    return count;
  }

  putNode(node: Node): void {
    const name = node.metadata.name ?? "";
    const entry = this.#entry(name);
    entry.node = node;
    entry.allocatable = amountsOf(node.status.allocatable);
    this.#snapshot = undefined;
  }

  removeNode(name: string): void {
    const entry = this.#nodes.get(name);
    if (entry === undefined) return;
    entry.node = undefined;
    this.#dropIfEmpty(entry);
    this.#snapshot = undefined;
  }

  /** Counts a pod on the node it names; ends its being assumed. */
  putPod(pod: Pod): void {
    const nodeName = pod.spec.nodeName ?? "";
    assert(nodeName !== "", "a pod that is put names its node");
    this.#place({ pod, nodeName, isAssumed: false });
  }

  /** Counts a pod on a node that it was given just now. */
  assume(pod: Pod, nodeName: string): void {
    const known = this.#places.get(textOf(pod));
    assert(known === undefined, "a pod is given a node once");
    this.#place({ pod, nodeName, isAssumed: true });
  }

  /** Takes back what was assumed; a pod that the watch has shown on a node stays there. */
  forget(pod: Pod): void {
    if (this.#places.get(textOf(pod))?.isAssumed === true) this.removePod(textOf(pod));
  }

  /** Whether this very pod was given a node that the watch has not shown. */
  isAssumed(pod: Pod): boolean {
    const place = this.#places.get(textOf(pod));
    return place?.isAssumed === true && place.pod.metadata.uid === pod.metadata.uid;
  }

  /** The pod counted under this key. */
  pod(key: string): Pod | undefined {
    return this.#places.get(key)?.pod;
  }

  removePod(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    const entry = this.#entry(place.nodeName);
    entry.pods.delete(place.pod);
    entry.choosyPods.delete(place.pod);
    addTo(entry.requested, place.requested, -1n);
    addTo(entry.estimated, place.estimated, -1n);
    this.#dropIfEmpty(entry);
  }

  #place(wish: Pick<Place, "pod" | "nodeName" | "isAssumed">): void {
    const key = textOf(wish.pod);
    this.removePod(key);
    const { spec } = wish.pod;
    const place = { ...wish, requested: requestsOf(spec), estimated: estimateOf(spec) };
    this.#places.set(key, place);
    const entry = this.#entry(place.nodeName);
    entry.pods.add(place.pod);
    if (isChoosy(place.pod)) entry.choosyPods.add(place.pod);
    addTo(entry.requested, place.requested, 1n);
    addTo(entry.estimated, place.estimated, 1n);
  }

  #entry(name: string): NodeEntry {
    const entry = this.#nodes.get(name) ?? new NodeEntry(name);
    this.#nodes.set(name, entry);
    return entry;
  }

  #dropIfEmpty(entry: NodeEntry): void {
    if (entry.node === undefined && entry.pods.size === 0) this.#nodes.delete(entry.name);
  }

  #views(): readonly NodeView[] {
    const views = [...this.#nodes.values()].flatMap(({ node, ...entry }) =>
      node === undefined ? [] : [{ ...entry, node }],
    );
    return views.sort((a, b) => compareText(a.name, b.name));
  }
}

function isChoosy({ spec }: Pod): boolean {
  return spec.affinity?.podAffinity !== undefined || spec.affinity?.podAntiAffinity !== undefined;
}

function textOf(pod: Pod): string {
  return keyText(keyOf(pod));
}
