/** The machine this process runs on. */
import { readdir, readFile, statfs } from "node:fs/promises";
import { arch, cpus, freemem, hostname, platform, release, totalmem } from "node:os";
import type { Machine, MachineFacts, MachineRest } from "../../node/machine.ts";

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** `root` is on the disk whose size and rest count. */
export function localMachine(root: string): Machine {
  return {
    facts: async (): Promise<MachineFacts> => {
      const disk = await statfs(root);
      const kernelVersion = release();
      return {
        cpuCount: cpus().length,
        memoryBytes: totalmem(),
        diskBytes: disk.blocks * disk.bsize,
        operatingSystem: platform(),
        architecture: ARCHITECTURES[arch()] ?? arch(),
        kernelVersion,
        osImage: (await osName()) ?? `${platform()} ${kernelVersion}`,
        machineId: (await firstLine("/etc/machine-id")) ?? hostname(),
        bootId: (await firstLine("/proc/sys/kernel/random/boot_id")) ?? "",
      };
    },
    rest: async (): Promise<MachineRest> => {
      const disk = await statfs(root);
      return {
        memoryBytes: await availableMemory(),
        diskBytes: disk.bavail * disk.bsize,
        inodesShare: disk.files === 0 ? 1 : disk.ffree / disk.files,
        processes: await freeProcesses(),
      };
    },
  };
}

async function osName(): Promise<string | undefined> {
  const text = await read("/etc/os-release");
  return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text ?? "")?.[1];
}

/** What could be had without swapping: more than what is free. */
async function availableMemory(): Promise<number> {
  const kibi = /^MemAvailable:\s+(\d+) kB$/m.exec((await read("/proc/meminfo")) ?? "")?.[1];
  return kibi === undefined ? freemem() : Number(kibi) * 1024;
}

async function freeProcesses(): Promise<number> {
  const most = await firstLine("/proc/sys/kernel/pid_max");
  if (most === undefined) return Number.POSITIVE_INFINITY;
  const running = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).length;
  return Number(most) - running;
}

async function firstLine(path: string): Promise<string | undefined> {
  const text = (await read(path))?.trim();
  return text === "" ? undefined : text;
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "latin1");
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined; // not on this system
    throw error;
  }
}
