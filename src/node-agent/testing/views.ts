/** Fixtures of the lifecycle engine: they name only what matters to a case. */
import type { Container, Pod } from "../../apis/core/v1/types.generated.ts";
import type {
  ContainerActivity,
  ContainerRole,
  ContainerView,
  PodIntent,
  PodView,
  Verdict,
} from "../pod/pod-view.ts";
import type { RuntimeContainer, RuntimeSandbox } from "../runtime/runtime.ts";

export const POD_UID = "11111111-1111-4111-8111-111111111111";

/** A pod with one container `app`, unless told otherwise. */
export function aPod(
  options: {
    readonly name?: string;
    readonly uid?: string;
    readonly spec?: Partial<Pod["spec"]>;
    readonly status?: Pod["status"];
    readonly metadata?: Partial<Pod["metadata"]>;
  } = {},
): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: options.name ?? "web",
      namespace: "default",
      uid: options.uid ?? POD_UID,
      ...options.metadata,
    },
    spec: {
      nodeName: "node-1",
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      containers: [aContainer()],
      ...options.spec,
    },
    status: options.status ?? {},
  };
}

/** A container `app` of image `run`. */
export function aContainer(options: Partial<Container> = {}): Container {
  return { name: "app", image: "run", imagePullPolicy: "IfNotPresent", ...options };
}

export const SANDBOX_ID = "sandbox-0";

export function aSandbox(options: Partial<RuntimeSandbox> = {}): RuntimeSandbox {
  return {
    id: SANDBOX_ID,
    pod: { namespace: "default", name: "web", uid: POD_UID },
    attempt: 0,
    state: "ready",
    ip: "127.64.0.1",
    logDirectory: "/logs/default_web",
    createdAtMs: 0,
    labels: {},
    ...options,
  };
}

function aRuntimeContainer(name: string, attempt: number): Omit<RuntimeContainer, "state"> {
  return {
    id: `${name}-${attempt}`,
    sandboxId: SANDBOX_ID,
    podUid: POD_UID,
    name,
    attempt,
    image: "run",
    imageId: "sha256:run",
    createdAtMs: 0,
    logFile: `/logs/default_web/${name}/${attempt}.log`,
    terminationMessageFile: `/state/${name}/${attempt}/termination-log`,
    labels: {},
  };
}

export function aRunning(name: string, attempt = 0): RuntimeContainer {
  return { ...aRuntimeContainer(name, attempt), state: { kind: "running", startedAtMs: 1_000 } };
}

export function anExit(name: string, exitCode: number, attempt = 0): RuntimeContainer {
  const reason = exitCode === 0 ? "Completed" : "Error";
  return {
    ...aRuntimeContainer(name, attempt),
    state: {
      kind: "exited",
      startedAtMs: 1_000,
      finishedAtMs: 2_000,
      exitCode,
      reason,
      message: "",
    },
  };
}

export function aContainerView(options: {
  readonly name?: string;
  readonly role?: ContainerRole;
  readonly spec?: Partial<Container>;
  readonly latest?: RuntimeContainer;
  readonly previous?: RuntimeContainer;
  readonly activity?: ContainerActivity;
  readonly startAtMs?: number;
  readonly failure?: ContainerView["failure"];
  readonly isStarted?: boolean;
  readonly isReady?: boolean;
  readonly condemned?: string;
  readonly knownRestarts?: number;
}): ContainerView {
  return {
    spec: aContainer({ name: options.name ?? "app", ...options.spec }),
    role: options.role ?? "app",
    latest: options.latest,
    previous: options.previous,
    activity: options.activity ?? "none",
    startAtMs: options.startAtMs ?? 0,
    failure: options.failure,
    isStarted: options.isStarted ?? false,
    isReady: options.isReady ?? false,
    condemned: options.condemned,
    condemnedGraceMs: undefined,
    knownRestarts: options.knownRestarts ?? -1,
  };
}

export function aPodView(options: {
  readonly pod?: Pod;
  readonly nowMs?: number;
  readonly restartPolicy?: string;
  readonly intent?: PodIntent;
  readonly verdict?: Verdict;
  readonly sandbox?: "ready" | "not-ready" | undefined;
  readonly containers: readonly ContainerView[];
}): PodView {
  const specOf = (view: ContainerView): Container => ({
    ...view.spec,
    ...(view.role === "sidecar" ? { restartPolicy: "Always" } : {}),
  });
  const pod =
    options.pod ??
    aPod({
      spec: {
        restartPolicy: options.restartPolicy ?? "Always",
        initContainers: options.containers
          .filter(({ role }) => role === "init" || role === "sidecar")
          .map(specOf),
        containers: options.containers.filter((one) => one.role === "app").map(specOf),
      },
    });
  const state = "sandbox" in options ? options.sandbox : "ready";
  return {
    pod,
    nowMs: options.nowMs ?? 10_000,
    intent: options.intent ?? { kind: "run" },
    verdict: options.verdict,
    sandbox: state === undefined ? undefined : aSandbox({ state }),
    sandboxActivity: "none",
    sandboxStartAtMs: 0,
    containers: options.containers,
  };
}
