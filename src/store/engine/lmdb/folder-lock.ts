/**
 * One process at a time in a data folder, also after the last one was killed.
 *
 * Node has no file locks, and a lock file that is taken over when its owner is dead has a race: two
 * processes find it stale, and the slower one removes the new lock of the faster. So here every
 * process makes a file of its own first, named after itself, and then looks for files of others. Of
 * two that come at the same time at least one sees the other, and a process never removes a file of
 * one that lives. Both may withdraw; none enters twice.
 *
 *     in-use.<pid>.<start time of the process>.<boot>.<number within the process>
 *
 * A process lives if its pid does and was started at that time of that boot, so neither a reused
 * pid nor a reboot keeps a folder locked. Without `/proc` (not Linux) only the pid counts.
 * Processes in different pid namespaces (containers that share a volume) cannot see each other
 * here; the engine notices such a second writer when it appends.
 */
import { readdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StoreError } from "../../store.ts";

/** Another process, or another store of this one, has the data folder open. */
export class StoreInUseError extends StoreError {
  override readonly name = "StoreInUseError";
  /** Of the process that has it. */
  readonly pid: number;
  constructor(folder: string, pid: number) {
    super(
      `the data folder ${folder} is in use by process ${pid}; ` +
        `stop that process first, or start with another folder`,
    );
    this.pid = pid;
  }
}

/** A held lock. */
export type FolderLock = { readonly release: () => Promise<void> };

const HOLDER = /^in-use\.([0-9]+)\.([0-9]+)\.([0-9a-f]+)\.([0-9]+)$/;

let locksOfThisProcess = 0; // makes names unique within the process

/** Takes the lock. Throws `StoreInUseError`. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const boot = await bootId();
  const start = (await startTimeOf(process.pid)) ?? "0";
  locksOfThisProcess += 1;
  const own = `in-use.${process.pid}.${start}.${boot}.${locksOfThisProcess}`;
  await writeFile(join(folder, own), "", { flag: "wx", mode: 0o600 });
  const release = (): Promise<void> => removeFile(join(folder, own));
  try {
    for (const name of await readdir(folder)) {
      if (name === own) continue;
      const holder = HOLDER.exec(name);
      if (holder === null) continue;
      const [, pid = "", holderStart = "", holderBoot = ""] = holder;
      const isAlive = holderBoot === boot && (await lives(Number(pid), holderStart));
      if (isAlive) throw new StoreInUseError(folder, Number(pid));
      await removeFile(join(folder, name));
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

async function lives(pid: number, start: string): Promise<boolean> {
  if (start === "0") return receivesSignals(pid);
  return (await startTimeOf(pid)) === start;
}

/** In clock ticks since the boot. Undefined: no such process, a dead one, or no `/proc`. */
async function startTimeOf(pid: number): Promise<string | undefined> {
  const stat = await readIfPresent(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the name in parentheses, and may hold anything; the third is the state.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields[0], fields[19]];
  return state === "Z" || state === "X" ? undefined : startTime;
}

async function bootId(): Promise<string> {
  const id = await readIfPresent("/proc/sys/kernel/random/boot_id");
  return id?.trim().replaceAll("-", "") ?? "0";
}

function receivesSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ESRCH")) return undefined;
    throw error;
  }
}

async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error; // somebody else removed it, which is as good
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
