/**
 * Volumes on the node's disk: `<root>/<pod uid>/<volume>`.
 *
 * A volume of files has the layout Kubernetes has: the files are in a fresh directory, `..data` is
 * a symbolic link to it that is replaced by a rename, and each visible name is a link into
 * `..data`. A reader that opens a file gets the old or the new content, never a mixture.
 */
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink } from "node:fs/promises";
import { chmod, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, sep } from "node:path";
import { isMissing } from "../../base/real/files.ts";
import { compareText } from "../../machinery/key.ts";
import { ConfigError } from "../pod/config-error.ts";
import type { PodVolumes, VolumeContent, VolumeFile } from "./volumes.ts";

const DATA_LINK = "..data";

/** Volumes below `root`, which belongs to them alone. */
export function diskVolumes(root: string): PodVolumes {
  return {
    prepare: async (podUid, contents) => {
      const paths = new Map<string, string>();
      for (const content of contents) {
        const path = join(root, podUid, content.name);
        paths.set(content.name, await prepareOne(path, content));
      }
      return paths;
    },
    subPath: safeSubPath,
    remove: (podUid) => rm(join(root, podUid), { recursive: true, force: true }),
    list: () => listNames(root),
  };
}

async function prepareOne(path: string, content: VolumeContent): Promise<string> {
  switch (content.kind) {
    case "empty":
      await mkdir(path, { recursive: true });
      await chmod(path, 0o777); // whatever user the containers run as
      return path;
    case "files":
      await mkdir(path, { recursive: true, mode: 0o755 });
      await writeFiles(path, content.files);
      return path;
    case "host":
      await checkHostPath(content);
      return content.path;
  }
}

async function writeFiles(path: string, files: readonly VolumeFile[]): Promise<void> {
  const wanted = mergeFiles(files);
  const current = await readLink(join(path, DATA_LINK));
  if (current !== undefined && (await isSame(join(path, current), wanted))) return;

  const fresh = await mkdtemp(join(path, "..v"));
  await chmod(fresh, 0o755);
  for (const file of wanted.values()) {
    const target = join(fresh, file.path);
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await writeFile(target, file.content);
    await chmod(target, file.mode); // the mode of open() is cut by the umask
  }
  const link = join(path, "..data-new");
  await rm(link, { force: true });
  await symlink(basename(fresh), link);
  await rename(link, join(path, DATA_LINK));
  await showNames(path, wanted);
  await removeOld(path, basename(fresh));
}

/** Of two files with one path the later wins, as in projected volumes. */
function mergeFiles(files: readonly VolumeFile[]): ReadonlyMap<string, VolumeFile> {
  return new Map(files.map((file) => [file.path, file]));
}

async function isSame(folder: string, wanted: ReadonlyMap<string, VolumeFile>): Promise<boolean> {
  const present = await listFiles(folder);
  if (present === undefined || present.length !== wanted.size) return false;
  for (const file of wanted.values()) {
    if (!present.includes(file.path)) return false;
    const path = join(folder, file.path);
    const [bytes, info] = await Promise.all([readFile(path), lstat(path)]);
    if (!bytes.equals(file.content) || (info.mode & 0o777) !== (file.mode & 0o777)) return false;
  }
  return true;
}

async function listFiles(folder: string): Promise<readonly string[] | undefined> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** One link for each first part of a path; links to what is gone are taken away. */
async function showNames(path: string, wanted: ReadonlyMap<string, VolumeFile>): Promise<void> {
  const names = new Set([...wanted.keys()].map((file) => file.split("/")[0] ?? file));
  const present = (await readdir(path)).filter((name) => !name.startsWith(".."));
  for (const name of names) {
    if (!present.includes(name)) await symlink(join(DATA_LINK, name), join(path, name));
  }
  for (const name of present) if (!names.has(name)) await rm(join(path, name), { force: true });
}

async function removeOld(path: string, keep: string): Promise<void> {
  const names = await readdir(path);
  const old = names.filter((name) => name.startsWith("..v") && name !== keep);
  await Promise.all(old.map((name) => rm(join(path, name), { recursive: true, force: true })));
}

async function checkHostPath(
  content: Extract<VolumeContent, { readonly kind: "host" }>,
): Promise<void> {
  const { name, path, type } = content;
  if (!isAbsolute(path) || path.split("/").includes("..")) {
    throw new ConfigError(`volume "${name}": hostPath "${path}" is not an absolute path`);
  }
  if (type === "") return;
  if (type === "DirectoryOrCreate") await mkdir(path, { recursive: true, mode: 0o755 });
  if (type === "FileOrCreate") await writeFile(path, "", { flag: "a", mode: 0o644 });
  const info = await statOf(path);
  const isRight =
    info !== undefined &&
    ((type.startsWith("Directory") && info.isDirectory()) ||
      (type.startsWith("File") && info.isFile()) ||
      (type === "Socket" && info.isSocket()) ||
      (type === "CharDevice" && info.isCharacterDevice()) ||
      (type === "BlockDevice" && info.isBlockDevice()));
  if (isRight) return;
  throw new ConfigError(`volume "${name}": hostPath type check failed: ${path} is not a ${type}`);
}

async function statOf(path: string) {
  try {
    return await lstat(await realpath(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Walks down link by link, so that nothing is made outside before it is found to be outside. */
async function safeSubPath(volumePath: string, subPath: string): Promise<string> {
  if (isAbsolute(subPath) || subPath.split("/").includes("..")) {
    throw new ConfigError(`subPath "${subPath}" must stay inside its volume`);
  }
  const root = await realpath(volumePath);
  let path = root;
  for (const part of subPath.split("/").filter((name) => name !== "" && name !== ".")) {
    const next = join(path, part);
    const real = await realPathOf(next);
    if (real === undefined) await mkdir(next, { mode: 0o755 });
    path = real ?? next;
    if (path !== root && !path.startsWith(root + sep)) {
      throw new ConfigError(`subPath "${subPath}" leads out of its volume`);
    }
  }
  return path;
}

async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readLink(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function listNames(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort(compareText);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
