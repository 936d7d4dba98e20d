import { expect, test } from "vitest";
import { created, NOW_MS } from "../../testing.ts";
import { podStrategy } from "./pod.ts";
import { podRow } from "./pod-row.ts";
import type { ContainerState, ContainerStatus, Pod, PodStatus } from "./types.generated.ts";

type Case = {
  readonly name: string;
  readonly status?: PodStatus;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly isDeleting?: boolean;
  /** READY, STATUS and RESTARTS. */
  readonly cells: readonly string[];
};

function aPod({ spec = {}, status = {}, isDeleting = false }: Omit<Case, "name" | "cells">): Pod {
  const containers = [{ name: "c", image: "x" }];
  const pod = created(podStrategy, { spec: { containers, ...spec } });
  const metadata = {
    name: "p",
    creationTimestamp: "2026-01-09T23:59:00Z",
    ...(isDeleting ? { deletionTimestamp: "2026-01-10T00:00:00Z" } : {}),
  };
  return { ...pod, metadata, status: { phase: "Running", ...status } };
}

function container(state: ContainerState, rest: Partial<ContainerStatus> = {}): ContainerStatus {
  return { name: "c", image: "x", imageID: "", ready: false, restartCount: 0, state, ...rest };
}

const RUNNING: ContainerState = { running: { startedAt: "2026-01-09T23:59:00Z" } };
const DONE: ContainerState = { terminated: { exitCode: 0, reason: "Completed" } };
const INIT_SPEC = {
  initContainers: [
    { name: "i", image: "x" },
    { name: "j", image: "x" },
  ],
};
const SIDECAR_SPEC = { initContainers: [{ name: "s", image: "x", restartPolicy: "Always" }] };

const CASES: readonly Case[] = [
  { name: "just made", status: { phase: "Pending" }, cells: ["0/1", "Pending", "0"] },
  {
    name: "running and ready",
    status: { containerStatuses: [container(RUNNING, { ready: true })] },
    cells: ["1/1", "Running", "0"],
  },
  {
    name: "running, restarted a while ago",
    status: {
      containerStatuses: [
        container(RUNNING, {
          ready: true,
          restartCount: 3,
          lastState: { terminated: { exitCode: 1, finishedAt: "2026-01-09T23:55:00Z" } },
        }),
      ],
    },
    cells: ["1/1", "Running", "3 (5m ago)"],
  },
  {
    name: "failing again and again",
    status: {
      containerStatuses: [
        container({ waiting: { reason: "CrashLoopBackOff" } }, { restartCount: 2 }),
      ],
    },
    cells: ["0/1", "CrashLoopBackOff", "2"],
  },
  {
    name: "done",
    status: { phase: "Succeeded", containerStatuses: [container(DONE)] },
    cells: ["0/1", "Completed", "0"],
  },
  {
    name: "half done",
    status: {
      conditions: [{ type: "Ready", status: "True" }],
      containerStatuses: [container(DONE), container(RUNNING, { name: "d", ready: true })],
    },
    spec: {
      containers: [
        { name: "c", image: "x" },
        { name: "d", image: "x" },
      ],
    },
    cells: ["1/2", "Running", "0"],
  },
  {
    name: "ended by a signal",
    status: { containerStatuses: [container({ terminated: { exitCode: 137, signal: 9 } })] },
    cells: ["0/1", "Signal:9", "0"],
  },
  {
    name: "ended without a reason",
    status: { containerStatuses: [container({ terminated: { exitCode: 3 } })] },
    cells: ["0/1", "ExitCode:3", "0"],
  },
  {
    name: "initializing",
    spec: INIT_SPEC,
    status: {
      phase: "Pending",
      initContainerStatuses: [container(DONE, { name: "i" }), container(RUNNING, { name: "j" })],
      containerStatuses: [container({ waiting: { reason: "PodInitializing" } })],
    },
    cells: ["0/1", "Init:1/2", "0"],
  },
  {
    name: "failing to initialize",
    spec: INIT_SPEC,
    status: {
      phase: "Pending",
      initContainerStatuses: [
        container({ terminated: { exitCode: 2 } }, { name: "i", restartCount: 1 }),
      ],
    },
    cells: ["0/1", "Init:ExitCode:2", "1"],
  },
  {
    name: "backing off while initializing",
    spec: INIT_SPEC,
    status: {
      phase: "Pending",
      initContainerStatuses: [
        container({ waiting: { reason: "CrashLoopBackOff" } }, { name: "i" }),
      ],
    },
    cells: ["0/1", "Init:CrashLoopBackOff", "0"],
  },
  {
    name: "running with a sidecar",
    spec: SIDECAR_SPEC,
    status: {
      initContainerStatuses: [container(RUNNING, { name: "s", ready: true, started: true })],
      containerStatuses: [container(RUNNING, { ready: true })],
    },
    cells: ["2/2", "Running", "0"],
  },
  { name: "being deleted", isDeleting: true, cells: ["0/1", "Terminating", "0"] },
  {
    name: "being deleted on a lost node",
    isDeleting: true,
    status: { reason: "NodeLost" },
    cells: ["0/1", "Unknown", "0"],
  },
  {
    name: "being deleted after it ended",
    isDeleting: true,
    status: {
      phase: "Failed",
      containerStatuses: [container({ terminated: { exitCode: 1, reason: "Error" } })],
    },
    cells: ["0/1", "Error", "0"],
  },
  {
    name: "put out",
    status: { phase: "Failed", reason: "Evicted" },
    cells: ["0/1", "Evicted", "0"],
  },
  {
    name: "held back by a gate",
    status: {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
    },
    cells: ["0/1", "SchedulingGated", "0"],
  },
];

for (const { name, cells, ...pod } of CASES) {
  test(`a pod ${name} is shown as ${cells.join(" ")}`, () => {
    expect(podRow(aPod(pod), NOW_MS).slice(1, 4)).toEqual(cells);
  });
}

test("a pod without address, node and gates shows none in the wide columns", () => {
  expect(podRow(aPod({}), NOW_MS)).toEqual([
    "p",
    "0/1",
    "Running",
    "0",
    "60s",
    "<none>",
    "<none>",
    "<none>",
    "<none>",
  ]);
});
