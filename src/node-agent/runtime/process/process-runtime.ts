/**
 * Containers as plain processes of this machine: no image registry, no daemon. See
 * docs/reference/images.md for what an image is here, and `tier.ts` for how far containers are kept
 * apart.
 *
 * Layout of the state directory: `agent.lock`, `shim.sh`, `events` (a pipe),
 * `pods/<uid>/sandbox.json`, `pods/<uid>/containers/<name>/<attempt>/…`.
 */
import { chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Channel } from "../../../base/channel.ts";
import type { Context } from "../../../base/context.ts";
import type { Env } from "../../../base/env.ts";
import {
  RuntimeError,
  type ContainerConfig,
  type ContainerId,
  type ExecRequest,
  type ExecResult,
  type ExecSession,
  type Mount,
  type PodFilter,
  type Runtime,
  type RuntimeCondition,
  type RuntimeContainer,
  type RuntimeSandbox,
  type RuntimeVersion,
  type SandboxConfig,
  type SandboxId,
} from "../runtime.ts";
import { AddressPool } from "./address-pool.ts";
import { lockDirectory } from "./agent-lock.ts";
import { execWithPipes, execWithTerminal } from "./exec-session.ts";
import { execCommand, type ExecCommand } from "./exec.ts";
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
import { EventPipe, makePipes } from "./pipes.ts";
import { ProcessContainer, type ContainerSurroundings } from "./process-container.ts";
import { readBootId } from "./process-table.ts";
import { SandboxTable } from "./sandbox-table.ts";
import { SHIM_SCRIPT, STATE_FILE } from "./shim.ts";
import {
  makePrivate,
  readContainerRecord,
  readText,
  segment,
  writeRecord,
  writeWhole,
  type ContainerRecord,
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
  /** Where programs are looked for if a container does not say (default: Node's, then usual). */
  readonly searchPath?: string;
  /** How long another agent that has `root` is given to end, in milliseconds (default 0). */
  readonly lockWaitMs?: number;
  /** Directories that containers must not see into, besides `root`. */
  readonly hiddenPaths?: readonly string[];
};

const USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What is found out or taken before a runtime exists. */
type Found = {
  readonly env: Env;
  readonly tools: Tools;
  readonly tier: Tier;
  readonly bootId: string;
  readonly events: EventPipe;
  readonly unlock: () => Promise<void>;
};

export class ProcessRuntime implements Runtime {
  readonly #env: Env;
  readonly #images: ImageStore;
  readonly #sandboxes: SandboxTable;
  readonly #settings: LaunchSettings;
  readonly #around: ContainerSurroundings;
  readonly #events: EventPipe;
  readonly #unlock: () => Promise<void>;
  #closing: Promise<void> | undefined;
  readonly #channels = new Set<Channel<string>>();
  readonly #containers = new Map<ContainerId, ProcessContainer>();

  private constructor(options: ProcessRuntimeOptions, found: Found) {
    const { env, tools, tier, bootId, events } = found;
    this.#env = env;
    this.#images = new ImageStore(options.imageDirs ?? []);
    const addresses = new AddressPool(options.podRange ?? "127.64.0.0/16", options.root);
    this.#sandboxes = new SandboxTable(join(options.root, "pods"), { env, addresses, bootId });
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
      eventsFd: events.fd,
      bootId,
      onEvent: (podUid) => this.#tell(podUid),
    };
    this.#events = events;
    this.#unlock = found.unlock;
  }

  /**
   * Takes possession of the state directory and of all that runs from it. Throws if another agent
   * has it, or if the wanted tier does not work.
   */
  static async open(options: ProcessRuntimeOptions, env: Env): Promise<ProcessRuntime> {
    const unlock = await lockDirectory(options.root, env, options.lockWaitMs ?? 0);
    try {
      const tools = await findTools();
      const tier = await chooseTier(options.tier ?? "auto", tools);
      const events = await EventPipe.open(join(options.root, "events"), tools);
      const bootId = await readBootId();
      const found = { env, tools, tier, bootId, events, unlock };
      const runtime = new ProcessRuntime(options, found);
      await runtime.#load();
      return runtime;
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /** Lets go of everything and leaves it running. A second call waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const container of this.#containers.values()) container.release();
    this.#events.close();
    for (const channel of this.#channels) channel.close();
    await this.#unlock();
  }

  version(): RuntimeVersion {
    return { name: "process", version: PROCESS_RUNTIME_VERSION, tier: this.#settings.tier };
  }

  async status(): Promise<readonly RuntimeCondition[]> {
    const isThere = (await readText(this.#around.shimPath)) !== undefined;
    const message = isThere ? "" : "the state directory of the runtime is gone";
    const reason = isThere ? "" : "StateLost";
    return [
      { type: "RuntimeReady", isTrue: isThere, reason, message },
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

  runSandbox(config: SandboxConfig): Promise<SandboxId> {
    return this.#sandboxes.run(config);
  }

  async stopSandbox(id: SandboxId, context: Context): Promise<void> {
    const record = this.#sandboxes.find(id);
    if (record === undefined) return;
    const { uid } = record.config.pod;
    await Promise.all(this.#ofPod(uid).map((container) => container.stop(0, context)));
    await this.#sandboxes.markStopped(record);
  }

  async removeSandbox(id: SandboxId, context: Context): Promise<void> {
    await this.stopSandbox(id, context);
    const record = this.#sandboxes.find(id);
    if (record === undefined) return;
    await this.#sandboxes.remove(record);
    for (const container of this.#ofPod(record.config.pod.uid)) {
      this.#containers.delete(container.record.id);
    }
  }

  listSandboxes(filter: PodFilter): Promise<readonly RuntimeSandbox[]> {
    return Promise.resolve(this.#sandboxes.list(filter));
  }

  volumePath(mount: Mount): string {
    return this.#settings.tier === "plain" ? mount.hostPath : mount.containerPath;
  }

  async createContainer(sandboxId: SandboxId, config: ContainerConfig): Promise<ContainerId> {
    const sandbox = this.#sandboxes.ready(sandboxId);
    const image = await this.#images.find(config.image);
    checkConfig(config, image, this.#settings);
    const { pod, hostname, logDirectory } = sandbox.config;
    const record: ContainerRecord = {
      id: `${pod.uid}.${segment(config.name)}.${config.attempt}`,
      sandboxId,
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
    const containers = join(this.#sandboxes.directoryOf(pod.uid), "containers");
    const directory = join(containers, segment(config.name), String(config.attempt));
    await makePrivate(directory);
    await makeShared(directory);
    const pipes = ["stdout", "stderr", ...(config.stdin === "none" ? [] : ["stdin"])];
    await makePipes(
      this.#settings.tools,
      pipes.map((name) => join(directory, name)),
    );
    await writeRecord(join(directory, STATE_FILE.record), record);
    this.#containers.set(record.id, new ProcessContainer(record, directory, this.#around));
    return record.id;
  }

  async startContainer(id: ContainerId): Promise<void> {
    const container = this.#container(id);
    await container.start(async () => {
      return planLaunch(await this.#launchRequest(container), this.#settings);
    });
    this.#tell(container.record.podUid);
  }

  async stopContainer(id: ContainerId, graceMs: number, context: Context): Promise<void> {
    await this.#container(id).stop(graceMs, context);
  }

  async removeContainer(id: ContainerId, context: Context): Promise<void> {
    const container = this.#containers.get(id);
    if (container === undefined) return;
    await container.stop(0, context);
    await rm(container.directory, { recursive: true, force: true });
    this.#containers.delete(id);
  }

  async listContainers({ podUid }: PodFilter): Promise<readonly RuntimeContainer[]> {
    const wanted = podUid === undefined ? [...this.#containers.values()] : this.#ofPod(podUid);
    await Promise.all(wanted.map((container) => container.refresh()));
    return wanted.map((container) => container.describe());
  }

  async execSync(
    id: ContainerId,
    command: readonly string[],
    timeoutMs: number,
    context: Context,
  ): Promise<ExecResult> {
    const plan = await this.#execPlan(id, command, context);
    return execCommand(plan, timeoutMs, this.#env, context);
  }

  async exec(id: ContainerId, request: ExecRequest, context: Context): Promise<ExecSession> {
    const plan = await this.#execPlan(id, request.command, context);
    const run = request.isTty ? execWithTerminal : execWithPipes;
    return run(plan, request.hasStdin, context);
  }

  attach(id: ContainerId, request: { readonly hasStdin: boolean }): Promise<ExecSession> {
    return this.#container(id).attach(request.hasStdin);
  }

  /** How a command is brought into a container that runs. */
  async #execPlan(
    id: ContainerId,
    command: readonly string[],
    context: Context,
  ): Promise<ExecCommand> {
    const container = this.#container(id);
    const app = await container.awaitApp(context);
    if (app === undefined) throw new RuntimeError("not-found", `container ${id} is not running`);
    const { config, tier } = container.record;
    const { tools } = this.#settings;
    const request = await this.#launchRequest(container);
    const env = environment(request, { ...this.#settings, tier });
    const own = [...userArguments(config, tools), ...command];
    if (tier === "plain") return { argv: own, env, cwd: workingDirectory(request) };
    const user = isRoot() ? [] : ["-U", "--preserve-credentials"];
    const target = ["-t", String(app.pid), "-m", "-u", "-i", "-p", "-r", "-w"];
    return { argv: [tools.nsenter ?? "nsenter", ...target, ...user, "--", ...own], env, cwd: "/" };
  }

  async reopenContainerLog(id: ContainerId): Promise<void> {
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

  #ofPod(podUid: string): readonly ProcessContainer[] {
    return [...this.#containers.values()].filter(({ record }) => record.podUid === podUid);
  }

  #container(id: ContainerId): ProcessContainer {
    const container = this.#containers.get(id);
    if (container === undefined) throw new RuntimeError("not-found", `no container ${id}`);
    return container;
  }

  async #load(): Promise<void> {
    const { shimPath } = this.#around;
    // By rename, if at all: watchers that run read on in the old one.
    if ((await readText(shimPath)) !== SHIM_SCRIPT) await writeWhole(shimPath, SHIM_SCRIPT);
    for (const uid of await this.#sandboxes.load()) {
      const containers = join(this.#sandboxes.directoryOf(uid), "containers");
      for (const name of await namesIn(containers)) {
        for (const attempt of await namesIn(join(containers, name))) {
          await this.#loadContainer(join(containers, name, attempt));
        }
      }
    }
    this.#events.listen((podUid) => this.#tell(podUid));
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
}

/** What the container writes to, whoever it runs as. `chmod`, since a umask cuts what is asked. */
async function makeShared(directory: string): Promise<void> {
  const tmp = join(directory, "tmp");
  await mkdir(tmp, { recursive: true });
  await chmod(tmp, 0o1777);
  const lastWords = join(directory, STATE_FILE.terminationMessage);
  await writeFile(lastWords, "");
  await chmod(lastWords, 0o666);
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
