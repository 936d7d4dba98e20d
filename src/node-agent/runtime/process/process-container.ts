/**
 * One container as processes: started once, watched by its shim, found again by the next agent.
 * What it is and how it ended is on disk; this object is only the present agent's grip on it.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assert } from "../../../base/assert.ts";
import type { Context } from "../../../base/context.ts";
import type { Env } from "../../../base/env.ts";
import { errorText } from "../../../base/error-text.ts";
import {
  RuntimeError,
  type ContainerRuntimeState,
  type ExecSession,
  type RuntimeContainer,
} from "../runtime.ts";
import { attachedSession, ContainerInput } from "./attach.ts";
import { LogPump } from "./log-pump.ts";
import type { Launch } from "./launch.ts";
import {
  childrenOf,
  commandLine,
  familyOf,
  innerPid,
  isAlive,
  listProcesses,
  pidNamespace,
  readProcess,
  signalProcess,
  type ProcessIdentity,
} from "./process-table.ts";
import { STATE_FILE } from "./shim.ts";
import {
  readExit,
  readInit,
  readShim,
  readStartMs,
  writeExit,
  writeWhole,
  type ContainerRecord,
} from "./state-files.ts";
import type { Tools } from "./tier.ts";

/** What all containers of a node share. */
export type ContainerSurroundings = {
  readonly env: Env;
  readonly tools: Tools;
  readonly shimPath: string;
  /** Descriptor of the pipe that watchers tell of ends through. */
  readonly eventsFd: number;
  readonly bootId: string;
  /** Something happened to a container of this pod. */
  readonly onEvent: (podUid: string) => void;
};

/** How often a stop looks whether the container has ended. */
const POLL_MS = 20;
/** A watcher that was ordered to start speaks within this time, or never will. */
const FIRST_WORD_MS = 2_000;
/** Rounds of killing what is left of a container. */
const KILL_ROUNDS_MAX = 200;

export class ProcessContainer {
  readonly record: ContainerRecord;
  readonly directory: string;
  readonly #around: ContainerSurroundings;
  #state: ContainerRuntimeState = { kind: "created" };
  #pump: LogPump | undefined;
  /** Set while this agent is between the order to start and the watcher's first word. */
  #isSpawning = false;
  /** The watcher this agent made has ended. */
  #hasWatcherEnded = false;
  #stopDeadlineMs = Number.POSITIVE_INFINITY;
  #isTermSent = false;
  #refreshing: Promise<ContainerRuntimeState> | undefined;
  #input: ContainerInput | undefined;
  readonly #whenExited: ((exitCode: number) => void)[] = [];

  constructor(record: ContainerRecord, directory: string, around: ContainerSurroundings) {
    this.record = record;
    this.directory = directory;
    this.#around = around;
  }

  get state(): ContainerRuntimeState {
    return this.#state;
  }

  get terminationMessageFile(): string {
    return join(this.directory, STATE_FILE.terminationMessage);
  }

  describe(): RuntimeContainer {
    const { id, sandboxId, podUid, config, imageId, createdAtMs, logFile } = this.record;
    const { name, attempt, image, labels } = config;
    return {
      id,
      sandboxId,
      podUid,
      name,
      attempt,
      image,
      imageId,
      state: this.#state,
      createdAtMs,
      logFile,
      terminationMessageFile: this.terminationMessageFile,
      labels,
    };
  }

  /** Takes up a container that an earlier agent made. */
  async adopt(): Promise<void> {
    const startedAtMs = await readStartMs(this.directory);
    if (startedAtMs === undefined) return; // created, never started
    const isOfThisBoot = this.record.bootId === this.#around.bootId;
    if (isOfThisBoot && (await readShim(this.directory)) === undefined) {
      await this.#awaitFirstWord();
    }
    await this.refresh();
  }

  /** Runs the command. Throws `start-failed`; then the container is exited with 128. */
  async start(plan: () => Promise<Launch>): Promise<void> {
    if (this.#state.kind !== "created" || this.#isSpawning) {
      throw new RuntimeError("start-failed", `container ${this.record.id} was started before`);
    }
    this.#isSpawning = true;
    try {
      const launch = await plan();
      const startedAtMs = this.#around.env.clock.now();
      this.#pump = await LogPump.open(this.directory, this.record.logFile, this.#around.env);
      await writeWhole(join(this.directory, STATE_FILE.start), String(startedAtMs));
      this.#state = { kind: "running", startedAtMs };
      await this.#spawn(launch);
    } catch (error) {
      await this.#startFailed(error);
    } finally {
      this.#isSpawning = false;
    }
  }

  async #startFailed(error: unknown): Promise<never> {
    const message = errorText(error);
    await writeWhole(join(this.directory, STATE_FILE.start), String(this.#around.env.clock.now()));
    await writeExit(this.directory, { exitCode: 128, reason: "StartError", message });
    this.#isSpawning = false;
    await this.refresh();
    throw new RuntimeError("start-failed", message, { cause: error });
  }

  async #spawn(launch: Launch): Promise<void> {
    const { tools, shimPath, eventsFd } = this.#around;
    const opened: number[] = [];
    const openFile = (name: string, flags: string): number => {
      const fd = openSync(join(this.directory, name), flags, 0o600);
      opened.push(fd);
      return fd;
    };
    try {
      // Its writing end is opened first, or the opening for reading would wait for it.
      this.#input = this.#openInput();
      const stdin = this.#input === undefined ? "ignore" : openFile("stdin", "r");
      const stdio: ("ignore" | number)[] = [stdin, openFile("stdout", "r+")];
      stdio.push(openFile("stderr", "r+"), eventsFd);
      if (launch.sandboxArgs.length > 0) {
        const args = launch.sandboxArgs.map((word) => `${word}\0`).join("");
        await writeFile(join(this.directory, STATE_FILE.sandboxArgs), args, { mode: 0o600 });
        stdio.push(openFile(STATE_FILE.sandboxStatus, "w"), openFile(STATE_FILE.sandboxArgs, "r"));
      }
      const words = [shimPath, this.directory, this.record.podUid, tools.sleep];
      const child = spawn(tools.sh, [...words, ...launch.argv], {
        cwd: launch.cwd,
        env: launch.env,
        stdio,
        detached: true,
      });
      await new Promise<void>((resolve, reject) => {
        child.once("spawn", resolve);
        child.once("error", reject);
      });
      child.once("exit", () => {
        this.#hasWatcherEnded = true;
        this.#around.onEvent(this.record.podUid);
      });
      child.unref();
    } finally {
      for (const fd of opened) closeSync(fd);
    }
  }

  /** Looks at the disk and the processes, and brings `state` up to date. */
  refresh(): Promise<ContainerRuntimeState> {
    this.#refreshing ??= this.#look().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #look(): Promise<ContainerRuntimeState> {
    if (this.#state.kind === "exited" || this.#isSpawning) return this.#state;
    const startedAtMs = await readStartMs(this.directory);
    if (startedAtMs === undefined) return this.#state;
    if ((await readExit(this.directory)) !== undefined) return this.#collect(startedAtMs);
    const shim = await readShim(this.directory);
    const isOfThisBoot = this.record.bootId === this.#around.bootId;
    const isExpected = this.#pump !== undefined && !this.#hasWatcherEnded; // it has not spoken yet
    const isWatched = isOfThisBoot && (shim === undefined ? isExpected : await isAlive(shim));
    if (!isWatched) return this.#lost(startedAtMs);
    this.#pump ??= await LogPump.open(this.directory, this.record.logFile, this.#around.env);
    this.#state = { kind: "running", startedAtMs };
    return this.#state;
  }

  /** The watcher is gone without a word: nobody knows how the container ended. */
  async #lost(startedAtMs: number): Promise<ContainerRuntimeState> {
    await this.#killAll();
    if ((await readExit(this.directory)) === undefined) {
      const message =
        this.record.bootId === this.#around.bootId
          ? "the process that watched the container was killed"
          : "the machine was started anew";
      const reason = "ContainerStatusUnknown";
      await writeExit(this.directory, { exitCode: 137, reason, message });
    }
    return this.#collect(startedAtMs);
  }

  /** The container has ended: take what is left of its output, and let its watcher go. */
  async #collect(startedAtMs: number): Promise<ContainerRuntimeState> {
    const exit = await readExit(this.directory);
    assert(exit !== undefined, "a container is collected after it has ended");
    await this.#killAll();
    const shim = await this.#shim();
    if (shim !== undefined && this.#pump === undefined) {
      this.#pump = await LogPump.open(this.directory, this.record.logFile, this.#around.env);
    }
    this.#pump?.close();
    this.#pump = undefined;
    if (shim !== undefined) await signalProcess(shim, "SIGKILL");
    this.#input?.close();
    const { finishedAtMs, exitCode, reason, message } = exit;
    this.#state = { kind: "exited", startedAtMs, finishedAtMs, exitCode, reason, message };
    for (const tell of this.#whenExited.splice(0)) tell(exitCode);
    return this.#state;
  }

  /** Output from now on, and the input if there is one. Throws `not-found` unless it runs. */
  async attach(hasStdin: boolean): Promise<ExecSession> {
    const state = await this.refresh();
    if (state.kind !== "running" || this.#pump === undefined) {
      throw new RuntimeError("not-found", `container ${this.record.id} is not running`);
    }
    this.#input ??= this.#openInput();
    const exited = new Promise<number>((resolve) => this.#whenExited.push(resolve));
    return attachedSession(this.#pump, hasStdin ? this.#input : undefined, exited);
  }

  #openInput(): ContainerInput | undefined {
    const { stdin } = this.record.config;
    if (stdin === "none") return undefined;
    return ContainerInput.open(join(this.directory, "stdin"), stdin);
  }

  /** The living watcher, if it is of this boot. */
  async #shim(): Promise<ProcessIdentity | undefined> {
    if (this.record.bootId !== this.#around.bootId) return undefined;
    const shim = await readShim(this.directory);
    return shim !== undefined && (await isAlive(shim)) ? shim : undefined;
  }

  /** Resolves when the container has ended; earlier calls end no later than the shortest grace. */
  async stop(graceMs: number, context: Context): Promise<void> {
    const { clock, timers } = this.#around.env;
    const deadlineMs = clock.monotonic() + graceMs;
    this.#stopDeadlineMs = Math.min(this.#stopDeadlineMs, deadlineMs);
    for (;;) {
      context.signal.throwIfAborted();
      const state = await this.refresh();
      if (state.kind !== "running") return;
      if (clock.monotonic() >= this.#stopDeadlineMs) await this.#kill();
      else if (!this.#isTermSent) await this.#terminate();
      await timers.sleep(POLL_MS, context.signal);
    }
  }

  /** The polite signal, to the container's own first process only. */
  async #terminate(): Promise<void> {
    const app = await this.#findApp();
    if (app === undefined) return; // not there yet, or not any more
    this.#isTermSent = true;
    await signalProcess(app, "SIGTERM");
  }

  async #kill(): Promise<void> {
    const init = await this.#init();
    if (init !== undefined)
      await signalProcess(init, "SIGKILL"); // takes its namespace along
    else await this.#killAll();
  }

  /** Kills every process of the container but its watcher, which tells of the end. */
  async #killAll(): Promise<void> {
    const shim = await readShim(this.directory);
    if (shim === undefined || this.record.bootId !== this.#around.bootId) return;
    const { timers } = this.#around.env;
    for (let round = 0; round < KILL_ROUNDS_MAX; round += 1) {
      const leader = await readProcess(shim.pid);
      // An id that belongs to another by now has no family of ours: a session keeps its id.
      if (leader !== undefined && leader.startTicks !== shim.startTicks) return;
      const family: ProcessIdentity[] = [...familyOf(shim.pid, await listProcesses())];
      const init = await this.#init();
      if (init !== undefined) family.push(init);
      if (family.length === 0) return;
      for (const one of family) await signalProcess(one, "SIGKILL");
      await timers.sleep(POLL_MS / 2, new AbortController().signal);
    }
    throw new RuntimeError("timeout", `processes of ${this.record.id} cannot be killed`);
  }

  /** The first process of the container's own process namespace, while it lives. */
  async #init(): Promise<ProcessIdentity | undefined> {
    if (this.record.tier !== "bubblewrap") return undefined;
    const init = await readInit(this.directory);
    if (init === undefined || (await pidNamespace(init.pid)) !== init.namespace) return undefined;
    const found = await readProcess(init.pid);
    return found === undefined || found.state === "Z" ? undefined : found;
  }

  /** The process the container was made for, waiting while it is being made; undefined: ended. */
  async awaitApp(context: Context): Promise<ProcessIdentity | undefined> {
    for (;;) {
      const state = await this.refresh();
      if (state.kind !== "running") return undefined;
      const app = await this.#findApp();
      if (app !== undefined) return app;
      await this.#around.env.timers.sleep(POLL_MS, context.signal);
    }
  }

  async #findApp(): Promise<ProcessIdentity | undefined> {
    const parent = this.record.tier === "bubblewrap" ? await this.#init() : await this.#shim();
    if (parent === undefined) return undefined;
    const children = await childrenOf(parent.pid);
    if (this.record.tier === "plain") return this.#unlessForked(children[0], parent);
    for (const child of children) if ((await innerPid(child.pid)) === 2) return child;
    return undefined;
  }

  /**
   * A child of the watcher that has not become the command yet still has the watcher's command
   * line, and its traps: a signal sent to it now would be swallowed, and the stop wait in vain.
   */
  async #unlessForked(
    child: ProcessIdentity | undefined,
    shim: ProcessIdentity,
  ): Promise<ProcessIdentity | undefined> {
    if (child === undefined) return undefined;
    const [own, its] = await Promise.all([commandLine(shim.pid), commandLine(child.pid)]);
    return its === undefined || its === own ? undefined : child;
  }

  async reopenLog(): Promise<void> {
    await this.#pump?.reopen();
  }

  /** Lets go of the container without touching it. */
  release(): void {
    this.#input?.close();
    this.#pump?.close();
    this.#pump = undefined;
  }

  /** The agent before this one may have died just after its order to start; see shim.ts. */
  async #awaitFirstWord(): Promise<void> {
    const { clock, timers } = this.#around.env;
    const endMs = clock.monotonic() + FIRST_WORD_MS;
    while (clock.monotonic() < endMs) {
      if ((await readShim(this.directory)) !== undefined) return;
      await timers.sleep(POLL_MS, new AbortController().signal);
    }
    await rm(join(this.directory, STATE_FILE.start), { force: true });
    if ((await readShim(this.directory)) !== undefined) {
      await writeWhole(join(this.directory, STATE_FILE.start), String(this.record.createdAtMs));
    }
  }
}
