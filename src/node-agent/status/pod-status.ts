/** Phase, conditions and container statuses of a pod: what the API shows of it. Pure. */
import type {
  ContainerStatus,
  Pod,
  PodCondition,
  PodStatus,
} from "../../apis/core/v1/types.generated.ts";
import { findCondition, setCondition } from "../../machinery/conditions.ts";
import { apiTime } from "../../machinery/object.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";
import { isFinished } from "../pod/plan.ts";
import {
  isRunning,
  type ContainerRole,
  type ContainerView,
  type PodView,
} from "../pod/pod-view.ts";
import { containerStatus, isContainerReady } from "./container-status.ts";

/** What a status needs to know of the node. */
export type StatusFacts = {
  readonly hostIp: string;
  /** The scheme of container ids, e.g. `process`. */
  readonly runtimeName: string;
  /** When this node took the pod on; kept from the API's status where it says so. */
  readonly startTime: string;
};

/** Condition types that this agent owns; others in the status belong to others. */
export const AGENT_CONDITIONS: readonly string[] = [
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
];

/** The status of the pod as the view shows it, on top of `old` (conditions of others are kept). */
export function podStatus(view: PodView, old: PodStatus, facts: StatusFacts): PodStatus {
  const statusOf = (container: ContainerView): ContainerStatus =>
    containerStatus(view, container, facts.runtimeName);
  const statusesOf = (...roles: readonly ContainerRole[]): readonly ContainerStatus[] =>
    view.containers.filter(({ role }) => roles.includes(role)).map(statusOf);
  const first = statusesOf("init", "sidecar");
  const guests = statusesOf("ephemeral");
  const phase = phaseOf(view, old);
  const ip = view.sandbox?.ip ?? old.podIP;
  const isFailedByVerdict = phase === "Failed" && view.verdict !== undefined;
  const { reason: _reason, message: _message, ...rest } = old;
  return {
    ...rest,
    ...(view.pod.metadata.generation === undefined
      ? {}
      : { observedGeneration: view.pod.metadata.generation }),
    phase,
    conditions: conditionsOf(view, phase, old),
    ...(isFailedByVerdict ? view.verdict : hasEnded({ status: old }) ? ownReason(old) : {}),
    hostIP: facts.hostIp,
    hostIPs: [{ ip: facts.hostIp }],
    ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
    startTime: old.startTime ?? facts.startTime,
    ...(first.length > 0 ? { initContainerStatuses: first } : {}),
    containerStatuses: statusesOf("app"),
    ...(guests.length > 0 ? { ephemeralContainerStatuses: guests } : {}),
  };
}

function ownReason(status: PodStatus): Pick<PodStatus, "reason" | "message"> {
  return {
    ...(status.reason === undefined ? {} : { reason: status.reason }),
    ...(status.message === undefined ? {} : { message: status.message }),
  };
}

/**
 * Pending until every app container has run once; Succeeded or Failed only when nothing will run
 * again and nothing runs (sidecars included); these two never go back.
 */
export function phaseOf(view: PodView, old: PodStatus): string {
  if (old.phase !== undefined && hasEnded({ status: old })) return old.phase;
  const isAnyAlive = view.containers.some((one) => isRunning(one) || one.activity !== "none");
  const apps = view.containers.filter((container) => container.role === "app");
  const hasAllRun = apps.every(hasRun);
  if (view.verdict !== undefined) return isAnyAlive ? alivePhase(view, hasAllRun) : "Failed";
  if (!isAnyAlive && (view.intent.kind === "end" || isFinished(view))) return finalPhase(view);
  return alivePhase(view, hasAllRun);
}

function alivePhase(view: PodView, hasAllRun: boolean): string {
  const hasPendingInit = view.containers.some(
    (container) => container.role === "init" && !isContainerReady(container),
  );
  const hasAppRun = view.containers.some((one) => one.role === "app" && hasRun(one));
  if (hasPendingInit && !hasAppRun) return "Pending";
  return hasAllRun ? "Running" : "Pending";
}

function finalPhase(view: PodView): string {
  const apps = view.containers.filter((container) => container.role === "app");
  const hasSucceeded = apps.every((container) => {
    const state = container.latest?.state;
    return state?.kind === "exited" && state.exitCode === 0;
  });
  return hasSucceeded ? "Succeeded" : "Failed";
}

function hasRun(container: ContainerView): boolean {
  return container.latest !== undefined && container.latest.state.kind !== "created";
}

type Verdict = Pick<PodCondition, "status" | "reason" | "message">;

const TRUE: Verdict = { status: "True" };

function conditionsOf(view: PodView, phase: string, old: PodStatus): readonly PodCondition[] {
  const containersReady = containersReadyCondition(view, phase);
  const computed: readonly (readonly [string, Verdict])[] = [
    ["PodReadyToStartContainers", view.sandbox?.state === "ready" ? TRUE : { status: "False" }],
    ["Initialized", initializedCondition(view, phase)],
    ["Ready", readyCondition(view, containersReady)],
    ["ContainersReady", containersReady],
    ["PodScheduled", TRUE],
  ];
  const now = apiTime(view.nowMs);
  const generation = view.pod.metadata.generation;
  let conditions = old.conditions ?? [];
  for (const [type, verdict] of computed) {
    const kept = findCondition(conditions, type);
    if (type === "PodScheduled" && kept?.status === "True") continue; // the scheduler's, done
    const next: PodCondition = {
      type,
      ...verdict,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    };
    // A reason that no longer holds must go, so the old condition gives only its times.
    const bare = conditions.map((one) => (one === kept ? withoutReason(one) : one));
    conditions = setCondition(bare, next, now);
  }
  return conditions;
}

function withoutReason(condition: PodCondition): PodCondition {
  const { reason: _reason, message: _message, ...rest } = condition;
  return rest;
}

function containersReadyCondition(view: PodView, phase: string): Verdict {
  if (phase === "Succeeded") return { status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { status: "False", reason: "PodFailed" };
  const unready = view.containers
    .filter(({ role }) => role === "sidecar" || role === "app")
    .filter((container) => !isContainerReady(container))
    .map((container) => container.spec.name);
  if (unready.length === 0) return TRUE;
  return {
    status: "False",
    reason: "ContainersNotReady",
    message: `containers with unready status: [${unready.join(" ")}]`,
  };
}

function readyCondition(view: PodView, containersReady: Verdict): Verdict {
  if (containersReady.status !== "True") return containersReady;
  const unmet = gateProblems(view.pod);
  if (unmet.length === 0) return TRUE;
  return { status: "False", reason: "ReadinessGatesNotReady", message: unmet.join(", ") };
}

function gateProblems(pod: Pod): readonly string[] {
  return (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = findCondition(pod.status.conditions, conditionType);
    if (condition === undefined) {
      return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    }
    if (condition.status === "True") return [];
    return [
      `the status of pod readiness gate "${conditionType}" is not "True", ` +
        `but ${condition.status}`,
    ];
  });
}

function initializedCondition(view: PodView, phase: string): Verdict {
  if (phase === "Succeeded") return { status: "True", reason: "PodCompleted" };
  if (view.containers.some((one) => one.role === "app" && hasRun(one))) return TRUE;
  const incomplete = view.containers
    .filter(({ role }) => role === "init" || role === "sidecar")
    .filter((one) => !isInitialized(one))
    .map((one) => one.spec.name);
  if (incomplete.length === 0) return TRUE;
  return {
    status: "False",
    reason: "ContainersNotInitialized",
    message: `containers with incomplete status: [${incomplete.join(" ")}]`,
  };
}

function isInitialized(container: ContainerView): boolean {
  if (container.role === "init") return isContainerReady(container);
  return isRunning(container) && container.isStarted;
}
