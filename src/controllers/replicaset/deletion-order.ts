/**
 * Which pods of a ReplicaSet go first when there are too many: those that would be missed least.
 *
 * The criteria, each only where all before it are equal: not on a node yet; Pending before Unknown
 * before Running; not ready; lower deletion cost; more siblings on the same node; ready for less
 * time; more restarts; younger; lower uid. Times are compared by the power of two of their age, so
 * that among pods of about one age the choice is spread by uid instead of always hitting the newest
 * (KEP-2185). Unlike upstream, a uid never decides before the later criteria: the order is total.
 */
import type { Pod } from "../../client/builtin.ts";
import { parseApiTime } from "../../machinery/api-time.ts";
import { compareText } from "../../machinery/key.ts";
import { isActive, isReady, readySinceMs } from "./pod-state.ts";

/** An integer, as text: pods with a lower one are deleted first. Absent or malformed: 0. */
export const DELETION_COST_ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";

/** All that the order looks at, read once per pod. Compared field by field, lower goes first. */
type Rank = {
  readonly isAssigned: number;
  readonly phase: number;
  readonly isReady: number;
  readonly deletionCost: number;
  readonly apart: number;
  readonly readyAge: number;
  readonly stability: number;
  readonly sidecarStability: number;
  readonly age: number;
  readonly uid: string;
};

/**
 * `pods`, the first to delete first. `siblings` are all pods that serve the same purpose: those of
 * every ReplicaSet under the same owner; they tell how crowded a node is.
 */
export function inDeletionOrder(
  pods: readonly Pod[],
  siblings: readonly Pod[],
  nowMs: number,
): readonly Pod[] {
  const crowd = new Map<string, number>();
  for (const sibling of siblings) {
    const node = sibling.spec.nodeName ?? "";
    if (isActive(sibling)) crowd.set(node, (crowd.get(node) ?? 0) + 1);
  }
  return pods
    .map((pod) => ({ pod, rank: rankOf(pod, crowd, nowMs) }))
    .toSorted((a, b) => compareRanks(a.rank, b.rank))
    .map(({ pod }) => pod);
}

function rankOf(pod: Pod, crowd: ReadonlyMap<string, number>, nowMs: number): Rank {
  const node = pod.spec.nodeName ?? "";
  const restarts = restartsOf(pod);
  const created = pod.metadata.creationTimestamp;
  return {
    isAssigned: node === "" ? 0 : 1,
    phase: phaseRank(pod.status.phase),
    isReady: isReady(pod) ? 1 : 0,
    deletionCost: deletionCost(pod),
    apart: -(crowd.get(node) ?? 0),
    readyAge: ageRank(readySinceMs(pod), nowMs),
    stability: -restarts.ofContainers,
    sidecarStability: -restarts.ofSidecars,
    age: ageRank(created === undefined ? undefined : parseApiTime(created), nowMs),
    uid: pod.metadata.uid ?? "",
  };
}

function compareRanks(a: Rank, b: Rank): number {
  return (
    a.isAssigned - b.isAssigned ||
    a.phase - b.phase ||
    a.isReady - b.isReady ||
    a.deletionCost - b.deletionCost ||
    a.apart - b.apart ||
    a.readyAge - b.readyAge ||
    a.stability - b.stability ||
    a.sidecarStability - b.sidecarStability ||
    a.age - b.age ||
    compareText(a.uid, b.uid)
  );
}

function phaseRank(phase: string | undefined): number {
  if (phase === "Running") return 2;
  return phase === "Unknown" ? 1 : 0;
}

/** The power of two of the age; below all others when unknown or not in the past. */
function ageRank(sinceMs: number | undefined, nowMs: number): number {
  const ageMs = sinceMs === undefined || Number.isNaN(sinceMs) ? 0 : nowMs - sinceMs;
  // Upstream counts nanoseconds; the bucket borders are part of the behaviour.
  return ageMs > 0 ? Math.floor(Math.log2(ageMs * 1e6)) : -1;
}

function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[DELETION_COST_ANNOTATION] ?? "";
  // The API's form of an int32: no leading plus or zeros.
  if (!/^(?:0|-?[1-9][0-9]{0,9})$/.test(text)) return 0;
  const cost = Number(text);
  return cost >= -(2 ** 31) && cost < 2 ** 31 ? cost : 0;
}

function restartsOf(pod: Pod): { readonly ofContainers: number; readonly ofSidecars: number } {
  const sidecars = new Set(
    (pod.spec.initContainers ?? [])
      .filter((container) => container.restartPolicy === "Always")
      .map((container) => container.name),
  );
  const most = (counts: readonly number[]): number => Math.max(0, ...counts);
  return {
    ofContainers: most((pod.status.containerStatuses ?? []).map((status) => status.restartCount)),
    ofSidecars: most(
      (pod.status.initContainerStatuses ?? [])
        .filter((status) => sidecars.has(status.name))
        .map((status) => status.restartCount),
    ),
  };
}
