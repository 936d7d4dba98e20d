/** The status of one container, from what the runtime and the agent know of it. */
import type {
  ContainerState,
  ContainerStateTerminated,
  ContainerStatus,
} from "../../apis/core/v1/types.generated.ts";
import { apiTime } from "../../machinery/object.ts";
import { durationText } from "../pod/restart-backoff.ts";
import { isRestarted, type ContainerView, type PodView } from "../pod/pod-view.ts";
import { containerHash } from "../pod/container-config.ts";
import { statusesOf } from "../probe/pod-probes.ts";
import { RUNTIME_LABEL, type RuntimeContainer } from "../runtime/runtime.ts";

/** `status.containerStatuses[i]` (or of init containers). `runtimeName` is the scheme of ids. */
export function containerStatus(
  view: PodView,
  container: ContainerView,
  runtimeName: string,
): ContainerStatus {
  const { latest, spec } = container;
  const state = currentState(view, container, runtimeName);
  const shown = state.waiting === undefined ? latest : undefined;
  const last = lastTerminated(container, shown, runtimeName);
  return {
    name: spec.name,
    state,
    lastState: last === undefined ? {} : { terminated: last },
    ready: isContainerReady(container),
    restartCount: latest?.attempt ?? Math.max(0, container.knownRestarts),
    image: spec.image ?? "",
    imageID: latest?.imageId ?? "",
    ...(latest === undefined ? {} : { containerID: `${runtimeName}://${latest.id}` }),
    ...(container.role === "ephemeral"
      ? {}
      : { started: latest?.state.kind === "running" && container.isStarted }),
    ...grantedResources(view, container),
  };
}

/**
 * What the container was given. The runtime sets nobody a limit, so more or less is given at once,
 * but where the container wants to be started anew for it: until then it has what it had.
 */
function grantedResources(
  view: PodView,
  { spec, latest, role }: ContainerView,
): Pick<ContainerStatus, "allocatedResources" | "resources"> {
  if (latest?.state.kind !== "running" || role === "ephemeral") return {};
  const { limits, requests } = spec.resources ?? {};
  if (latest.labels[RUNTIME_LABEL.containerHash] !== containerHash(spec)) {
    const shown = statusesOf(view.pod).find(({ name }) => name === spec.name);
    const { allocatedResources, resources } = shown ?? {};
    return {
      ...(allocatedResources === undefined ? {} : { allocatedResources }),
      ...(resources === undefined ? {} : { resources }),
    };
  }
  return {
    ...(requests === undefined ? {} : { allocatedResources: requests }),
    resources: {
      ...(limits === undefined ? {} : { limits }),
      ...(requests === undefined ? {} : { requests }),
    },
  };
}

/** Init containers are ready when they have done their work; the rest when they say so. */
export function isContainerReady(container: ContainerView): boolean {
  const state = container.latest?.state;
  if (container.role === "init") return state?.kind === "exited" && state.exitCode === 0;
  if (container.role === "ephemeral") return false; // it serves nobody
  return state?.kind === "running" && container.isReady;
}

function currentState(
  view: PodView,
  container: ContainerView,
  runtimeName: string,
): ContainerState {
  const { latest } = container;
  if (latest === undefined || latest.state.kind === "created") {
    return { waiting: container.failure ?? firstWait(view, container) };
  }
  if (latest.state.kind === "running") {
    return { running: { startedAt: apiTime(latest.state.startedAtMs) } };
  }
  const isAgain =
    view.intent.kind === "run" &&
    view.verdict === undefined &&
    isRestarted(container, view.pod.spec.restartPolicy, latest.state.exitCode);
  if (isAgain && container.startAtMs > view.nowMs && isCrashWait(container)) {
    return { waiting: crashLoop(view, container) };
  }
  if (isAgain && container.failure !== undefined) return { waiting: container.failure };
  return { terminated: terminated(latest, runtimeName) ?? { exitCode: 0 } };
}

/** A container that could not be started says why, not how long it waits. */
function isCrashWait(container: ContainerView): boolean {
  return container.failure === undefined || container.failure.reason === "RunContainerError";
}

function firstWait(view: PodView, { role }: ContainerView): { readonly reason: string } {
  const hasInit = role !== "ephemeral" && (view.pod.spec.initContainers ?? []).length > 0;
  return { reason: hasInit ? "PodInitializing" : "ContainerCreating" };
}

function crashLoop(view: PodView, container: ContainerView): ContainerState["waiting"] & object {
  const state = container.latest?.state;
  const delayMs = container.startAtMs - (state?.kind === "exited" ? state.finishedAtMs : 0);
  const { name, namespace, uid } = view.pod.metadata;
  const pod = `${name}_${namespace}(${uid})`;
  return {
    reason: "CrashLoopBackOff",
    message:
      `back-off ${durationText(delayMs)} restarting failed ` +
      `container=${container.spec.name} pod=${pod}`,
  };
}

/** What ended before what is shown as the present state. */
function lastTerminated(
  container: ContainerView,
  shown: RuntimeContainer | undefined,
  runtimeName: string,
): ContainerStateTerminated | undefined {
  const last = shown === undefined ? container.latest : container.previous;
  return last === undefined ? undefined : terminated(last, runtimeName);
}

function terminated(
  container: RuntimeContainer,
  runtimeName: string,
): ContainerStateTerminated | undefined {
  const { state } = container;
  if (state.kind !== "exited") return undefined;
  return {
    exitCode: state.exitCode,
    reason: state.reason,
    ...(state.message === "" ? {} : { message: state.message }),
    startedAt: apiTime(state.startedAtMs),
    finishedAt: apiTime(state.finishedAtMs),
    containerID: `${runtimeName}://${container.id}`,
  };
}
