/** A pod as a line of `kubectl get pods`: one word for a state that is spread over many fields. */
import { isTerminating } from "../../../machinery/object.ts";
import { isConditionTrue } from "../../../machinery/conditions.ts";
import { hasEnded } from "../../../machinery/pod-phase.ts";
import { humanAge } from "../../human-duration.ts";
import type { TableCell, TableColumn } from "../../strategy.ts";
import {
  AGE_COLUMN,
  ageOf,
  column,
  NAME_COLUMN,
  nameOf,
  NONE,
  textOrNone,
  wideColumn,
} from "../../table-columns.ts";
import type {
  Container,
  ContainerStateTerminated,
  ContainerStatus,
  Pod,
} from "./types.generated.ts";

export const POD_COLUMNS: readonly TableColumn[] = [
  NAME_COLUMN,
  column("Ready", "Containers that are ready, of all that run with the pod."),
  column("Status", "State of the pod and of its containers in one word."),
  column("Restarts", "How often containers were restarted, and when last."),
  AGE_COLUMN,
  wideColumn("IP", "Address of the pod."),
  wideColumn("Node", "Node the pod is assigned to."),
  wideColumn("Nominated Node", "Node on which other pods are stopped to make room."),
  wideColumn("Readiness Gates", "Conditions that hold, of those the pod waits for."),
];

/** One cell per column. */
export function podRow(pod: Pod, nowMs: number): readonly TableCell[] {
  const state = podState(pod);
  return [
    nameOf(pod),
    `${state.ready}/${containersOf(pod)}`,
    state.reason,
    restartsText(state, nowMs),
    ageOf(pod, nowMs),
    textOrNone(pod.status.podIPs?.[0]?.ip ?? pod.status.podIP),
    textOrNone(pod.spec.nodeName),
    textOrNone(pod.status.nominatedNodeName),
    readinessGatesText(pod),
  ];
}

/** The word in the STATUS column: `Running`, `Init:0/1`, `CrashLoopBackOff`, `Terminating`, … */
export function podStatusText(pod: Pod): string {
  return podState(pod).reason;
}

/** What is gathered while looking at one container after the other. */
type PodState = {
  readonly reason: string;
  readonly ready: number;
  readonly restarts: number;
  /** When a container last ended and was started again; "" if none was. */
  readonly lastRestart: string;
};

function podState(pod: Pod): PodState {
  const init = initState(pod);
  const isInitializing = init.reason !== undefined;
  const hasInitialized = isConditionTrue(pod.status.conditions, "Initialized");
  const state =
    isInitializing && !hasInitialized
      ? { ...init.all, ready: init.sidecars.ready, reason: init.reason ?? "" }
      : runningState(pod, init.sidecars, init.reason ?? phaseReason(pod));
  return { ...state, reason: terminatingReason(pod) ?? state.reason };
}

function phaseReason(pod: Pod): string {
  const conditions = pod.status.conditions ?? [];
  const isGated = conditions.some((c) => c.type === "PodScheduled" && c.reason === GATED);
  return isGated ? GATED : pod.status.reason || (pod.status.phase ?? "");
}

const GATED = "SchedulingGated";

function terminatingReason(pod: Pod): string | undefined {
  if (!isTerminating(pod)) return undefined;
  if (pod.status.reason === "NodeLost") return "Unknown";
  return hasEnded(pod) ? undefined : "Terminating";
}

type Tally = Omit<PodState, "reason">;

const NOTHING: Tally = { ready: 0, restarts: 0, lastRestart: "" };

type InitState = {
  /** Why the pod still initializes; undefined once it does not. */
  readonly reason: string | undefined;
  /** Of all init containers looked at. */
  readonly all: Tally;
  /** Of those that stay, which count like other containers. */
  readonly sidecars: Tally;
};

/** Init containers run one after the other: the pod waits for the first that is not done. */
function initState(pod: Pod): InitState {
  const containers = pod.spec.initContainers ?? [];
  let all = NOTHING;
  let sidecars = NOTHING;
  for (const [index, status] of (pod.status.initContainerStatuses ?? []).entries()) {
    const stays = isSidecar(containers.find((container) => container.name === status.name));
    all = withRestarts(all, status);
    if (stays) sidecars = withRestarts(sidecars, status);
    if (status.state?.terminated?.exitCode === 0) continue;
    if (stays && status.started === true) {
      if (status.ready) sidecars = { ...sidecars, ready: sidecars.ready + 1 };
      continue;
    }
    return { reason: initReason(status, index, containers.length), all, sidecars };
  }
  return { reason: undefined, all, sidecars };
}

function initReason(status: ContainerStatus, index: number, count: number): string {
  const { terminated, waiting } = status.state ?? {};
  if (terminated !== undefined) return `Init:${endText(terminated)}`;
  const reason = waiting?.reason ?? "";
  if (reason !== "" && reason !== "PodInitializing") return `Init:${reason}`;
  return `Init:${index}/${count}`;
}

/** The first container with something to say says it, unless others run on. */
function runningState(pod: Pod, sidecars: Tally, phase: string): PodState {
  let tally = sidecars;
  let reason = phase;
  let isAnyRunning = false;
  for (const status of (pod.status.containerStatuses ?? []).toReversed()) {
    tally = withRestarts(tally, status);
    const { waiting, terminated, running } = status.state ?? {};
    if ((waiting?.reason ?? "") !== "") reason = waiting?.reason ?? "";
    else if (terminated !== undefined) reason = endText(terminated);
    else if (status.ready && running !== undefined) {
      isAnyRunning = true;
      tally = { ...tally, ready: tally.ready + 1 };
    }
  }
  if (reason !== "Completed" || !isAnyRunning) return { ...tally, reason };
  const isReady = isConditionTrue(pod.status.conditions, "Ready");
  return { ...tally, reason: isReady ? "Running" : "NotReady" };
}

function endText(terminated: ContainerStateTerminated): string {
  if ((terminated.reason ?? "") !== "") return terminated.reason ?? "";
  const signal = terminated.signal ?? 0;
  return signal === 0 ? `ExitCode:${terminated.exitCode}` : `Signal:${signal}`;
}

function withRestarts(tally: Tally, status: ContainerStatus): Tally {
  const ended = status.lastState?.terminated?.finishedAt ?? "";
  return {
    ...tally,
    restarts: tally.restarts + status.restartCount,
    lastRestart: ended > tally.lastRestart ? ended : tally.lastRestart,
  };
}

function containersOf(pod: Pod): number {
  return pod.spec.containers.length + (pod.spec.initContainers ?? []).filter(isSidecar).length;
}

function isSidecar(container: Container | undefined): boolean {
  return container?.restartPolicy === "Always";
}

function restartsText(state: PodState, nowMs: number): string {
  if (state.restarts === 0 || state.lastRestart === "") return String(state.restarts);
  return `${state.restarts} (${humanAge(state.lastRestart, nowMs)} ago)`;
}

function readinessGatesText(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return NONE;
  const held = gates.filter((gate) => isConditionTrue(pod.status.conditions, gate.conditionType));
  return `${held.length}/${gates.length}`;
}
