/** One agent per state directory: two would both start the same pods. */
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../../../base/env.ts";
import { isFields, own } from "../../../machinery/object.ts";
import { isAlive, readBootId, readProcess, type ProcessIdentity } from "./process-table.ts";

type Holder = ProcessIdentity & { readonly bootId: string };

const TRIES_MAX = 10;
/** How often a lock that is waited for is looked at. */
const WAIT_MS = 100;

/** Another agent has the directory. */
export class DirectoryInUseError extends Error {
  override readonly name = "DirectoryInUseError";
}

/**
 * Takes the lock; a living process that has it is given `waitMs` to end (an agent whose control
 * plane was killed takes a moment), then throws. Answers how to give it back.
 */
export async function lockDirectory(
  root: string,
  env: Env,
  waitMs: number,
): Promise<() => Promise<void>> {
  const endMs = env.clock.monotonic() + waitMs;
  for (;;) {
    try {
      return await lockOnce(root, env);
    } catch (error) {
      const isOver = env.clock.monotonic() >= endMs;
      if (isOver || !(error instanceof DirectoryInUseError)) throw error;
      await env.timers.sleep(WAIT_MS, new AbortController().signal);
    }
  }
}

async function lockOnce(root: string, env: Env): Promise<() => Promise<void>> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const path = join(root, "agent.lock");
  const self = await readProcess(process.pid);
  if (self === undefined) throw new Error("the process runtime needs the /proc of Linux");
  const { pid, startTicks } = self;
  const mine: Holder = { pid, startTicks, bootId: await readBootId() };
  const draft = `${path}.${env.ids.uuid()}`;
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      if (await tryLink(draft, path)) return () => rm(path, { force: true });
      const holder = await readHolder(path);
      if (holder !== undefined && holder.bootId === mine.bootId && (await isAlive(holder))) {
        throw new DirectoryInUseError(`another node agent (process ${holder.pid}) uses ${root}`);
      }
      // Of several that find a dead holder, one moves the lock away; the others start over.
      const grave = `${path}.dead.${env.ids.uuid()}`;
      await rename(path, grave).catch(ignoreMissing);
      await rm(grave, { force: true });
    }
    throw new Error(`the lock of ${root} could not be taken`);
  } finally {
    await rm(draft, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (!isFields(value)) return undefined;
    const [pid, startTicks, bootId] = [
      own(value, "pid"),
      own(value, "startTicks"),
      own(value, "bootId"),
    ];
    const isHolder =
      typeof pid === "number" && typeof startTicks === "string" && typeof bootId === "string";
    return isHolder ? { pid, startTicks, bootId } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // cut short by a crash of the machine
    return ignoreMissing(error);
  }
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
