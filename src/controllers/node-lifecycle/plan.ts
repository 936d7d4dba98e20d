/**
 * What is to be written about one node: the conditions nobody reports any more, and the taints that
 * follow from its conditions. Pure.
 */
import type { Node } from "../../client/builtin.ts";
import { findCondition, isConditionTrue } from "../../machinery/conditions.ts";
import { readyStatus, type NodeCondition, type Taint } from "./node-views.ts";

export const NOT_READY = "node.kubernetes.io/not-ready";
export const UNREACHABLE = "node.kubernetes.io/unreachable";
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

/** Conditions that an agent reports and that are unknown without it. */
const REPORTED = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"] as const;

/** Conditions that keep new pods away while they are True. */
const PRESSURES: Readonly<Record<string, string>> = {
  MemoryPressure: "node.kubernetes.io/memory-pressure",
  DiskPressure: "node.kubernetes.io/disk-pressure",
  PIDPressure: "node.kubernetes.io/pid-pressure",
  NetworkUnavailable: "node.kubernetes.io/network-unavailable",
};

/** The taint keys that this controller sets and removes, by effect; others are never touched. */
const OWN_KEYS: Readonly<Record<string, ReadonlySet<string>>> = {
  NoSchedule: new Set([NOT_READY, UNREACHABLE, UNSCHEDULABLE, ...Object.values(PRESSURES)]),
  NoExecute: new Set([NOT_READY, UNREACHABLE]),
};

/** The conditions of a node that has fallen silent; the very same array if they say so already. */
export function silentConditions(node: Node, now: string): readonly NodeCondition[] {
  const conditions = node.status.conditions ?? [];
  const isSaid = REPORTED.every((type) => findCondition(conditions, type)?.status === "Unknown");
  if (isSaid) return conditions;
  const known = conditions.map((condition) => {
    const isReported = REPORTED.some((type) => type === condition.type);
    if (!isReported || condition.status === "Unknown") return condition;
    return { ...condition, ...SILENT, lastTransitionTime: now };
  });
  const missing = REPORTED.filter((type) => findCondition(conditions, type) === undefined);
  return [
    ...known,
    ...missing.map((type) => ({
      type,
      ...NEVER_HEARD,
      lastHeartbeatTime: node.metadata.creationTimestamp ?? now,
      lastTransitionTime: now,
    })),
  ];
}

const SILENT = {
  status: "Unknown",
  reason: "NodeStatusUnknown",
  message: "The node agent has stopped reporting.",
} as const;

const NEVER_HEARD = {
  status: "Unknown",
  reason: "NodeStatusNeverUpdated",
  message: "The node agent has never reported.",
} as const;

/** Whether pods may be driven off a node now: asked at most once, and only if it matters. */
export type MayEvict = () => boolean;

/**
 * The taints the node should have; undefined if it has just these. `isDisrupted`: no node at
 * all is ready, so there is no better place for any pod and nothing is driven off.
 */
export function plannedTaints(
  node: Node,
  situation: { readonly isDisrupted: boolean; readonly mayEvict: MayEvict; readonly now: string },
): readonly Taint[] | undefined {
  const old = node.spec.taints ?? [];
  const wanted = [...noScheduleKeys(node).map(noSchedule), ...noExecute(node, situation)];
  const isKept = (taint: Taint): boolean =>
    !isOwn(taint) || wanted.some((other) => isSameTaint(taint, other));
  const added = wanted.filter((taint) => !old.some((other) => isSameTaint(taint, other)));
  if (added.length === 0 && old.every(isKept)) return undefined;
  return [...old.filter(isKept), ...added.map((taint) => ({ ...taint, timeAdded: situation.now }))];
}

function noExecute(
  node: Node,
  situation: { readonly isDisrupted: boolean; readonly mayEvict: MayEvict },
): readonly Taint[] {
  const key = troubleKey(node);
  if (key === undefined || situation.isDisrupted) return [];
  const isBegun = (node.spec.taints ?? []).some(
    (taint) => taint.effect === "NoExecute" && isOwn(taint),
  );
  return isBegun || situation.mayEvict() ? [{ key, effect: "NoExecute" }] : [];
}

function noScheduleKeys(node: Node): readonly string[] {
  const trouble = troubleKey(node);
  const pressures = Object.entries(PRESSURES)
    .filter(([type]) => isConditionTrue(node.status.conditions, type))
    .map(([, key]) => key);
  return [
    ...(trouble === undefined ? [] : [trouble]),
    ...pressures,
    ...(node.spec.unschedulable === true ? [UNSCHEDULABLE] : []),
  ];
}

/** Which of the two taints a node in trouble has; none while it is ready or has not said yet. */
function troubleKey(node: Node): string | undefined {
  const ready = readyStatus(node);
  if (ready === "False") return NOT_READY;
  return ready === "Unknown" ? UNREACHABLE : undefined;
}

function noSchedule(key: string): Taint {
  return { key, effect: "NoSchedule" };
}

function isOwn({ key, effect }: Taint): boolean {
  return Object.hasOwn(OWN_KEYS, effect) && OWN_KEYS[effect]?.has(key) === true;
}

function isSameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}

/** How many nodes there are, and how many of them are not ready. */
export type NodeCount = { readonly total: number; readonly troubled: number };

export type EvictionPace =
  /** No node is ready: nothing is driven off, and what was begun is taken back. */
  { readonly kind: "disrupted" } | { readonly kind: "pace"; readonly perSecond: number };

/** A share of troubled nodes above this looks like trouble of the network, not of nodes. */
const TROUBLED_SHARE = 0.55;
const TROUBLED_NODES_MIN = 3;
const MANY_NODES = 51;

/** All nodes are treated as one zone. */
export function evictionPace(
  count: NodeCount,
  rates: {
    readonly evictionsPerSecond: number;
    readonly troubledEvictionsPerSecond: number;
  },
): EvictionPace {
  const { total, troubled } = count;
  if (total > 0 && troubled === total) return { kind: "disrupted" };
  const isTroubled = troubled >= TROUBLED_NODES_MIN && troubled / total >= TROUBLED_SHARE;
  if (!isTroubled) return { kind: "pace", perSecond: rates.evictionsPerSecond };
  const perSecond = total >= MANY_NODES ? rates.troubledEvictionsPerSecond : 0;
  return { kind: "pace", perSecond };
}
