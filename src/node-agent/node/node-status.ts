/** What a node says of itself. Pure. */
import type {
  Node,
  NodeCondition,
  NodeStatus,
  NodeSystemInfo,
} from "../../apis/core/v1/types.generated.ts";
import { findCondition } from "../../machinery/conditions.ts";
import type { QualifiedNodeAgentOptions } from "../options.ts";
import type { RuntimeCondition, RuntimeVersion } from "../runtime/runtime.ts";
import type { MachineFacts, MachineRest } from "./machine.ts";

/** Thresholds below which a node is under pressure: upstream's hard eviction limits. */
export const MEMORY_BYTES_MIN: number = 100 * 1024 * 1024;
export const DISK_SHARE_MIN = 0.1;
export const INODES_SHARE_MIN = 0.05;
export const PROCESSES_MIN = 100;

/** The annotation that says how far the runtime isolates containers. */
export const RUNTIME_TIER_ANNOTATION = "setpoint.dev/runtime-tier";

export type NodeView = {
  readonly options: QualifiedNodeAgentOptions;
  readonly facts: MachineFacts;
  readonly rest: MachineRest;
  readonly runtime: RuntimeVersion;
  readonly conditions: readonly RuntimeCondition[];
  /** Why pods are not looked after just now; undefined: they are. */
  readonly podsProblem: string | undefined;
  /** Where the agent answers for logs; undefined: nowhere. */
  readonly port: number | undefined;
};

/** The Node object as it is first created. */
export function newNode(view: NodeView, now: string): Node {
  const { options } = view;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: options.nodeName,
      labels: nodeLabels(view),
      annotations: nodeAnnotations(view),
    },
    spec: options.taints.length > 0 ? { taints: options.taints } : {},
    status: nodeStatus(view, {}, now),
  };
}

export function nodeLabels(view: NodeView): Readonly<Record<string, string>> {
  const { operatingSystem, architecture } = view.facts;
  return {
    ...view.options.labels,
    "kubernetes.io/hostname": view.options.nodeName,
    "kubernetes.io/os": operatingSystem,
    "kubernetes.io/arch": architecture,
  };
}

export function nodeAnnotations(view: NodeView): Readonly<Record<string, string>> {
  return { ...view.options.annotations, [RUNTIME_TIER_ANNOTATION]: view.runtime.tier };
}

/** The status at `now`; transition times of `old` are kept where a condition did not change. */
export function nodeStatus(view: NodeView, old: NodeStatus, now: string): NodeStatus {
  const capacity = capacityOf(view);
  return {
    addresses: [
      { type: "InternalIP", address: view.options.hostIp },
      { type: "Hostname", address: view.options.nodeName },
    ],
    allocatable: allocatableOf(view),
    capacity,
    conditions: conditionsOf(view).map((condition) => stamped(condition, old, now)),
    ...(view.port === undefined
      ? {}
      : { daemonEndpoints: { kubeletEndpoint: { Port: view.port } } }),
    nodeInfo: systemInfo(view),
  };
}

function capacityOf(view: NodeView): Readonly<Record<string, string>> {
  const { cpuCount, memoryBytes, diskBytes } = view.facts;
  return {
    cpu: String(cpuCount),
    "ephemeral-storage": kibi(diskBytes),
    memory: kibi(memoryBytes),
    pods: String(view.options.podCountMax),
  };
}

/** Capacity without what is kept back so that the machine itself stays usable. */
export function allocatableOf(
  view: Pick<NodeView, "facts" | "options">,
): Readonly<Record<string, string>> {
  const { cpuCount, memoryBytes, diskBytes } = view.facts;
  return {
    cpu: String(cpuCount),
    "ephemeral-storage": kibi(diskBytes * (1 - DISK_SHARE_MIN)),
    memory: kibi(Math.max(0, memoryBytes - MEMORY_BYTES_MIN)),
    pods: String(view.options.podCountMax),
  };
}

function kibi(bytes: number): string {
  return `${Math.floor(bytes / 1024)}Ki`;
}

type Bare = Pick<NodeCondition, "type" | "status" | "reason" | "message">;

function conditionsOf(view: NodeView): readonly Bare[] {
  const { rest, facts } = view;
  const isDiskShort =
    rest.diskBytes < facts.diskBytes * DISK_SHARE_MIN || rest.inodesShare < INODES_SHARE_MIN;
  return [
    pressure("MemoryPressure", rest.memoryBytes < MEMORY_BYTES_MIN, [
      "KubeletHasSufficientMemory",
      "KubeletHasInsufficientMemory",
      "memory",
    ]),
    pressure("DiskPressure", isDiskShort, [
      "KubeletHasNoDiskPressure",
      "KubeletHasDiskPressure",
      "disk",
    ]),
    pressure("PIDPressure", rest.processes < PROCESSES_MIN, [
      "KubeletHasSufficientPID",
      "KubeletHasInsufficientPID",
      "PID",
    ]),
    readyCondition(view),
  ];
}

function pressure(
  type: string,
  isUnder: boolean,
  [good, bad, what]: readonly [string, string, string],
): Bare {
  const isDisk = what === "disk";
  const fine = isDisk ? "kubelet has no disk pressure" : `kubelet has sufficient ${what} available`;
  const short = isDisk ? "kubelet has disk pressure" : `kubelet has insufficient ${what} available`;
  return isUnder
    ? { type, status: "True", reason: bad, message: short }
    : { type, status: "False", reason: good, message: fine };
}

function readyCondition(view: NodeView): Bare {
  const problems = view.conditions
    .filter((condition) => !condition.isTrue)
    .map(({ type, reason, message }) => `${type}: ${reason}: ${message}`);
  if (view.podsProblem !== undefined) problems.push(view.podsProblem);
  return problems.length === 0
    ? {
        type: "Ready",
        status: "True",
        reason: "KubeletReady",
        message: "node agent is posting ready status",
      }
    : {
        type: "Ready",
        status: "False",
        reason: "KubeletNotReady",
        message: problems.join("; "),
      };
}

function stamped(condition: Bare, old: NodeStatus, now: string): NodeCondition {
  const before = findCondition(old.conditions, condition.type);
  const isSame = before?.status === condition.status;
  return {
    ...condition,
    lastHeartbeatTime: now,
    lastTransitionTime: (isSame ? before.lastTransitionTime : undefined) ?? now,
  };
}

function systemInfo(view: NodeView): NodeSystemInfo {
  const { facts, runtime, options } = view;
  return {
    architecture: facts.architecture,
    bootID: facts.bootId,
    containerRuntimeVersion: `${runtime.name}://${runtime.version}`,
    kernelVersion: facts.kernelVersion,
    kubeProxyVersion: "",
    kubeletVersion: options.version,
    machineID: facts.machineId,
    operatingSystem: facts.operatingSystem,
    osImage: facts.osImage,
    systemUUID: facts.machineId,
  };
}

/** Whether two statuses say the same, heartbeat times aside. */
export function isSameNodeStatus(
  a: NodeStatus,
  b: NodeStatus,
  isSame: (a: unknown, b: unknown) => boolean,
): boolean {
  return isSame(withoutHeartbeats(a), withoutHeartbeats(b));
}

function withoutHeartbeats(status: NodeStatus): NodeStatus {
  const conditions = (status.conditions ?? []).map((condition) => {
    const { lastHeartbeatTime: _, ...rest } = condition;
    return rest;
  });
  return { ...status, conditions };
}
