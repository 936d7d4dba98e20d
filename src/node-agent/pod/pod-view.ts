/** What the lifecycle engine looks at: one pod at one moment, as plain values. */
import type { Container, Pod } from "../../apis/core/v1/types.generated.ts";
import type { RuntimeContainer, RuntimeSandbox } from "../runtime/runtime.ts";

/**
 * `init` containers run one after another to their end, `sidecar`s (init containers that restart
 * always) start among them and stay, `app` containers are the pod's purpose. An `ephemeral` one
 * joins a pod to look into it: it runs once, beside the others, and none of them waits for it.
 */
export type ContainerRole = "init" | "sidecar" | "app" | "ephemeral";

/** Long work on a container that is under way; there is at most one. */
export type ContainerActivity = "none" | "starting" | "stopping";

/** Why a container is not running, as its status says it. */
export type WaitingReason = { readonly reason: string; readonly message: string };

export type ContainerView = {
  readonly spec: Container;
  readonly role: ContainerRole;
  /** The newest container of this name; created ones that never started do not count. */
  readonly latest: RuntimeContainer | undefined;
  /** The one before it that ran, for `lastState`. */
  readonly previous: RuntimeContainer | undefined;
  readonly activity: ContainerActivity;
  /** Wall clock before which it is not started again; 0: at once. */
  readonly startAtMs: number;
  /** What the last try to start it failed of. */
  readonly failure: WaitingReason | undefined;
  /** Started, its startup probe (if any) and postStart hook included. */
  readonly isStarted: boolean;
  readonly isReady: boolean;
  /** A probe or the spec says that the running container must go, and why. */
  readonly condemned: string | undefined;
  /** Overrides the pod's grace when it is stopped because of `condemned`. */
  readonly condemnedGraceMs: number | undefined;
  /** Restarts the API knows of, from before this agent's memory. */
  readonly knownRestarts: number;
};

/** A pod that must end before its containers do of themselves. */
export type Verdict = { readonly reason: string; readonly message: string };

/** What is wanted of the pod. */
export type PodIntent =
  | { readonly kind: "run" }
  /** The API object is being deleted, or is gone: everything of it ends by `deadlineMs`. */
  | { readonly kind: "end"; readonly deadlineMs: number };

export type PodView = {
  readonly pod: Pod;
  readonly nowMs: number;
  readonly intent: PodIntent;
  readonly verdict: Verdict | undefined;
  readonly sandbox: RuntimeSandbox | undefined;
  readonly sandboxActivity: ContainerActivity;
  readonly sandboxStartAtMs: number;
  /** Init containers and sidecars, apps, then ephemeral ones, each in the order of the spec. */
  readonly containers: readonly ContainerView[];
};

/** Grace of a pod that is ended without anyone having said how long, e.g. by a deadline. */
export function graceMsOf(pod: Pod): number {
  return (pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS) * 1000;
}

export const DEFAULT_GRACE_SECONDS = 30;

/** The role each container of a pod plays, in the order of `PodView.containers`. */
export function containersOf(
  pod: Pod,
): readonly { readonly spec: Container; readonly role: ContainerRole }[] {
  const first = (pod.spec.initContainers ?? []).map((spec) => ({
    spec,
    role: spec.restartPolicy === "Always" ? ("sidecar" as const) : ("init" as const),
  }));
  const apps = pod.spec.containers.map((spec) => ({ spec, role: "app" as const }));
  const guests = (pod.spec.ephemeralContainers ?? []).map((spec) => ({
    spec,
    role: "ephemeral" as const,
  }));
  return [...first, ...apps, ...guests];
}

/** Whether a container that ended with `exitCode` is to run again. */
export function isRestarted(
  view: { readonly role: ContainerRole; readonly spec: Container },
  podPolicy: string | undefined,
  exitCode: number,
): boolean {
  if (view.role === "sidecar") return true;
  if (view.role === "ephemeral") return false;
  const policy = view.spec.restartPolicy ?? podPolicy ?? "Always";
  if (policy === "Never") return false;
  if (policy === "OnFailure" || view.role === "init") return exitCode !== 0;
  return true;
}

/** Whether a process of the container exists. */
export function isRunning(view: ContainerView): boolean {
  return view.latest?.state.kind === "running";
}

/**
 * When the container ended, if its next start is a restart that may have to wait. Init containers
 * run once per sandbox: neither a success nor what happened in an earlier sandbox is held against
 * them.
 */
export function countedEndMs(
  { role, latest }: Pick<ContainerView, "role" | "latest">,
  sandbox: RuntimeSandbox | undefined,
): number | undefined {
  if (latest?.state.kind !== "exited") return undefined;
  if (role === "init") {
    if (latest.state.exitCode === 0 || latest.sandboxId !== sandbox?.id) return undefined;
  }
  return latest.state.finishedAtMs;
}
