/** The runtime's own files: written whole or not at all, read with care. */
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isFields, own } from "../../../machinery/object.ts";
import { RuntimeError, type ContainerConfig, type SandboxConfig } from "../runtime.ts";
import { parseStat, type ProcessIdentity } from "./process-table.ts";
import { STATE_FILE } from "./shim.ts";
import type { Tier } from "./tier.ts";

const FORMAT = 1;

/** What is written of a sandbox. */
export type SandboxRecord = {
  readonly config: SandboxConfig;
  readonly ip: string;
  readonly createdAtMs: number;
  readonly bootId: string;
  readonly isStopped: boolean;
};

/** What is written of a container before it starts. */
export type ContainerRecord = {
  readonly id: string;
  readonly sandboxId: string;
  readonly podUid: string;
  readonly hostname: string;
  readonly config: ContainerConfig;
  readonly imageId: string;
  readonly logFile: string;
  readonly createdAtMs: number;
  readonly bootId: string;
  readonly tier: Tier;
};

/** How a container ended. */
export type ExitRecord = {
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly finishedAtMs: number;
};

/** Refuses a name that is no plain path segment, whoever let it through. */
export function segment(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) && name.length <= 255) return name;
  throw new RuntimeError("bad-config", `"${name}" cannot be part of a path`);
}

export async function writeRecord(
  path: string,
  value: SandboxRecord | ContainerRecord,
): Promise<void> {
  await writeWhole(path, JSON.stringify({ format: FORMAT, ...value }));
}

/** Undefined if there is none. Throws for one of another format. */
export async function readSandboxRecord(path: string): Promise<SandboxRecord | undefined> {
  const fields = await readFields(path);
  if (fields === undefined || !isFields(own(fields, "config"))) return undefined;
  return fields as unknown as SandboxRecord; // written by writeRecord() in this format
}

export async function readContainerRecord(path: string): Promise<ContainerRecord | undefined> {
  const fields = await readFields(path);
  if (fields === undefined || !isFields(own(fields, "config"))) return undefined;
  const record = fields as unknown as ContainerRecord; // written by writeRecord() in this format
  // Records of containers made before there were inputs do not say.
  return { ...record, config: { ...record.config, stdin: record.config.stdin ?? "none" } };
}

async function readFields(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (!isFields(value) || own(value, "format") !== FORMAT) {
    throw new Error(`${path} is of a format this version does not know`);
  }
  return value;
}

/** The watcher of a container, once it has said who it is. */
export async function readShim(directory: string): Promise<ProcessIdentity | undefined> {
  const text = await readText(join(directory, STATE_FILE.shim));
  return text === undefined ? undefined : parseStat(text);
}

/** The wall clock of the order to start. */
export async function readStartMs(directory: string): Promise<number | undefined> {
  const text = await readText(join(directory, STATE_FILE.start));
  return text === undefined ? undefined : Number(text);
}

export async function writeExit(
  directory: string,
  exit: Omit<ExitRecord, "finishedAtMs">,
): Promise<void> {
  await writeWhole(join(directory, STATE_FILE.exit), `${JSON.stringify(exit)}\n`);
}

/** How the container ended; the watcher writes a bare number, the agent an object. */
export async function readExit(directory: string): Promise<ExitRecord | undefined> {
  const path = join(directory, STATE_FILE.exit);
  const text = await readText(path);
  if (text === undefined || !text.endsWith("\n")) return undefined; // it is being written
  const finishedAtMs = Math.floor((await stat(path)).mtimeMs);
  const value: unknown = JSON.parse(text);
  if (typeof value === "number") {
    const reason = value === 0 ? "Completed" : "Error";
    return { exitCode: value, reason, message: "", finishedAtMs };
  }
  const fields = isFields(value) ? value : {};
  const [exitCode, reason, message] = [
    own(fields, "exitCode"),
    own(fields, "reason"),
    own(fields, "message"),
  ];
  return {
    exitCode: typeof exitCode === "number" ? exitCode : 137,
    reason: typeof reason === "string" ? reason : "ContainerStatusUnknown",
    message: typeof message === "string" ? message : "",
    finishedAtMs,
  };
}

/** The process bubblewrap made as the first of the container's own process namespace. */
export async function readInit(
  directory: string,
): Promise<{ readonly pid: number; readonly namespace: string } | undefined> {
  const text = await readText(join(directory, STATE_FILE.sandboxStatus));
  const pid = /"child-pid":\s*(\d+)/.exec(text ?? "")?.[1];
  const inode = /"pid-namespace":\s*(\d+)/.exec(text ?? "")?.[1];
  if (pid === undefined || inode === undefined) return undefined;
  return { pid: Number(pid), namespace: `pid:[${inode}]` };
}

export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** A reader sees all of it or nothing. What a crash of the machine takes is dead by then anyway. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}

export async function makePrivate(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
}
