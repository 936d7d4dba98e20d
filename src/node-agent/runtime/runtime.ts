/**
 * The seam between the node agent and what runs containers. It has the shape of the Container
 * Runtime Interface, so that an adapter to a real engine is thin and the others imitate it.
 *
 * Promises, checked by `conformance.ts` over every implementation:
 * - A sandbox or container carries the labels it was made with, through every crash of the agent:
 *   the agent rebuilds all it knows from the two lists.
 * - `startContainer` answers once; a container runs at most once. What could not be started is
 *   exited with code 128 and reason `StartError`.
 * - `stopContainer` and the removals are idempotent. A second stop with less grace shortens the
 *   first. After it resolves, no process of the container is left.
 * - Output goes to the log file as lines `<RFC 3339 with nanoseconds> stdout|stderr F|P <text>`.
 *
 * Not promised: anything about restarts, back-off, probes, hooks or the pod's phase. Those are the
 * agent's, above this line.
 */
import type { Readable, Writable } from "node:stream";
import type { Context } from "../../base/context.ts";

export type SandboxId = string;
export type ContainerId = string;

/** Which pod an object of the runtime belongs to. */
export type PodIdentity = {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
};

export type SandboxConfig = {
  readonly pod: PodIdentity;
  /** Counts the sandboxes of one pod from 0. */
  readonly attempt: number;
  readonly hostname: string;
  /** Absolute; logs of the pod's containers go below. */
  readonly logDirectory: string;
  readonly labels: Readonly<Record<string, string>>;
};

/** The pod's frame: address, directories, and whatever else its containers share. */
export type RuntimeSandbox = {
  readonly id: SandboxId;
  readonly pod: PodIdentity;
  readonly attempt: number;
  /** `not-ready` after `stopSandbox`, or when a reboot has taken it. */
  readonly state: "ready" | "not-ready";
  readonly ip: string;
  readonly logDirectory: string;
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
};

/** A directory or file of the node at a path of the container. */
export type Mount = {
  readonly volume: string;
  readonly hostPath: string;
  readonly containerPath: string;
  readonly isReadOnly: boolean;
  /**
   * The container finds it by its environment (see `volumePath`), so a runtime that cannot mount
   * may leave it where it is.
   */
  readonly isFoundByEnv: boolean;
};

export type EnvEntry = { readonly name: string; readonly value: string };

/** Who the container runs as. Undefined: as the runtime runs things by itself. */
export type RunAs = {
  readonly user: number | undefined;
  readonly group: number | undefined;
  /** Refuse it if it would run as root. */
  readonly isNonRootRequired: boolean;
};

export type ContainerConfig = {
  readonly name: string;
  /** Counts the containers of this name in one pod from 0: the restart count. */
  readonly attempt: number;
  readonly image: string;
  /** Replaces the image's entrypoint and arguments; empty: the image's. */
  readonly command: readonly string[];
  /** Replaces the image's arguments; empty: the image's, unless `command` is given. */
  readonly args: readonly string[];
  /** Empty: the image's. */
  readonly workingDir: string;
  /** Later entries win over earlier ones, and over the image's. */
  readonly env: readonly EnvEntry[];
  readonly mounts: readonly Mount[];
  readonly runAs: RunAs;
  /** Whether it has an input that can be attached to, and whether that ends with the first one. */
  readonly stdin: "none" | "open" | "once";
  /** Where in the container its last words are read from. */
  readonly terminationMessagePath: string;
  /** Below the sandbox's log directory, e.g. `web/0.log`. */
  readonly logPath: string;
  readonly labels: Readonly<Record<string, string>>;
};

export type ContainerRuntimeState =
  | { readonly kind: "created" }
  | { readonly kind: "running"; readonly startedAtMs: number }
  | {
      readonly kind: "exited";
      readonly startedAtMs: number;
      readonly finishedAtMs: number;
      /** 128 + signal for what a signal ended. */
      readonly exitCode: number;
      /** `Completed`, `Error`, `StartError`, `OOMKilled`, `ContainerStatusUnknown`. */
      readonly reason: string;
      readonly message: string;
    };

export type RuntimeContainer = {
  readonly id: ContainerId;
  readonly sandboxId: SandboxId;
  readonly podUid: string;
  readonly name: string;
  readonly attempt: number;
  readonly image: string;
  readonly imageId: string;
  readonly state: ContainerRuntimeState;
  readonly createdAtMs: number;
  /** Absolute path of the log file that is written now. */
  readonly logFile: string;
  /** Absolute path, on the node, of the file the container may leave its last words in. */
  readonly terminationMessageFile: string;
  readonly labels: Readonly<Record<string, string>>;
};

export type ExecResult = {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
};

/** Of a terminal, in characters. */
export type TerminalSize = { readonly columns: number; readonly rows: number };

export type ExecRequest = {
  readonly command: readonly string[];
  readonly hasStdin: boolean;
  /** A terminal for the command; then it has no separate errors. */
  readonly isTty: boolean;
};

/** A command inside a container, or the container's own, as streams. */
export interface ExecSession {
  readonly stdin: Writable | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable | undefined;
  /** Of no effect without a terminal. */
  resize(size: TerminalSize): void;
  /** Resolves with the exit code after the output has ended; 128 + signal for one it died of. */
  readonly ended: Promise<number>;
  /** Kills the command, or lets go of what was only attached to. */
  close(): void;
}

/** Output of one `execSync` kept per stream; the rest is dropped. */
export const EXEC_OUTPUT_BYTES_MAX: number = 16 * 1024;

/** What the runtime calls itself; shown on the Node. */
export type RuntimeVersion = {
  /** Also the scheme of container ids: `process://…`. */
  readonly name: string;
  readonly version: string;
  /** Which of its ways of working the runtime found possible here, e.g. `bubblewrap`. */
  readonly tier: string;
};

export type RuntimeCondition = {
  readonly type: "RuntimeReady" | "NetworkReady";
  readonly isTrue: boolean;
  readonly reason: string;
  readonly message: string;
};

/** Restricts a list to one pod. */
export type PodFilter = { readonly podUid?: string };

export type RuntimeErrorKind =
  /** The image's name cannot be one. */
  | "invalid-image-name"
  /** The runtime knows no such image. */
  | "image-not-found"
  /** What is asked for cannot be had here, whatever is retried: a matter of the pod's spec. */
  | "bad-config"
  | "create-failed"
  | "start-failed"
  | "not-found"
  | "timeout";

/** A refusal or failure of the runtime; `message` is for the pod's owner. */
export class RuntimeError extends Error {
  override readonly name = "RuntimeError";
  readonly kind: RuntimeErrorKind;

  constructor(kind: RuntimeErrorKind, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.kind = kind;
  }
}

export interface Runtime {
  version(): RuntimeVersion;
  status(context: Context): Promise<readonly RuntimeCondition[]>;

  /** Makes the image usable. Resolves with its identity. */
  ensureImage(image: string, context: Context): Promise<string>;
  /** Whether the image is usable without fetching anything. Throws for what cannot be a name. */
  hasImage(image: string, context: Context): Promise<boolean>;

  runSandbox(config: SandboxConfig, context: Context): Promise<SandboxId>;
  /** Stops what runs in it at once, and gives its address back. */
  stopSandbox(id: SandboxId, context: Context): Promise<void>;
  /** Stops it and forgets it, its containers and their files; logs stay. */
  removeSandbox(id: SandboxId, context: Context): Promise<void>;
  listSandboxes(filter: PodFilter, context: Context): Promise<readonly RuntimeSandbox[]>;

  /** Where a container finds this mount: its path, or for want of mounts the node's. */
  volumePath(mount: Mount): string;

  createContainer(
    sandboxId: SandboxId,
    config: ContainerConfig,
    context: Context,
  ): Promise<ContainerId>;
  startContainer(id: ContainerId, context: Context): Promise<void>;
  /** Asks it to end, and after `graceMs` ends it. Resolves when it has ended. */
  stopContainer(id: ContainerId, graceMs: number, context: Context): Promise<void>;
  /** Kills it if it runs, and forgets it; the log stays. */
  removeContainer(id: ContainerId, context: Context): Promise<void>;
  listContainers(filter: PodFilter, context: Context): Promise<readonly RuntimeContainer[]>;

  /** Runs a command inside a running container; after `timeoutMs` kills it and throws `timeout`. */
  execSync(
    id: ContainerId,
    command: readonly string[],
    timeoutMs: number,
    context: Context,
  ): Promise<ExecResult>;

  /** Runs a command inside a running container, connected to its caller. */
  exec(id: ContainerId, request: ExecRequest, context: Context): Promise<ExecSession>;
  /**
   * Connects to the container's own command: its output from now on, and its input if the container
   * has one. `ended` resolves when the container has.
   */
  attach(
    id: ContainerId,
    request: { readonly hasStdin: boolean },
    context: Context,
  ): Promise<ExecSession>;

  /** Writes on into a new log file, after the old one was renamed. */
  reopenContainerLog(id: ContainerId, context: Context): Promise<void>;

  /**
   * Uids of pods something happened to, if the runtime can tell. Hints: the agent lists besides,
   * so that a lost one costs a second.
   */
  events(context: Context): AsyncIterable<string> | undefined;
}

/** Labels the agent puts on sandboxes and containers, and reads back after a crash. */
export const RUNTIME_LABEL = {
  podName: "io.kubernetes.pod.name",
  podNamespace: "io.kubernetes.pod.namespace",
  podUid: "io.kubernetes.pod.uid",
  containerName: "io.kubernetes.container.name",
  restartCount: "io.kubernetes.container.restartCount",
  /** Fingerprint of the part of the container's spec that may change. */
  containerHash: "io.kubernetes.container.hash",
  /** Grace in seconds for a pod the API no longer knows. */
  terminationGracePeriod: "io.kubernetes.pod.terminationGracePeriod",
} as const;
