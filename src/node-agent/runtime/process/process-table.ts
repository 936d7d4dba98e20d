/**
 * Processes of this machine, from `/proc`. A process is known by its id and the moment it started,
 * so that an id used again is never taken for the old process.
 */
import { readdir, readFile, readlink } from "node:fs/promises";

export type ProcessIdentity = {
  readonly pid: number;
  /** Clock ticks from the boot to the start. */
  readonly startTicks: string;
};

export type ProcessStat = ProcessIdentity & {
  readonly parent: number;
  readonly session: number;
  /** One letter; Z and X are dead. */
  readonly state: string;
};

/** A line of `/proc/<pid>/stat`. The name in it may hold spaces and parentheses. */
export function parseStat(line: string): ProcessStat | undefined {
  const nameEnd = line.lastIndexOf(")");
  const pid = Number(line.slice(0, line.indexOf(" ")));
  const fields = line.slice(nameEnd + 2).split(" ");
  const [state = "", parent = "", , session = ""] = fields;
  const startTicks = fields[19];
  if (nameEnd < 0 || !Number.isInteger(pid) || startTicks === undefined) return undefined;
  return { pid, startTicks, state, parent: Number(parent), session: Number(session) };
}

/** Undefined if there is no such process. */
export async function readProcess(pid: number): Promise<ProcessStat | undefined> {
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, "latin1"));
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Whether the very process still runs; a zombie does not. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const found = await readProcess(identity.pid);
  return found?.startTicks === identity.startTicks && isLiving(found);
}

/** A zombie is not. */
function isLiving(one: ProcessStat): boolean {
  return one.state !== "Z" && one.state !== "X";
}

/** All living processes. */
export async function listProcesses(): Promise<readonly ProcessStat[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(names.map((name) => readProcess(Number(name))));
  return found.filter((one) => one !== undefined).filter(isLiving);
}

/** Living children of a process. */
export async function childrenOf(parent: number): Promise<readonly ProcessStat[]> {
  const pids: number[] = [];
  try {
    // Each thread has the children that it started.
    for (const thread of await readdir(`/proc/${parent}/task`)) {
      const text = await readFile(`/proc/${parent}/task/${thread}/children`, "latin1");
      pids.push(...text.trim().split(" ").filter(Boolean).map(Number));
    }
  } catch (error) {
    if (!isGone(error)) throw error;
    // Ended, or a kernel that keeps no such list: the long way tells.
    return (await listProcesses()).filter((one) => one.parent === parent);
  }
  const found = await Promise.all(pids.map(readProcess));
  return found.filter((one) => one !== undefined).filter(isLiving);
}

/** Of `all`, those of this session and those that descend from its leader, the leader excepted. */
export function familyOf(leader: number, all: readonly ProcessStat[]): readonly ProcessStat[] {
  const members = new Set([leader]);
  let before = 0;
  while (members.size > before) {
    before = members.size;
    for (const one of all) {
      if (one.session === leader || members.has(one.parent)) members.add(one.pid);
    }
  }
  return all.filter((one) => one.pid !== leader && members.has(one.pid));
}

/** Sends a signal unless the process is gone or its id belongs to another by now. */
export async function signalProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
): Promise<void> {
  if (!(await isAlive(identity))) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** What a process was started with, arguments separated by zero bytes; undefined: it is gone. */
export async function commandLine(pid: number): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/cmdline`, "latin1");
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** The id of a process inside its innermost process namespace. */
export async function innerPid(pid: number): Promise<number | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, "latin1");
    const ids = /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
    return ids.length === 0 ? undefined : Number(ids.at(-1));
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Names the process namespace a process is in, e.g. `pid:[4026532179]`. */
export async function pidNamespace(pid: number): Promise<string | undefined> {
  try {
    return await readlink(`/proc/${pid}/ns/pid`);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Changes with every boot of the machine. */
export async function readBootId(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "latin1")).trim();
}

function isGone(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ENOENT" || error.code === "ESRCH" || error.code === "EACCES";
}
