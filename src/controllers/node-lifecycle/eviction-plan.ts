/** Whether the taints of its node drive a pod off, and after how long. Pure. */
import type { Node, Pod } from "../../client/builtin.ts";
import { isTerminating } from "../../machinery/object.ts";
import { tolerates } from "../../machinery/taints.ts";
import type { Taint } from "./node-views.ts";

export type EvictionPlan =
  | { readonly kind: "stay" }
  /** Driven off `toleratedMs` after the first taint was met. */
  | { readonly kind: "leave"; readonly toleratedMs: number };

const STAY: EvictionPlan = { kind: "stay" };

/**
 * A taint that is not tolerated drives the pod off at once. Otherwise the shortest of the times for
 * which the taints are tolerated counts; a toleration without a time is for ever.
 */
export function planEviction(pod: Pod, node: Node | undefined): EvictionPlan {
  const taints = drivingTaints(node);
  if (taints.length === 0 || isTerminating(pod)) return STAY;
  const tolerations = pod.spec.tolerations ?? [];
  const used = taints.map((taint) => tolerations.find((one) => tolerates(one, taint)));
  if (used.includes(undefined)) return { kind: "leave", toleratedMs: 0 };
  const seconds = used.flatMap((toleration) => toleration?.tolerationSeconds ?? []);
  if (seconds.length === 0) return STAY;
  return { kind: "leave", toleratedMs: Math.max(0, Math.min(...seconds)) * 1000 };
}

/** The taints that drive pods off a node, rather than only keeping new ones away. */
export function drivingTaints(node: Node | undefined): readonly Taint[] {
  return (node?.spec.taints ?? []).filter(({ effect }) => effect === "NoExecute");
}
