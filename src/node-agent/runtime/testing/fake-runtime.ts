/**
 * A runtime without processes that behaves: containers start, run, end and get stopped in virtual
 * time, as the image they are of says. It outlives the agents of a test, as real containers do.
 */
import { PassThrough } from "node:stream";
import type { Context } from "../../../base/context.ts";
import { Channel } from "../../../base/channel.ts";
import type { Env, Timer } from "../../../base/env.ts";
import { orAborted } from "../../../base/signals.ts";
import {
  RuntimeError,
  type ContainerConfig,
  type ContainerRuntimeState,
  type ExecRequest,
  type ExecResult,
  type ExecSession,
  type TerminalSize,
  type Mount,
  type PodFilter,
  type Runtime,
  type RuntimeCondition,
  type RuntimeContainer,
  type RuntimeErrorKind,
  type RuntimeSandbox,
  type RuntimeVersion,
  type SandboxConfig,
} from "../runtime.ts";

/** What containers of one image do. */
export type FakeImage = {
  /** The image cannot be had. */
  readonly missing?: "image-not-found" | "invalid-image-name";
  readonly createError?: RuntimeErrorKind;
  readonly startError?: string;
  /** Ends by itself; default: runs on. */
  readonly exit?: { readonly afterMs: number; readonly code: number };
  /** What a polite stop does; default: ends at once with 143. */
  readonly onTerm?: { readonly afterMs: number; readonly code: number } | "ignore";
  readonly exec?: (command: readonly string[]) => ExecResult | "hang";
};

type FakeContainer = {
  record: RuntimeContainer;
  readonly config: ContainerConfig;
  readonly image: FakeImage;
  readonly timers: Timer[];
  readonly waiters: (() => void)[];
};

const OK: ExecResult = { exitCode: 0, stdout: new Uint8Array(), stderr: new Uint8Array() };

export class FakeRuntime implements Runtime {
  /** Images by name; one that is not here runs until it is stopped. */
  readonly images: Map<string, FakeImage> = new Map();
  /** What happened, in order: `start web-0`, `stop web-0`, … */
  readonly journal: string[] = [];
  conditions: readonly RuntimeCondition[] = [
    { type: "RuntimeReady", isTrue: true, reason: "", message: "" },
    { type: "NetworkReady", isTrue: true, reason: "", message: "" },
  ];
  /** Refuses to make sandboxes with this message. */
  sandboxError: string | undefined;
  readonly #env: Env;
  readonly #sandboxes = new Map<string, RuntimeSandbox>();
  readonly #containers = new Map<string, FakeContainer>();
  readonly #channels = new Set<Channel<string>>();
  #sandboxCount = 0;

  constructor(env: Env) {
    this.#env = env;
  }

  version(): RuntimeVersion {
    return { name: "fake", version: "1.0", tier: "virtual" };
  }

  status(): Promise<readonly RuntimeCondition[]> {
    return Promise.resolve(this.conditions);
  }

  async ensureImage(image: string): Promise<string> {
    const { missing } = this.#image(image);
    if (missing !== undefined) throw new RuntimeError(missing, `there is no image ${image}`);
    return Promise.resolve(`fake:${image}`);
  }

  async hasImage(image: string): Promise<boolean> {
    const { missing } = this.#image(image);
    if (missing === "invalid-image-name") throw new RuntimeError(missing, `bad name ${image}`);
    return Promise.resolve(missing === undefined);
  }

  async runSandbox(config: SandboxConfig): Promise<string> {
    if (this.sandboxError !== undefined) {
      throw new RuntimeError("create-failed", this.sandboxError);
    }
    this.#sandboxCount += 1;
    const id = `${config.pod.uid}_${config.attempt}`;
    this.#sandboxes.set(id, {
      id,
      pod: config.pod,
      attempt: config.attempt,
      state: "ready",
      ip: `127.64.0.${this.#sandboxCount}`,
      logDirectory: config.logDirectory,
      createdAtMs: this.#env.clock.now(),
      labels: config.labels,
    });
    this.#note(`sandbox ${config.pod.name}`);
    return Promise.resolve(id);
  }

  async stopSandbox(id: string): Promise<void> {
    const sandbox = this.#sandboxes.get(id);
    if (sandbox === undefined || sandbox.state === "not-ready") return;
    for (const container of this.#containers.values()) {
      if (container.record.sandboxId === id) this.#end(container, 137);
    }
    this.#sandboxes.set(id, { ...sandbox, state: "not-ready" });
    this.#note(`stop-sandbox ${sandbox.pod.name}`);
    await Promise.resolve();
  }

  async removeSandbox(id: string): Promise<void> {
    await this.stopSandbox(id);
    for (const [containerId, container] of this.#containers) {
      if (container.record.sandboxId === id) this.#containers.delete(containerId);
    }
    this.#sandboxes.delete(id);
  }

  async listSandboxes(filter: PodFilter): Promise<readonly RuntimeSandbox[]> {
    const all = [...this.#sandboxes.values()];
    return Promise.resolve(
      all.filter((one) => filter.podUid === undefined || one.pod.uid === filter.podUid),
    );
  }

  volumePath(mount: Mount): string {
    return mount.containerPath;
  }

  async createContainer(sandboxId: string, config: ContainerConfig): Promise<string> {
    const sandbox = this.#sandboxes.get(sandboxId);
    if (sandbox === undefined) throw new RuntimeError("not-found", `no sandbox ${sandboxId}`);
    const image = this.#image(config.image);
    if (image.createError !== undefined) {
      throw new RuntimeError(image.createError, "it cannot be made");
    }
    const id = `${sandbox.pod.uid}.${config.name}.${config.attempt}`;
    if (this.#containers.has(id)) throw new RuntimeError("create-failed", `${id} exists`);
    const record: RuntimeContainer = {
      id,
      sandboxId,
      podUid: sandbox.pod.uid,
      name: config.name,
      attempt: config.attempt,
      image: config.image,
      imageId: `fake:${config.image}`,
      state: { kind: "created" },
      createdAtMs: this.#env.clock.now(),
      logFile: `${sandbox.logDirectory}/${config.logPath}`,
      terminationMessageFile: `/state/${id}/termination-log`,
      labels: config.labels,
    };
    this.#containers.set(id, { record, config, image, timers: [], waiters: [] });
    return Promise.resolve(id);
  }

  async startContainer(id: string): Promise<void> {
    const container = this.#container(id);
    const nowMs = this.#env.clock.now();
    if (container.record.state.kind !== "created") {
      throw new RuntimeError("start-failed", `${id} was started before`);
    }
    const { startError, exit } = container.image;
    if (startError !== undefined) {
      this.#set(container, exited(nowMs, nowMs, 128, "StartError", startError));
      throw new RuntimeError("start-failed", startError);
    }
    this.#note(`start ${container.record.name}-${container.record.attempt}`);
    this.#set(container, { kind: "running", startedAtMs: nowMs });
    if (exit !== undefined) {
      container.timers.push(
        this.#env.timers.after(exit.afterMs, () => this.#end(container, exit.code)),
      );
    }
    await Promise.resolve();
  }

  async stopContainer(id: string, graceMs: number, context: Context): Promise<void> {
    const container = this.#container(id);
    if (container.record.state.kind !== "running") return;
    this.#note(`stop ${container.record.name}-${container.record.attempt} ${graceMs}`);
    const { onTerm = { afterMs: 0, code: 143 } } = container.image;
    if (graceMs === 0) this.#end(container, 137);
    else {
      container.timers.push(this.#env.timers.after(graceMs, () => this.#end(container, 137)));
      if (onTerm !== "ignore") {
        const end = (): void => this.#end(container, onTerm.code);
        container.timers.push(this.#env.timers.after(onTerm.afterMs, end));
      }
    }
    await orAborted(
      new Promise<void>((resolve) => {
        if (container.record.state.kind === "exited") resolve();
        else container.waiters.push(resolve);
      }),
      context.signal,
    );
  }

  async removeContainer(id: string): Promise<void> {
    const container = this.#containers.get(id);
    if (container === undefined) return;
    this.#end(container, 137);
    this.#containers.delete(id);
    await Promise.resolve();
  }

  async listContainers(filter: PodFilter): Promise<readonly RuntimeContainer[]> {
    const all = [...this.#containers.values()].map((container) => container.record);
    return Promise.resolve(
      all.filter((one) => filter.podUid === undefined || one.podUid === filter.podUid),
    );
  }

  async execSync(
    id: string,
    command: readonly string[],
    timeoutMs: number,
    context: Context,
  ): Promise<ExecResult> {
    const container = this.#container(id);
    if (container.record.state.kind !== "running") {
      throw new RuntimeError("not-found", `${id} is not running`);
    }
    this.#note(`exec ${container.record.name}-${container.record.attempt} ${command.join(" ")}`);
    const result = container.image.exec?.(command) ?? OK;
    if (result !== "hang") return result;
    await this.#env.timers.sleep(timeoutMs, context.signal);
    throw new RuntimeError("timeout", `command ${command.join(" ")} timed out`);
  }

  /** Answers what `execSync` would, and copies its input to its output. */
  async exec(id: string, request: ExecRequest, context: Context): Promise<ExecSession> {
    const result = await this.execSync(id, request.command, 0, context);
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const stdin = request.hasStdin ? new PassThrough() : undefined;
    stdout.write(result.stdout);
    stderr.end(result.stderr);
    if (stdin === undefined) stdout.end();
    else stdin.pipe(stdout);
    const ended = new Promise<number>((resolve) => {
      stdout.once("end", () => resolve(result.exitCode));
    });
    const close = (): void => void stdout.end();
    return { stdin, stdout, stderr, resize: (size) => this.#note(sizeText(size)), ended, close };
  }

  async attach(id: string): Promise<ExecSession> {
    const container = this.#container(id);
    const stdout = new PassThrough();
    const ended = new Promise<void>((resolve) => container.waiters.push(resolve)).then(() => {
      stdout.end();
      const { state } = container.record;
      return state.kind === "exited" ? state.exitCode : 0;
    });
    await Promise.resolve();
    const close = (): void => void stdout.end();
    return { stdin: undefined, stdout, stderr: undefined, resize: () => undefined, ended, close };
  }

  async reopenContainerLog(id: string): Promise<void> {
    this.#note(`reopen ${this.#container(id).record.name}`);
    await Promise.resolve();
  }

  events(context: Context): AsyncIterable<string> {
    const channel = new Channel<string>({ capacity: 1_000, whenFull: "drop-newest" });
    this.#channels.add(channel);
    context.signal.addEventListener("abort", () => {
      this.#channels.delete(channel);
      channel.close();
    });
    return channel;
  }

  /** Ends a running container from outside, as `kill -9` or a crash would. */
  crash(name: string, exitCode = 137): void {
    for (const container of this.#containers.values()) {
      if (container.record.name === name) this.#end(container, exitCode);
    }
  }

  /** Takes every sandbox and container down without a word, as a reboot does. */
  reboot(): void {
    for (const container of this.#containers.values()) {
      this.#end(container, 137, "ContainerStatusUnknown");
    }
    for (const [id, sandbox] of this.#sandboxes) {
      this.#sandboxes.set(id, { ...sandbox, state: "not-ready" });
    }
  }

  /** Names of the containers that run, with their attempts: `web-0`. */
  running(): readonly string[] {
    return [...this.#containers.values()]
      .filter((container) => container.record.state.kind === "running")
      .map((container) => `${container.record.name}-${container.record.attempt}`);
  }

  /** The config a container was made with. */
  configOf(name: string): ContainerConfig | undefined {
    const found = [...this.#containers.values()].filter((one) => one.record.name === name);
    return found.at(-1)?.config;
  }

  #image(name: string): FakeImage {
    return this.images.get(name) ?? {};
  }

  #container(id: string): FakeContainer {
    const container = this.#containers.get(id);
    if (container === undefined) throw new RuntimeError("not-found", `no container ${id}`);
    return container;
  }

  #end(container: FakeContainer, code: number, reason?: string): void {
    const { state } = container.record;
    if (state.kind !== "running") return;
    const nowMs = this.#env.clock.now();
    const why = reason ?? (code === 0 ? "Completed" : "Error");
    for (const timer of container.timers) timer.cancel();
    this.#note(`exit ${container.record.name}-${container.record.attempt} ${code}`);
    this.#set(container, exited(state.startedAtMs, nowMs, code, why, ""));
    for (const resolve of container.waiters) resolve();
  }

  #set(container: FakeContainer, state: ContainerRuntimeState): void {
    container.record = { ...container.record, state };
    for (const channel of this.#channels) channel.send(container.record.podUid);
  }

  #note(line: string): void {
    this.journal.push(line);
  }
}

function sizeText({ columns, rows }: TerminalSize): string {
  return `resize ${columns}x${rows}`;
}

function exited(
  startedAtMs: number,
  finishedAtMs: number,
  exitCode: number,
  reason: string,
  message: string,
): ContainerRuntimeState {
  return { kind: "exited", startedAtMs, finishedAtMs, exitCode, reason, message };
}
