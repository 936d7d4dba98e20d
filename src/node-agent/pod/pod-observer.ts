/** Puts together what is known of a pod into the view that the lifecycle engine decides on. */
import type { Container, Pod } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { statusesOf, type PodProbes } from "../probe/pod-probes.ts";
import type { ProbeState } from "../probe/prober.ts";
import { RUNTIME_LABEL, type RuntimeContainer, type RuntimeSandbox } from "../runtime/runtime.ts";
import { containerHash } from "./container-config.ts";
import type { PodDeps } from "./pod-deps.ts";
import {
  containersOf,
  countedEndMs,
  type ContainerActivity,
  type ContainerView,
} from "./pod-view.ts";
import type { RestartBackoff } from "./restart-backoff.ts";
import type { StartFailures } from "./start-failures.ts";
import type { LastWords } from "./last-words.ts";

/** What the runtime has of a pod. */
export type Observed = {
  /** The newest. */
  readonly sandbox: RuntimeSandbox | undefined;
  readonly sandboxes: readonly RuntimeSandbox[];
  /** By attempt, ascending; created ones included. */
  readonly containers: readonly RuntimeContainer[];
};

/** What the worker remembers of a pod between two looks. */
export type PodMemory = {
  readonly backoff: RestartBackoff;
  readonly failures: StartFailures;
  readonly probes: PodProbes;
  readonly lastWords: LastWords;
  readonly activityOf: (container: string) => ContainerActivity;
};

export async function observePod(uid: string, deps: PodDeps, context: Context): Promise<Observed> {
  const [sandboxes, containers] = await Promise.all([
    deps.runtime.listSandboxes({ podUid: uid }, context),
    deps.runtime.listContainers({ podUid: uid }, context),
  ]);
  const newest = sandboxes.toSorted((a, b) => b.attempt - a.attempt);
  return {
    sandbox: newest[0],
    sandboxes,
    containers: containers.toSorted((a, b) => a.attempt - b.attempt),
  };
}

/** The views of all containers of the pod, in the order of the spec. */
export async function containerViews(
  pod: Pod,
  observed: Observed,
  memory: PodMemory,
  deps: PodDeps,
  context: Context,
): Promise<readonly ContainerView[]> {
  const views: ContainerView[] = [];
  for (const { spec, role } of containersOf(pod)) {
    const ran = observed.containers.filter(
      (one) => one.name === spec.name && one.state.kind !== "created",
    );
    const latest = await withLastWords(spec, ran.at(-1), memory);
    const previous = await withLastWords(spec, ran.at(-2), memory);
    const state = probeState(pod, spec, latest, observed, memory, context);
    // A container is not started before its postStart hook is done, which is part of starting it.
    const isSettled = memory.activityOf(spec.name) !== "starting";
    const nowMs = deps.env.clock.now();
    views.push({
      spec,
      role,
      latest,
      previous,
      activity: memory.activityOf(spec.name),
      startAtMs: startAtMs(spec, countedEndMs({ role, latest }, observed.sandbox), memory),
      failure: memory.failures.shown(spec.name, nowMs),
      isStarted: isSettled && state.isStarted,
      isReady: isSettled && state.isReady,
      ...condemnation(spec, latest, state),
      knownRestarts: knownRestarts(pod, spec.name),
    });
  }
  return views;
}

async function withLastWords(
  spec: Container,
  container: RuntimeContainer | undefined,
  memory: PodMemory,
): Promise<RuntimeContainer | undefined> {
  if (container?.state.kind !== "exited" || container.state.message !== "") return container;
  const message = await memory.lastWords.of(spec, container, container.state.exitCode);
  return { ...container, state: { ...container.state, message } };
}

const NOT_RUNNING: ProbeState = { isStarted: false, isReady: false, condemnedBy: undefined };

function probeState(
  pod: Pod,
  container: Container,
  latest: RuntimeContainer | undefined,
  observed: Observed,
  memory: PodMemory,
  context: Context,
): ProbeState {
  const isStarting = memory.activityOf(container.name) === "starting";
  if (latest?.state.kind !== "running" || isStarting) return NOT_RUNNING;
  const podIp = observed.sandbox?.ip ?? "";
  const target = { pod, container, containerId: latest.id, podIp };
  return memory.probes.stateOf(target, latest.state.startedAtMs, context);
}

function condemnation(
  spec: Container,
  latest: RuntimeContainer | undefined,
  state: ProbeState,
): Pick<ContainerView, "condemned" | "condemnedGraceMs"> {
  const none = { condemned: undefined, condemnedGraceMs: undefined };
  if (latest?.state.kind !== "running") return none;
  if (state.condemnedBy !== undefined) {
    const probe = state.condemnedBy === "startup" ? spec.startupProbe : spec.livenessProbe;
    const seconds = probe?.terminationGracePeriodSeconds;
    return {
      condemned: `Container ${spec.name} failed ${state.condemnedBy} probe, will be restarted`,
      condemnedGraceMs: seconds === undefined ? undefined : seconds * 1000,
    };
  }
  const hash = latest.labels[RUNTIME_LABEL.containerHash];
  if (hash === undefined || hash === containerHash(spec)) return none;
  const condemned = `Container ${spec.name} definition changed, will be restarted`;
  return { condemned, condemnedGraceMs: undefined };
}

function startAtMs(spec: Container, endMs: number | undefined, memory: PodMemory): number {
  const retryAtMs = memory.failures.retryAtMs(spec.name, spec.image ?? "");
  if (endMs === undefined) return retryAtMs;
  return Math.max(retryAtMs, memory.backoff.allowedAtMs(spec.name, endMs));
}

/** Restarts of the container as the API has them, -1 if it has never run. */
function knownRestarts(pod: Pod, name: string): number {
  const status = statusesOf(pod).find((one) => one.name === name);
  if (status === undefined || (status.containerID ?? "") === "") return -1;
  return status.restartCount;
}
