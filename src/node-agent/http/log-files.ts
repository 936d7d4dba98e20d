/** Log files and last words on the node's disk. */
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isMissing } from "../../base/real/files.ts";
import { compareText } from "../../machinery/key.ts";
import type { LogFiles } from "../pod/pod-deps.ts";
import { parseRecord } from "./log-record.ts";

/** The real files. */
export const diskLogFiles: LogFiles = {
  readTail: async (path, bytesMax) => (await readEnd(path, bytesMax)).toString("utf8"),

  lastLines: async (logFile, linesMax, bytesMax) => {
    // Times and streams are cut off, so more is read than is wanted.
    const bytes = await readEnd(logFile, bytesMax + linesMax * RECORD_HEAD_BYTES);
    const records = bytes.toString("utf8").split("\n").map(parseRecord);
    const text = records
      .map((record) => (record === undefined ? "" : record.text + (record.isPartial ? "" : "\n")))
      .join("");
    const lines = text.split("\n");
    return lines
      .slice(-linesMax - 1)
      .join("\n")
      .slice(-bytesMax);
  },

  rotate: async (logFile, bytesMax, filesMax) => {
    const size = await sizeOf(logFile);
    if (size === undefined || size < bytesMax) return false;
    const old = await rotatedFiles(logFile);
    const number = Math.max(0, ...old.map(numberOf)) + 1;
    await rename(logFile, `${logFile}.${String(number).padStart(NUMBER_DIGITS, "0")}`);
    // The renamed one and the one being written count too.
    for (const path of old.slice(0, Math.max(0, old.length + 2 - filesMax))) {
      await rm(path, { force: true });
    }
    return true;
  },

  removeLog: async (logFile) => {
    for (const path of [...(await rotatedFiles(logFile)), logFile]) await rm(path, { force: true });
  },

  removeDirectory: (path) => rm(path, { recursive: true, force: true }),
};

const NUMBER_DIGITS = 8;
/** Time, stream and tag of a record. */
const RECORD_HEAD_BYTES = 48;

/** Rotated files of a log, the oldest first. */
export async function rotatedFiles(logFile: string): Promise<readonly string[]> {
  const directory = dirname(logFile);
  const prefix = `${basename(logFile)}.`;
  let names: readonly string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  return names
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .sort(compareText)
    .map((name) => join(directory, name));
}

function numberOf(path: string): number {
  return Number(path.slice(path.lastIndexOf(".") + 1));
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readEnd(path: string, bytesMax: number): Promise<Buffer> {
  let file;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
  try {
    const { size } = await file.stat();
    const length = Math.min(size, bytesMax);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
