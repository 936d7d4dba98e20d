/** The node's files as the container's root is planned from them. */
import { readdir, readlink, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compareText } from "../../../machinery/key.ts";
import type { TreeEntry } from "./sandbox-root.ts";

export async function readHostTree(path: string): Promise<readonly TreeEntry[] | undefined> {
  let entries;
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
  const tree = entries.map(async (entry): Promise<TreeEntry> => {
    const { name } = entry;
    if (entry.isSymbolicLink()) {
      return { kind: "link", name, target: await readlink(join(path, name)) };
    }
    if (entry.isDirectory()) return { kind: "directory", name };
    return { kind: entry.isFile() ? "file" : "other", name };
  });
  return (await Promise.all(tree)).sort((a, b) => compareText(a.name, b.name));
}

/** `path` with the links of its existing part resolved; the rest is as it is written. */
export async function resolveExisting(path: string): Promise<string> {
  const missing: string[] = [];
  let current = path;
  for (;;) {
    try {
      return join(await realpath(current), ...missing);
    } catch (error) {
      if (!(error instanceof Error && "code" in error) || current === "/") throw error;
      missing.unshift(current.slice(current.lastIndexOf("/") + 1));
      current = dirname(current);
    }
  }
}
