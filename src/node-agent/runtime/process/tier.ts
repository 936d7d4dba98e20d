/** How far containers are kept apart on this machine, found out by trying. */
import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { join } from "node:path";

/**
 * `bubblewrap`: own process table, host name and file system view. `plain`: child processes that
 * see and share all the agent's user does; no isolation whatever.
 */
export type Tier = "bubblewrap" | "plain";

/** Programs the runtime calls, as absolute paths. */
export type Tools = {
  readonly sh: string;
  readonly sleep: string;
  readonly mkfifo: string;
  readonly bwrap: string | undefined;
  readonly nsenter: string | undefined;
  readonly setpriv: string | undefined;
};

const TOOL_DIRECTORIES: readonly string[] = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
];

const PROBE_MS_MAX = 10_000;

export async function findTools(): Promise<Tools> {
  return {
    sh: await required("sh"),
    sleep: await required("sleep"),
    mkfifo: await required("mkfifo"),
    bwrap: await find("bwrap"),
    nsenter: await find("nsenter"),
    setpriv: await find("setpriv"),
  };
}

/** The best tier that works, or `wanted`. Throws if what is wanted does not work. */
export async function chooseTier(wanted: Tier | "auto", tools: Tools): Promise<Tier> {
  if (wanted === "plain") return "plain";
  const problem = await bubblewrapProblem(tools);
  if (problem === undefined) return "bubblewrap";
  if (wanted === "bubblewrap") throw new Error(`bubblewrap does not work here: ${problem}`);
  return "plain";
}

/** Why bubblewrap cannot be used; undefined: it can. */
async function bubblewrapProblem(tools: Tools): Promise<string | undefined> {
  const { bwrap, nsenter } = tools;
  if (bwrap === undefined) return "there is no bwrap program";
  if (nsenter === undefined) return "there is no nsenter program";
  const root = ["--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"];
  const args = [...root, "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--", "/bin/true"];
  return new Promise((resolve) => {
    execFile(bwrap, args, { timeout: PROBE_MS_MAX }, (error, _stdout, stderr) => {
      resolve(error === null ? undefined : stderr.trim() || error.message);
    });
  });
}

async function required(name: string): Promise<string> {
  const path = await find(name);
  if (path === undefined) throw new Error(`the process runtime needs the program ${name}`);
  return path;
}

async function find(name: string): Promise<string | undefined> {
  for (const directory of TOOL_DIRECTORIES) {
    const path = join(directory, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
