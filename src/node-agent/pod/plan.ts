/**
 * The lifecycle of a pod as a pure decision: what must be done next to bring what runs to what is
 * declared. Called again after everything that happens, so it remembers nothing and starts little
 * at a time; the worker carries the actions out.
 *
 * Order: sandbox, then init containers one by one with sidecars among them, then app containers,
 * each started after the one before it; ephemeral containers whenever they come. At the end apps
 * stop first, then sidecars from the last to the first, then the sandbox.
 */
import { assert } from "../../base/assert.ts";
import type { ContainerRuntimeState } from "../runtime/runtime.ts";
import { graceMsOf, isRestarted, isRunning, type ContainerView, type PodView } from "./pod-view.ts";

export type PodAction =
  | { readonly kind: "run-sandbox"; readonly attempt: number }
  | { readonly kind: "stop-sandbox" }
  | { readonly kind: "start"; readonly container: string; readonly attempt: number }
  | {
      readonly kind: "stop";
      readonly container: string;
      readonly graceMs: number;
      /** Why, for people; empty: the pod ends. */
      readonly why: string;
    };

export type PodPlan = {
  readonly actions: readonly PodAction[];
  /** Wall clock to look again at, if nothing happens before. */
  readonly wakeAtMs: number | undefined;
  /**
   * `running`: there is or will be something to do. `finished`: all containers have ended for good.
   * `ended`: nothing is left running and the sandbox is stopped.
   */
  readonly outcome: "running" | "finished" | "ended";
};

/** A sidecar gets at least this long to end, even if the apps used up the pod's grace. */
export const SIDECAR_GRACE_MS_MIN = 2_000;

/** What to do next. */
export function planPod(view: PodView): PodPlan {
  if (view.intent.kind === "end") return planEnd(view, view.intent.deadlineMs, "ended");
  if (view.verdict !== undefined || isFinished(view)) {
    return planEnd(view, view.nowMs + graceMsOf(view.pod), "finished");
  }
  if (view.sandbox?.state !== "ready") return planSandbox(view);
  return planRun(view);
}

/**
 * Whether no app container will run again: the pod has succeeded or failed. A failed init container
 * that is not tried again fails the pod too.
 */
export function isFinished(view: PodView): boolean {
  const policy = view.pod.spec.restartPolicy;
  const isOver = (container: ContainerView): boolean => {
    const state = container.latest?.state;
    if (state?.kind !== "exited" || container.activity !== "none") return false;
    return !isRestarted(container, policy, state.exitCode);
  };
  const apps = view.containers.filter((container) => container.role === "app");
  if (apps.every(isOver)) return true;
  return view.containers.some(
    (container) => container.role === "init" && isOver(container) && exitCodeOf(container) !== 0,
  );
}

function planSandbox(view: PodView): PodPlan {
  const stops = view.containers
    .filter((container) => isRunning(container) && container.activity !== "stopping")
    .map((container): PodAction => stop(container, 0, "its sandbox is gone"));
  if (stops.length > 0) return { actions: stops, wakeAtMs: undefined, outcome: "running" };
  if (view.sandboxActivity !== "none" || view.containers.some((one) => one.activity !== "none")) {
    return { actions: [], wakeAtMs: undefined, outcome: "running" };
  }
  if (view.sandboxStartAtMs > view.nowMs) {
    return { actions: [], wakeAtMs: view.sandboxStartAtMs, outcome: "running" };
  }
  const attempt = view.sandbox === undefined ? 0 : view.sandbox.attempt + 1;
  return {
    actions: [{ kind: "run-sandbox", attempt }],
    wakeAtMs: undefined,
    outcome: "running",
  };
}

/** Collects the actions of one look at a pod that is to run. */
class RunPlan {
  readonly actions: PodAction[] = [];
  wakeAtMs: number | undefined;
  /** One container is started at a time, so that a postStart hook holds the next one back. */
  #isStarting: boolean;
  readonly #view: PodView;

  constructor(view: PodView) {
    this.#view = view;
    this.#isStarting = view.containers.some(
      ({ role, activity }) => role !== "ephemeral" && activity === "starting",
    );
  }

  start(container: ContainerView): void {
    if (!this.#isDue(container) || this.#isStarting) return;
    this.#isStarting = true;
    this.#begin(container);
  }

  /** Holds nothing back, and waits for nothing. */
  startBeside(container: ContainerView): void {
    if (this.#isDue(container)) this.#begin(container);
  }

  #isDue({ activity, startAtMs }: ContainerView): boolean {
    if (activity !== "none") return false;
    if (startAtMs <= this.#view.nowMs) return true;
    this.wakeAtMs = Math.min(this.wakeAtMs ?? startAtMs, startAtMs);
    return false;
  }

  #begin(container: ContainerView): void {
    const attempt = nextAttempt(container);
    this.actions.push({ kind: "start", container: container.spec.name, attempt });
  }

  stopIfCondemned(container: ContainerView): void {
    if (container.condemned === undefined || container.activity !== "none") return;
    const graceMs = container.condemnedGraceMs ?? graceMsOf(this.#view.pod);
    this.actions.push(stop(container, graceMs, container.condemned));
  }
}

function planRun(view: PodView): PodPlan {
  const plan = new RunPlan(view);
  for (const container of view.containers) {
    const hasRun = container.latest !== undefined || container.knownRestarts >= 0;
    if (container.role === "ephemeral" && !hasRun) plan.startBeside(container);
  }
  if (planInit(view, plan)) {
    for (const container of view.containers) {
      if (container.role === "app") keepRunning(view, container, plan);
    }
  }
  return { actions: plan.actions, wakeAtMs: plan.wakeAtMs, outcome: "running" };
}

/** Whether the way is clear for the app containers. */
function planInit(view: PodView, plan: RunPlan): boolean {
  const hasAppStarted = view.containers.some(
    (container) => container.role === "app" && isOfSandbox(view, container),
  );
  for (const container of view.containers) {
    if (container.role === "sidecar") {
      keepRunning(view, container, plan);
      if (!hasAppStarted && !(isRunning(container) && container.isStarted)) return false;
    } else if (container.role === "init" && !hasAppStarted) {
      if (!isOfSandbox(view, container) || exitCodeOf(container) !== 0) {
        if (isRunning(container)) plan.stopIfCondemned(container);
        else plan.start(container);
        return false;
      }
    }
  }
  return true;
}

function keepRunning(view: PodView, container: ContainerView, plan: RunPlan): void {
  const state = container.latest?.state;
  if (state?.kind === "running") {
    plan.stopIfCondemned(container);
  } else if (state?.kind !== "exited") {
    plan.start(container);
  } else if (
    !isOfSandbox(view, container) ||
    isRestarted(container, view.pod.spec.restartPolicy, state.exitCode)
  ) {
    plan.start(container);
  }
}

function planEnd(view: PodView, deadlineMs: number, outcome: "finished" | "ended"): PodPlan {
  const graceMs = Math.max(0, deadlineMs - view.nowMs);
  const going = view.containers.filter((one) => isRunning(one) || one.activity !== "none");
  const others = going.filter((container) => container.role !== "sidecar");
  // Apps go together; sidecars serve them to the end, then go in reverse order, one by one.
  const turn = others.length > 0 ? others : going.slice(-1);
  const actions = turn
    .filter((container) => isRunning(container) && container.activity !== "stopping")
    .map((container) => {
      const isSidecar = container.role === "sidecar" && deadlineMs > 0 && graceMs > 0;
      return stop(container, isSidecar ? Math.max(graceMs, SIDECAR_GRACE_MS_MIN) : graceMs, "");
    });
  if (going.length > 0) return { actions, wakeAtMs: undefined, outcome: "running" };
  if (view.sandboxActivity !== "none") {
    return { actions: [], wakeAtMs: undefined, outcome: "running" };
  }
  if (view.sandbox?.state === "ready") {
    return { actions: [{ kind: "stop-sandbox" }], wakeAtMs: undefined, outcome: "running" };
  }
  return { actions: [], wakeAtMs: undefined, outcome };
}

function stop(container: ContainerView, graceMs: number, why: string): PodAction {
  return { kind: "stop", container: container.spec.name, graceMs, why };
}

/**
 * The attempt after all that ran, here or (as the API remembers) before the node lost its state.
 */
export function nextAttempt(container: ContainerView): number {
  const ran = container.latest === undefined ? -1 : container.latest.attempt;
  assert(ran >= -1, "attempts count from 0");
  return Math.max(ran, container.knownRestarts) + 1;
}

/** Containers of an earlier sandbox ran, but not in this life of the pod. */
function isOfSandbox(view: PodView, container: ContainerView): boolean {
  return container.latest !== undefined && container.latest.sandboxId === view.sandbox?.id;
}

function exitCodeOf(container: ContainerView): number | undefined {
  const state: ContainerRuntimeState | undefined = container.latest?.state;
  return state?.kind === "exited" ? state.exitCode : undefined;
}
