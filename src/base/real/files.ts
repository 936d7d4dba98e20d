/** Files on the local disk. */
import { mkdir, open, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Files } from "../files.ts";

let sequence = 0; // makes temporary names unique within the process

/** The local file system. */
export const realFiles: Files = {
  read: async (path) => {
    try {
      return new Uint8Array(await readFile(path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  write: async (path, content, options = {}) => {
    await makeFolder(dirname(path));
    sequence += 1;
    const temporary = `${path}.${process.pid}.${sequence}.tmp`;
    const file = await open(temporary, "wx", options.mode ?? 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  },
  list: async (path) => {
    try {
      return (await readdir(path)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },
  remove: (path) => rm(path, { recursive: true, force: true }),
};

/**
 * With the folders above it. Not `recursive`: where a system says that a folder which is there is
 * not, as under /proc, that tries for ever.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (hasCode(error, "EEXIST")) return;
    const above = dirname(path);
    if (!isMissing(error) || above === path || (await isThere(above))) throw error;
    await makeFolder(above);
    await makeFolder(path);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Whether an error of the file system says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT");
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
