import { describe, expect, test } from "vitest";
import { findCondition } from "../../machinery/conditions.ts";
import { aContainerView, anExit, aPod, aPodView, aRunning, POD_UID } from "../testing/views.ts";
import type { PodView } from "../pod/pod-view.ts";
import { phaseOf, podStatus, type StatusFacts } from "./pod-status.ts";

const FACTS: StatusFacts = {
  hostIp: "127.0.0.1",
  runtimeName: "process",
  startTime: "2026-01-01T00:00:00Z",
};

function statusOf(view: PodView, old = view.pod.status) {
  return podStatus(view, old, FACTS);
}

function conditionOf(view: PodView, type: string) {
  return findCondition(statusOf(view).conditions, type);
}

describe("the phase", () => {
  const running = aContainerView({ latest: aRunning("app"), isReady: true });
  const cases: readonly (readonly [string, PodView])[] = [
    ["Pending", aPodView({ sandbox: undefined, containers: [aContainerView({})] })],
    [
      "Pending",
      aPodView({
        containers: [
          aContainerView({ name: "i", role: "init", latest: aRunning("i") }),
          aContainerView({}),
        ],
      }),
    ],
    ["Pending", aPodView({ containers: [running, aContainerView({ name: "b" })] })],
    ["Running", aPodView({ containers: [running] })],
    ["Running", aPodView({ containers: [aContainerView({ latest: anExit("app", 1) })] })],
    [
      "Succeeded",
      aPodView({
        restartPolicy: "OnFailure",
        containers: [aContainerView({ latest: anExit("app", 0) })],
      }),
    ],
    [
      "Failed",
      aPodView({
        restartPolicy: "Never",
        containers: [
          aContainerView({ latest: anExit("app", 0) }),
          aContainerView({ name: "b", latest: anExit("b", 2) }),
        ],
      }),
    ],
    [
      "Running",
      aPodView({
        restartPolicy: "Never",
        containers: [
          aContainerView({ name: "s", role: "sidecar", latest: aRunning("s") }),
          aContainerView({ latest: anExit("app", 0) }),
        ],
      }),
    ],
    [
      "Failed",
      aPodView({
        verdict: { reason: "DeadlineExceeded", message: "" },
        containers: [aContainerView({ latest: anExit("app", 143) })],
      }),
    ],
    [
      "Succeeded",
      aPodView({
        intent: { kind: "end", deadlineMs: 0 },
        containers: [aContainerView({ latest: anExit("app", 0) })],
      }),
    ],
  ];
  test.each(cases)("is %s (case %#)", (phase, view) => {
    expect(phaseOf(view, {})).toBe(phase);
  });

  test("never leaves Succeeded or Failed", () => {
    const view = aPodView({ containers: [running] });
    expect(phaseOf(view, { phase: "Failed" })).toBe("Failed");
  });
});

describe("container states", () => {
  test("name what a container waits for", () => {
    const plain = statusOf(aPodView({ containers: [aContainerView({})] }));
    expect(plain.containerStatuses?.[0]?.state).toEqual({
      waiting: { reason: "ContainerCreating" },
    });
    const failure = { reason: "ErrImagePull", message: "no such image" };
    const failed = statusOf(aPodView({ containers: [aContainerView({ failure })] }));
    expect(failed.containerStatuses?.[0]?.state).toEqual({ waiting: failure });
    const init = aContainerView({ name: "i", role: "init" });
    const withInit = statusOf(aPodView({ containers: [init, aContainerView({})] }));
    expect(withInit.containerStatuses?.[0]?.state?.waiting?.reason).toBe("PodInitializing");
  });

  test("show the back-off of a crash loop, and the crash as the last state", () => {
    const latest = anExit("app", 1, 3);
    const container = aContainerView({ latest, startAtMs: 42_000 });
    const [status] = statusOf(aPodView({ containers: [container] })).containerStatuses ?? [];
    expect(status).toMatchObject({
      restartCount: 3,
      ready: false,
      state: {
        waiting: {
          reason: "CrashLoopBackOff",
          message: `back-off 40s restarting failed container=app pod=web_default(${POD_UID})`,
        },
      },
      lastState: { terminated: { exitCode: 1, reason: "Error", containerID: "process://app-3" } },
    });
  });

  test("keep the previous end beside a running container", () => {
    const container = aContainerView({
      latest: aRunning("app", 1),
      previous: anExit("app", 137, 0),
      isStarted: true,
      isReady: true,
    });
    const [status] = statusOf(aPodView({ containers: [container] })).containerStatuses ?? [];
    expect(status).toMatchObject({
      ready: true,
      started: true,
      restartCount: 1,
      containerID: "process://app-1",
      state: { running: { startedAt: "1970-01-01T00:00:01Z" } },
      lastState: { terminated: { exitCode: 137 } },
    });
  });
});

describe("conditions", () => {
  test("of a ready pod are all True", () => {
    const container = aContainerView({ latest: aRunning("app"), isReady: true, isStarted: true });
    const { conditions } = statusOf(aPodView({ containers: [container] }));
    expect(conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
      "PodReadyToStartContainers=True",
      "Initialized=True",
      "Ready=True",
      "ContainersReady=True",
      "PodScheduled=True",
    ]);
  });

  test("name the containers that are not ready", () => {
    const view = aPodView({
      containers: [
        aContainerView({ name: "a", latest: aRunning("a") }),
        aContainerView({ name: "b", latest: aRunning("b") }),
      ],
    });
    expect(conditionOf(view, "Ready")).toMatchObject({
      status: "False",
      reason: "ContainersNotReady",
      message: "containers with unready status: [a b]",
    });
  });

  test("name the init containers that are not done", () => {
    const view = aPodView({
      containers: [aContainerView({ name: "i", role: "init" }), aContainerView({})],
    });
    expect(conditionOf(view, "Initialized")).toMatchObject({
      status: "False",
      message: "containers with incomplete status: [i]",
    });
  });

  test("keep their transition time until they change, and lose reasons that no longer hold", () => {
    const waiting = aPodView({ containers: [aContainerView({})] });
    const before = statusOf(waiting);
    const ready = aContainerView({ latest: aRunning("app"), isReady: true });
    const later = { ...aPodView({ containers: [ready] }), nowMs: 60_000 };
    const after = statusOf(later, before);
    expect(findCondition(after.conditions, "Initialized")?.lastTransitionTime).toBe(
      "1970-01-01T00:00:10Z",
    );
    const condition = findCondition(after.conditions, "Ready");
    expect(condition?.lastTransitionTime).toBe("1970-01-01T00:01:00Z");
    expect(condition).not.toHaveProperty("reason");
    expect(statusOf({ ...later, nowMs: 90_000 }, after)).toEqual(after);
  });

  test("hold Ready back until the readiness gates are met", () => {
    const container = aContainerView({ latest: aRunning("app"), isReady: true });
    const pod = aPod({ spec: { readinessGates: [{ conditionType: "example.com/gate" }] } });
    const view = aPodView({ pod, containers: [container] });
    expect(conditionOf(view, "ContainersReady")?.status).toBe("True");
    expect(conditionOf(view, "Ready")).toMatchObject({
      status: "False",
      reason: "ReadinessGatesNotReady",
    });
    const met = aPod({
      spec: { readinessGates: [{ conditionType: "example.com/gate" }] },
      status: { conditions: [{ type: "example.com/gate", status: "True" }] },
    });
    expect(conditionOf(aPodView({ pod: met, containers: [container] }), "Ready")?.status).toBe(
      "True",
    );
  });
});
