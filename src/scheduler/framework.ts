/**
 * The seam of the scheduler: what a plugin may decide about, and when it is asked.
 *
 *     preEnqueue  may the pod be tried at all?
 *     preFilter   once per try: a look at the pod and all nodes
 *     filter      per node: can it run there?
 *     score       per node that can: how good would that be?
 *     reserve     the node is chosen, and counted as if the pod were there
 *     bind        the choice is written
 *
 * All but `bind` are synchronous, so that a try sees one state of the cluster from end to end.
 */
import type { Context } from "../base/context.ts";
import type { Pod } from "../client/builtin.ts";
import type { NodeView, Snapshot } from "./cluster-state.ts";

/** What happened in the cluster that may let a pod fit which did not. */
export type ClusterChange =
  | "node-added"
  | "node-allocatable"
  | "node-labels"
  | "node-taints"
  | "pod-assigned"
  | "pod-labels"
  | "pod-gone";

export type Judgement =
  /** The plugin has nothing to say about this pod. */
  | { readonly kind: "skip" }
  /** No node will do, whatever its state; the reason is told as it stands. */
  | { readonly kind: "reject"; readonly reason: string }
  | {
      readonly kind: "judge";
      /** Why the pod cannot run there; none: it can. The same words for the same reason. */
      readonly filter?: (node: NodeView) => readonly string[];
      /** Any scale; put into 0 to 100 by `normalize`. */
      readonly score?: (node: NodeView) => number;
      /** Absent: scores are in 0 to 100 already. */
      readonly normalize?: Normalize;
    };

/** Puts the scores of all nodes that fit, in any scale, into 0 to 100. */
export type Normalize = (scores: readonly number[]) => readonly number[];

export const SKIP: Judgement = { kind: "skip" };

export interface Plugin {
  /** Unique; CamelCase as upstream names it. */
  readonly name: string;
  /** Changes after which a pod that this plugin refused is tried again. */
  readonly wakesOn: readonly ClusterChange[];
  /** How much its score counts (default 1). */
  readonly weight?: number;
  /** Why the pod is not to be tried yet; undefined: it may be. */
  preEnqueue?(pod: Pod): string | undefined;
  preFilter?(pod: Pod, snapshot: Snapshot): Judgement;
  /** Takes note of the choice; what it answers undoes that. */
  reserve?(pod: Pod, nodeName: string): () => void;
  /** The first plugin that has one binds. */
  bind?(pod: Pod, nodeName: string, context: Context): Promise<void>;
}

export const SCORE_MAX = 100;

/** The highest score becomes 100, the others in proportion; all are 0 if none is above. */
export const higherIsBetter: Normalize = (scores) => {
  const most = scores.reduce((high, score) => Math.max(high, score), 0);
  return scores.map((score) => (most === 0 ? 0 : Math.floor((SCORE_MAX * score) / most)));
};

/** The highest score becomes 0, none becomes 100. */
export const lowerIsBetter: Normalize = (scores) =>
  higherIsBetter(scores).map((score) => SCORE_MAX - score);
