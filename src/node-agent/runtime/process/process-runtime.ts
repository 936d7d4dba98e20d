/**
 * Containers as plain processes of this machine: no image registry, no daemon. See docs/reference/
 * images.md for what an image is here, and `tier.ts` for how far containers are kept apart.
 *
 * Layout of the state directory: `agent.lock`, `shim.sh`, `events` (a pipe),
 * `pods/<uid>/sandbox.json`, `pods/<uid>/containers/<name>/<attempt>/…`.
 */
import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { Channel } from "../../../base/channel.ts";
import type { Context } from "../../../base/context.ts";
import type { Env } from "../../../base/env.ts";
import {
  RuntimeError,
  type ContainerConfig,
  type ExecResult,
  type Mount,
  type PodFilter,
  type Runtime,
  type RuntimeCondition,
  type RuntimeContainer,
  type RuntimeSandbox,
  type RuntimeVersion,
  type SandboxConfig,
} from "../runtime.ts";
import { AddressPool, listeningAddresses } from "./address-pool.ts";
import { lockDirectory } from "./agent-lock.ts";
import { execCommand } from "./exec.ts";
import { ImageStore } from "./image-store.ts";
import {
  checkConfig,
  environment,
  isRoot,
  planLaunch,
  userArguments,
  workingDirectory,
  type LaunchRequest,
  type LaunchSettings,
} from "./launch.ts";
import { ProcessContainer, type ContainerSurroundings } from "./process-container.ts";
import { readBootId } from "./process-table.ts";
import { SHIM_SCRIPT, STATE_FILE } from "./shim.ts";
import {
  makePrivate,
  readContainerRecord,
  readSandboxRecord,
  readText,
  segment,
  writeRecord,
  writeWhole,
  type ContainerRecord,
  type SandboxRecord,
} from "./state-files.ts";
import { chooseTier, findTools, type Tier, type Tools } from "./tier.ts";

/** Version of the runtime as Nodes show it. */
export const PROCESS_RUNTIME_VERSION = "1.0.0";

/** Events that wait for a reader; more are dropped, since they are hints. */
const EVENTS_MAX = 1_024;

export type ProcessRuntimeOptions = {
  /** Absolute; belongs to this runtime alone. */
  readonly root: string;
  /** Where images by name are looked for, in this order (default: nowhere). */
  readonly imageDirs?: readonly string[];
  /** Addresses of pods, out of 127.0.0.0/8 (default "127.64.0.0/16"). */
  readonly podRange?: string;
  /** Default "auto": bubblewrap where it works. */
  readonly tier?: Tier | "auto";
  /** Where programs are looked for if a container does not say (default: Node's own, then usual). */
  readonly searchPath?: string;
  /** Directories that containers must not see into, besides `root`. */
  readonly hiddenPaths?: readonly string[];
};

const USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

type Sandbox = { record: SandboxRecord };

export class ProcessRuntime implements Runtime {
  readonly #env: Env;
  readonly #podsRoot: string;
  readonly #images: ImageStore;
  readonly #addresses: AddressPool;
  readonly #settings: LaunchSettings;
  readonly #around: ContainerSurroundings;
  readonly #unlock: () => Promise<void>;
  readonly #channels = new Set<Channel<string>>();
  /** By pod uid: the newest sandbox. */
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #containers = new Map<string, ProcessContainer>();
  readonly #events: Socket;

  private constructor(
    options: ProcessRuntimeOptions,
    parts: {
      readonly env: Env;
      readonly tools: Tools;
      readonly tier: Tier;
      readonly bootId: string;
      readonly eventsFd: number;
      readonly events: Socket;
      readonly unlock: () => Promise<void>;
    },
  ) {
    const { env, tools, tier, bootId, eventsFd } = parts;
    this.#env = env;
    this.#podsRoot = join(options.root, "pods");
    this.#images = new ImageStore(options.imageDirs ?? []);
    this.#addresses = new AddressPool(options.podRange ?? "127.64.0.0/16", options.root);
    const ownNode = process.execPath.slice(0, process.execPath.lastIndexOf("/"));
    this.#settings = {
      tier,
      tools,
      searchPath: options.searchPath ?? `${ownNode}:${USUAL_PATH}`,
      hiddenPaths: [options.root, ...(options.hiddenPaths ?? [])],
    };
    this.#around = {
      env,
      tools,
      shimPath: join(options.root, "shim.sh"),
      eventsFd,
      bootId,
      onEvent: (podUid) => this.#tell(podUid),
    };
    this.#unlock = parts.unlock;
    this.#events = parts.events;
    this.#events.on("data", (chunk: Uint8Array) => {
      for (const uid of Buffer.from(chunk).toString("latin1").split("\n")) {
        if (uid !== "") this.#tell(uid);
      }
    });
  }

  /**
   * Takes possession of the state directory and of all that runs from it. Throws if another agent
   * has it, or if the wanted tier does not work.
   */
  static async open(options: ProcessRuntimeOptions, env: Env): Promise<ProcessRuntime> {
    const unlock = await lockDirectory(options.root, env);
    try {
      const tools = await findTools();
      const tier = await chooseTier(options.tier ?? "auto", tools);
      const pipe = join(options.root, "events");
      // Watchers of an earlier agent hold the pipe that is there.
      if (!(await isPipe(pipe))) await makePipes(tools, [pipe]);
      const eventsFd = openSync(pipe, constants.O_RDWR);
      const readFd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
      const events = new Socket({ fd: readFd, readable: true, writable: false });
      events.unref();
      const bootId = await readBootId();
      const parts = { env, tools, tier, bootId, eventsFd, events, unlock };
      const runtime = new ProcessRuntime(options, parts);
      await runtime.#load(options.root);
      return runtime;
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /** Lets go of everything and leaves it running. */
  async close(): Promise<void> {
    for (const container of this.#containers.values()) container.release();
    this.#events.destroy();
    closeSync(this.#around.eventsFd);
    for (const channel of this.#channels) channel.close();
    await this.#unlock();
  }

  version(): RuntimeVersion {
    return { name: "process", version: PROCESS_RUNTIME_VERSION, tier: this.#settings.tier };
  }

  async status(): Promise<readonly RuntimeCondition[]> {
    const isThere = (await readText(this.#around.shimPath)) !== undefined;
    const problem = isThere ? "" : "the state directory of the runtime is gone";
    const reason = isThere ? "" : "StateLost";
    return [
      { type: "RuntimeReady", isTrue: isThere, reason, message: problem },
      { type: "NetworkReady", isTrue: true, reason: "", message: "" },
    ];
  }

  async ensureImage(image: string): Promise<string> {
    return (await this.#images.find(image)).id;
  }

  async hasImage(image: string): Promise<boolean> {
    try {
      await this.#images.find(image);
      return true;
    } catch (error) {
      if (error instanceof RuntimeError && error.kind === "image-not-found") return false;
      throw error;
    }
  }

  async runSandbox(config: SandboxConfig): Promise<string> {
    const { uid } = config.pod;
    const old = this.#sandboxes.get(uid);
    if (old !== undefined && this.#isReady(old)) {
      throw new RuntimeError("create-failed", `pod ${config.pod.name} has a sandbox`);
    }
    // Another control plane of this machine may give out addresses of the same range.
    const ip = this.#addresses.take(listeningAddresses((await readText("/proc/net/tcp")) ?? ""));
    if (ip === undefined) {
      throw new RuntimeError("create-failed", "all pod addresses of this node are in use");
    }
    const directory = join(this.#podsRoot, segment(uid));
    await makePrivate(directory);
    const record: SandboxRecord = {
      config,
      ip,
      createdAtMs: this.#env.clock.now(),
      bootId: this.#around.bootId,
      isStopped: false,
    };
    await writeRecord(join(directory, SANDBOX_FILE), record);
    await mkdir(config.logDirectory, { recursive: true, mode: 0o755 });
    this.#sandboxes.set(uid, { record });
    return sandboxId(record);
  }

  async stopSandbox(id: string, context: Context): Promise<void> {
    const sandbox = this.#sandboxOf(id);
    if (sandbox === undefined) return;
    const { uid } = sandbox.record.config.pod;
    const own = [...this.#containers.values()].filter((one) => one.record.podUid === uid);
    await Promise.all(own.map((container) => container.stop(0, context)));
    if (sandbox.record.isStopped) return;
    sandbox.record = { ...sandbox.record, isStopped: true };
    await writeRecord(join(this.#podsRoot, segment(uid), SANDBOX_FILE), sandbox.record);
    this.#addresses.give(sandbox.record.ip);
  }

  async removeSandbox(id: string, context: Context): Promise<void> {
    const sandbox = this.#sandboxOf(id);
    if (sandbox === undefined) return;
    await this.stopSandbox(id, context);
    const { uid } = sandbox.record.config.pod;
    for (const [containerId, container] of this.#containers) {
      if (container.record.podUid === uid) this.#containers.delete(containerId);
    }
    await rm(join(this.#podsRoot, segment(uid)), { recursive: true, force: true });
    this.#sandboxes.delete(uid);
  }

  async listSandboxes(filter: PodFilter): Promise<readonly RuntimeSandbox[]> {
    const { podUid } = filter;
    const all = [...this.#sandboxes.values()].filter(
      ({ record }) => podUid === undefined || record.config.pod.uid === podUid,
    );
    return Promise.resolve(all.map((sandbox) => this.#describe(sandbox)));
  }

  volumePath(mount: Mount): string {
    return this.#settings.tier === "plain" ? mount.hostPath : mount.containerPath;
  }

  async createContainer(id: string, config: ContainerConfig): Promise<string> {
    const sandbox = this.#sandboxOf(id);
    if (sandbox === undefined || !this.#isReady(sandbox)) {
      throw new RuntimeError("not-found", `there is no sandbox ${id}`);
    }
    const image = await this.#images.find(config.image);
    checkConfig(config, image, this.#settings);
    const { pod, hostname, logDirectory } = sandbox.record.config;
    const record: ContainerRecord = {
      id: `${pod.uid}.${segment(config.name)}.${config.attempt}`,
      sandboxId: id,
      podUid: pod.uid,
      hostname,
      config,
      imageId: image.id,
      logFile: join(logDirectory, config.logPath),
      createdAtMs: this.#env.clock.now(),
      bootId: this.#around.bootId,
      tier: this.#settings.tier,
    };
    if (this.#containers.has(record.id)) {
      throw new RuntimeError("create-failed", `container ${record.id} exists`);
    }
    const directory = this.#directoryOf(record);
    await makePrivate(join(directory, "tmp"));
    await makePipes(this.#settings.tools, [join(directory, "stdout"), join(directory, "stderr")]);
    await writeFile(join(directory, STATE_FILE.terminationMessage), "", { mode: 0o666 });
    await writeRecord(join(directory, STATE_FILE.record), record);
    this.#containers.set(record.id, new ProcessContainer(record, directory, this.#around));
    return record.id;
  }

  async startContainer(id: string): Promise<void> {
    const container = this.#container(id);
    await container.start(async () => {
      return planLaunch(await this.#launchRequest(container), this.#settings);
    });
    this.#tell(container.record.podUid);
  }

  async stopContainer(id: string, graceMs: number, context: Context): Promise<void> {
    await this.#container(id).stop(graceMs, context);
  }

  async removeContainer(id: string, context: Context): Promise<void> {
    const container = this.#containers.get(id);
    if (container === undefined) return;
    await container.stop(0, context);
    await rm(container.directory, { recursive: true, force: true });
    this.#containers.delete(id);
  }

  async listContainers(filter: PodFilter): Promise<readonly RuntimeContainer[]> {
    const { podUid } = filter;
    const wanted = [...this.#containers.values()].filter(
      ({ record }) => podUid === undefined || record.podUid === podUid,
    );
    await Promise.all(wanted.map((container) => container.refresh()));
    return wanted.map((container) => container.describe());
  }

  async execSync(
    id: string,
    command: readonly string[],
    timeoutMs: number,
    context: Context,
  ): Promise<ExecResult> {
    const container = this.#container(id);
    const app = await container.awaitApp(context);
    if (app === undefined) throw new RuntimeError("not-found", `container ${id} is not running`);
    const { config, tier } = container.record;
    const { tools } = this.#settings;
    const request = await this.#launchRequest(container);
    const env = environment(request, { ...this.#settings, tier });
    const cwd = workingDirectory(request);
    const own = [...userArguments(config, tools), ...command];
    if (tier === "plain")
      return execCommand({ argv: own, env, cwd }, timeoutMs, this.#env, context);
    const user = isRoot() ? [] : ["-U", "--preserve-credentials"];
    const target = ["-t", String(app.pid), "-m", "-u", "-i", "-p", "-r", "-w"];
    const argv = [tools.nsenter ?? "nsenter", ...target, ...user, "--", ...own];
    return execCommand({ argv, env, cwd: "/" }, timeoutMs, this.#env, context);
  }

  async reopenContainerLog(id: string): Promise<void> {
    await this.#container(id).reopenLog();
  }

  events(context: Context): AsyncIterable<string> {
    const channel = new Channel<string>({ capacity: EVENTS_MAX, whenFull: "drop-newest" });
    this.#channels.add(channel);
    const end = (): void => {
      this.#channels.delete(channel);
      channel.close();
    };
    if (context.signal.aborted) end();
    else context.signal.addEventListener("abort", end, { once: true });
    return channel;
  }

  async #launchRequest(container: ProcessContainer): Promise<LaunchRequest> {
    const { config, hostname } = container.record;
    return {
      config,
      image: await this.#images.find(config.image),
      hostname,
      tmpPath: join(container.directory, "tmp"),
      terminationMessageFile: container.terminationMessageFile,
    };
  }

  #tell(podUid: string): void {
    for (const channel of this.#channels) channel.send(podUid);
  }

  async #load(root: string): Promise<void> {
    await makePrivate(this.#podsRoot);
    if ((await readText(this.#around.shimPath)) !== SHIM_SCRIPT) {
      await writeWhole(join(root, "shim.sh"), SHIM_SCRIPT); // by rename: running ones read the old
    }
    for (const uid of await readdir(this.#podsRoot)) await this.#loadPod(uid);
  }

  async #loadPod(uid: string): Promise<void> {
    const directory = join(this.#podsRoot, uid);
    const record = await readSandboxRecord(join(directory, SANDBOX_FILE));
    if (record === undefined) {
      await rm(directory, { recursive: true, force: true }); // nothing was started in it yet
      return;
    }
    const sandbox: Sandbox = { record };
    this.#sandboxes.set(uid, sandbox);
    if (this.#isReady(sandbox)) this.#addresses.keep(record.ip);
    const containers = join(directory, "containers");
    for (const name of await namesIn(containers)) {
      for (const attempt of await namesIn(join(containers, name))) {
        await this.#loadContainer(join(containers, name, attempt));
      }
    }
  }

  async #loadContainer(directory: string): Promise<void> {
    const record = await readContainerRecord(join(directory, STATE_FILE.record));
    if (record === undefined) {
      await rm(directory, { recursive: true, force: true }); // its creation was cut short
      return;
    }
    const container = new ProcessContainer(record, directory, this.#around);
    await container.adopt();
    this.#containers.set(record.id, container);
  }

  #isReady({ record }: Sandbox): boolean {
    return !record.isStopped && record.bootId === this.#around.bootId;
  }

  #describe(sandbox: Sandbox): RuntimeSandbox {
    const { config, ip, createdAtMs } = sandbox.record;
    const { pod, attempt, logDirectory, labels } = config;
    const state = this.#isReady(sandbox) ? "ready" : "not-ready";
    const id = sandboxId(sandbox.record);
    return { id, pod, attempt, state, ip, logDirectory, createdAtMs, labels };
  }

  #sandboxOf(id: string): Sandbox | undefined {
    const uid = id.slice(0, id.lastIndexOf("_"));
    const sandbox = this.#sandboxes.get(uid);
    return sandbox !== undefined && sandboxId(sandbox.record) === id ? sandbox : undefined;
  }

  #container(id: string): ProcessContainer {
    const container = this.#containers.get(id);
    if (container === undefined) throw new RuntimeError("not-found", `no container ${id}`);
    return container;
  }

  #directoryOf({ podUid, config }: ContainerRecord): string {
    const containers = join(this.#podsRoot, segment(podUid), "containers");
    return join(containers, segment(config.name), String(config.attempt));
  }
}

const SANDBOX_FILE = "sandbox.json";

function sandboxId({ config }: SandboxRecord): string {
  return `${config.pod.uid}_${config.attempt}`;
}

const run = promisify(execFile);

async function isPipe(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFIFO();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

async function makePipes(tools: Tools, paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true })));
  await run(tools.mkfifo, ["-m", "600", ...paths]);
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
