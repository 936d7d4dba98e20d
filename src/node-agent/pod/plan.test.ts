import { describe, expect, test } from "vitest";
import { aContainerView, anExit, aPodView, aRunning } from "../testing/views.ts";
import { isFinished, planPod, SIDECAR_GRACE_MS_MIN } from "./plan.ts";

const NOW = 1_000_000;

function actionsOf(view: Parameters<typeof planPod>[0]): readonly string[] {
  return planPod(view).actions.map((action) =>
    "container" in action ? `${action.kind} ${action.container}` : action.kind,
  );
}

describe("a pod that is to run", () => {
  test("gets its sandbox first", () => {
    const view = aPodView({ sandbox: undefined, containers: [aContainerView({})] });
    expect(planPod(view).actions).toEqual([{ kind: "run-sandbox", attempt: 0 }]);
  });

  test("gets a new sandbox when a reboot took the old one", () => {
    const view = aPodView({ sandbox: "not-ready", containers: [aContainerView({})] });
    expect(planPod(view).actions).toEqual([{ kind: "run-sandbox", attempt: 1 }]);
  });

  test("starts init containers one by one, each after the success of the one before", () => {
    const first = aContainerView({ name: "a", role: "init" });
    const second = aContainerView({ name: "b", role: "init" });
    const app = aContainerView({ name: "app" });
    expect(actionsOf(aPodView({ containers: [first, second, app] }))).toEqual(["start a"]);
    const running = { ...first, latest: aRunning("a") };
    expect(actionsOf(aPodView({ containers: [running, second, app] }))).toEqual([]);
    const done = { ...first, latest: anExit("a", 0) };
    expect(actionsOf(aPodView({ containers: [done, second, app] }))).toEqual(["start b"]);
    const allDone = [done, { ...second, latest: anExit("b", 0) }, app];
    expect(actionsOf(aPodView({ containers: allDone }))).toEqual(["start app"]);
  });

  test("starts an ephemeral container once, beside whatever else is under way", () => {
    const init = aContainerView({ name: "a", role: "init", activity: "starting" });
    const guest = aContainerView({ name: "debug", role: "ephemeral" });
    const app = aContainerView({ name: "app" });
    expect(actionsOf(aPodView({ containers: [init, app, guest] }))).toEqual(["start debug"]);
    const starting = { ...guest, activity: "starting" as const };
    const idle = { ...init, activity: "none" as const };
    expect(actionsOf(aPodView({ containers: [idle, app, starting] }))).toEqual(["start a"]);
    const gone = { ...guest, latest: anExit("debug", 1) };
    expect(actionsOf(aPodView({ containers: [app, gone] }))).toEqual(["start app"]);
    const forgotten = { ...guest, knownRestarts: 0 };
    expect(actionsOf(aPodView({ containers: [app, forgotten] }))).toEqual(["start app"]);
  });

  test("waits with the apps until a sidecar has started, and keeps it running", () => {
    const sidecar = aContainerView({ name: "proxy", role: "sidecar", latest: aRunning("proxy") });
    const app = aContainerView({ name: "app" });
    expect(actionsOf(aPodView({ containers: [sidecar, app] }))).toEqual([]);
    const started = { ...sidecar, isStarted: true };
    expect(actionsOf(aPodView({ containers: [started, app] }))).toEqual(["start app"]);
    const gone = { ...sidecar, latest: anExit("proxy", 0) };
    const view = aPodView({ containers: [gone, { ...app, latest: aRunning("app") }] });
    expect(actionsOf(view)).toEqual(["start proxy"]);
  });

  test("starts one app container at a time", () => {
    const first = aContainerView({ name: "a" });
    const second = aContainerView({ name: "b" });
    expect(actionsOf(aPodView({ containers: [first, second] }))).toEqual(["start a"]);
    const starting = { ...first, activity: "starting" as const };
    expect(actionsOf(aPodView({ containers: [starting, second] }))).toEqual([]);
    const started = { ...first, latest: aRunning("a") };
    expect(actionsOf(aPodView({ containers: [started, second] }))).toEqual(["start b"]);
  });

  test("does not let a container in back-off hold up the next", () => {
    const waiting = aContainerView({ name: "a", latest: anExit("a", 1), startAtMs: NOW + 10 });
    const view = aPodView({ nowMs: NOW, containers: [waiting, aContainerView({ name: "b" })] });
    expect(actionsOf(view)).toEqual(["start b"]);
    expect(planPod(view).wakeAtMs).toBe(NOW + 10);
  });

  test("counts attempts on from what ran here and from what the API remembers", () => {
    const here = aPodView({ containers: [aContainerView({ latest: anExit("app", 1, 4) })] });
    expect(planPod(here).actions).toMatchObject([{ kind: "start", attempt: 5 }]);
    const known = aPodView({ containers: [aContainerView({ knownRestarts: 7 })] });
    expect(planPod(known).actions).toMatchObject([{ kind: "start", attempt: 8 }]);
  });

  test("stops what a probe has condemned", () => {
    const bad = aContainerView({ latest: aRunning("app"), condemned: "failed liveness probe" });
    expect(planPod(aPodView({ containers: [bad] })).actions).toEqual([
      { kind: "stop", container: "app", graceMs: 30_000, why: "failed liveness probe" },
    ]);
  });

  const policies: readonly (readonly [string, number, boolean])[] = [
    ["Always", 0, true],
    ["Always", 1, true],
    ["OnFailure", 0, false],
    ["OnFailure", 1, true],
    ["Never", 0, false],
    ["Never", 1, false],
  ];
  test.each(policies)("under %s restarts after exit %i: %s", (restartPolicy, code, isRestarted) => {
    const exited = aContainerView({ latest: anExit("app", code) });
    const view = aPodView({ restartPolicy, containers: [exited] });
    expect(isFinished(view)).toBe(!isRestarted);
    expect(actionsOf(view)).toEqual(isRestarted ? ["start app"] : ["stop-sandbox"]);
  });
});

describe("a pod that ends", () => {
  const intent = { kind: "end", deadlineMs: NOW + 5_000 } as const;

  test("stops apps together, then sidecars from the last to the first", () => {
    const proxy = aContainerView({ name: "proxy", role: "sidecar", latest: aRunning("proxy") });
    const logs = aContainerView({ name: "logs", role: "sidecar", latest: aRunning("logs") });
    const a = aContainerView({ name: "a", latest: aRunning("a") });
    const b = aContainerView({ name: "b", latest: aRunning("b") });
    const all = aPodView({ nowMs: NOW, intent, containers: [proxy, logs, a, b] });
    expect(actionsOf(all)).toEqual(["stop a", "stop b"]);
    const gone = [
      { ...a, latest: anExit("a", 0) },
      { ...b, latest: anExit("b", 0) },
    ];
    const late = { ...all, nowMs: NOW + 4_999, containers: [proxy, logs, ...gone] };
    expect(planPod(late).actions).toEqual([
      { kind: "stop", container: "logs", graceMs: SIDECAR_GRACE_MS_MIN, why: "" },
    ]);
  });

  test("waits for a start under way, then stops the sandbox, then has ended", () => {
    const starting = aContainerView({ activity: "starting" });
    expect(planPod(aPodView({ intent, containers: [starting] }))).toMatchObject({
      actions: [],
      outcome: "running",
    });
    expect(actionsOf(aPodView({ intent, containers: [aContainerView({})] }))).toEqual([
      "stop-sandbox",
    ]);
    const stopped = aPodView({ intent, sandbox: "not-ready", containers: [aContainerView({})] });
    expect(planPod(stopped)).toMatchObject({ actions: [], outcome: "ended" });
  });

  test("ends without ever having begun", () => {
    const view = aPodView({ intent, sandbox: undefined, containers: [aContainerView({})] });
    expect(planPod(view)).toMatchObject({ actions: [], outcome: "ended" });
  });
});

describe("a pod whose work is over", () => {
  test("stops its sidecars before it is finished", () => {
    const sidecar = aContainerView({ name: "proxy", role: "sidecar", latest: aRunning("proxy") });
    const app = aContainerView({ latest: anExit("app", 0) });
    const view = aPodView({ restartPolicy: "Never", containers: [sidecar, app] });
    expect(actionsOf(view)).toEqual(["stop proxy"]);
    const after = aPodView({
      restartPolicy: "Never",
      sandbox: "not-ready",
      containers: [{ ...sidecar, latest: anExit("proxy", 143) }, app],
    });
    expect(planPod(after).outcome).toBe("finished");
  });

  test("is finished when an init container failed and is not tried again", () => {
    const init = aContainerView({ name: "init", role: "init", latest: anExit("init", 3) });
    const view = aPodView({
      restartPolicy: "Never",
      sandbox: "not-ready",
      containers: [init, aContainerView({})],
    });
    expect(planPod(view).outcome).toBe("finished");
  });

  test("ends by a verdict although its containers run", () => {
    const view = aPodView({
      verdict: { reason: "DeadlineExceeded", message: "too long" },
      containers: [aContainerView({ latest: aRunning("app") })],
    });
    expect(actionsOf(view)).toEqual(["stop app"]);
  });
});
