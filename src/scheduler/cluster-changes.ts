/** What a new state of a node or pod means for pods that wait. Pure. */
import type { Node, Pod } from "../client/builtin.ts";
import { equalValues } from "../machinery/json-value.ts";
import type { ClusterChange } from "./framework.ts";

export function changesOfNode(old: Node | undefined, next: Node): readonly ClusterChange[] {
  if (old === undefined || old.metadata.uid !== next.metadata.uid) return ["node-added"];
  const isTainted =
    !equalValues(old.spec.taints ?? [], next.spec.taints ?? []) ||
    old.spec.unschedulable !== next.spec.unschedulable;
  return [
    ...changeIf("node-allocatable", old.status.allocatable, next.status.allocatable),
    ...changeIf("node-labels", old.metadata.labels, next.metadata.labels),
    ...(isTainted ? (["node-taints"] as const) : []),
  ];
}

/** Of a pod on a node; undefined: none, or not there any more. */
export function changesOfPod(
  old: Pod | undefined,
  next: Pod | undefined,
): readonly ClusterChange[] {
  if (next === undefined) return old === undefined ? [] : ["pod-gone"];
  if (old === undefined) return ["pod-assigned"];
  if (old.metadata.uid !== next.metadata.uid) return ["pod-gone", "pod-assigned"];
  return [
    ...changeIf("pod-labels", old.metadata.labels, next.metadata.labels),
    // A pod that leaves no longer counts for spreading; one resized in place may leave room.
    ...changeIf("pod-gone", old.metadata.deletionTimestamp, next.metadata.deletionTimestamp),
    ...changeIf("pod-gone", old.spec.containers, next.spec.containers),
  ];
}

function changeIf(change: ClusterChange, old: unknown, next: unknown): readonly ClusterChange[] {
  return equalValues(old, next) ? [] : [change];
}
