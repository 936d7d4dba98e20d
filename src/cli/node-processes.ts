/**
 * The node agents of `up`, each a process of its own: what happens to one is no concern of the
 * others. They live in process groups of their own, so that Ctrl-C reaches only `up`, which then
 * stops them in order; a pipe to each tells them when `up` itself is gone.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { openSync, closeSync, mkdirSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "../base/env.ts";

export type NodeProcessOptions = {
  readonly name: string;
  /** The agent's own folder. */
  readonly directory: string;
  readonly kubeconfig: string;
  readonly imageDirectories: readonly string[];
  /** Further arguments of `setpoint node`. */
  readonly flags: readonly string[];
};

export type NodeProcess = {
  readonly name: string;
  readonly pid: number;
  /** The command line that starts this agent again. */
  readonly command: string;
  /** The agent's own folder. */
  readonly directory: string;
  readonly logFile: string;
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<string>;
  readonly hasEnded: () => boolean;
  /**
   * Asks it to stop its pods and end; kills it after `graceMs`. `died`: it ended without having
   * stopped its pods.
   */
  readonly stop: (graceMs: number) => Promise<"stopped" | "died">;
};

/** Starts an agent. Its log goes to `<directory>/agent.log`. */
export function startNodeProcess(
  options: NodeProcessOptions,
  deps: { readonly env: Env; readonly program: string },
): NodeProcess {
  const { directory, name } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const args = [
    deps.program,
    "node",
    "--name",
    name,
    "--directory",
    directory,
    "--kubeconfig",
    options.kubeconfig,
    ...options.imageDirectories.flatMap((folder) => ["--image-dir", folder]),
    ...options.flags,
  ];
  const log = openSync(join(directory, "agent.log"), "a", 0o600);
  const nothing = openSync("/dev/null", "r");
  const child = spawn(process.execPath, [...process.execArgv, ...args, "--tied"], {
    detached: true,
    stdio: ["pipe", log, log, ...insteadOfStore(nothing)],
  });
  closeSync(log);
  closeSync(nothing);
  const ended = endOf(child);
  return {
    name,
    pid: child.pid ?? 0,
    command: [process.execPath, ...process.execArgv, ...args].map(quoted).join(" "),
    directory,
    logFile: join(directory, "agent.log"),
    ended,
    hasEnded: () => hasEnded(child),
    stop: (graceMs) => stopChild(child, ended, graceMs, deps.env),
  };
}

/** Descriptors of programs' own: standard input, output and error. */
const STANDARD_FDS = 3;

/**
 * LMDB does not mark its file as closed to children: where this process has it, the agent, and all
 * the containers that the agent starts, get `nothing`.
 */
function insteadOfStore(nothing: number): readonly number[] {
  const names = readdirSync("/proc/self/fd").map(Number);
  const last = Math.max(STANDARD_FDS, ...names.filter((fd) => isStoreFile(fd)));
  return Array.from({ length: last + 1 - STANDARD_FDS }, () => nothing);
}

function isStoreFile(fd: number): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`).endsWith(".mdb");
  } catch {
    return false; // it was closed while we looked
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code ?? "unknown"}`));
    child.stdin?.on("error", () => undefined); // the agent went first: its exit says all
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stopChild(
  child: ChildProcess,
  ended: Promise<string>,
  graceMs: number,
  env: Env,
): Promise<"stopped" | "died"> {
  if (!hasEnded(child)) {
    child.kill("SIGTERM");
    const timer = env.timers.after(graceMs, () => child.kill("SIGKILL"));
    await ended;
    timer.cancel();
  }
  return child.exitCode === 0 ? "stopped" : "died";
}

/** As a shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
