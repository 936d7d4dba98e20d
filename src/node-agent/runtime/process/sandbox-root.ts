/**
 * The file system a container sees under bubblewrap: the node's own files, read-only, with private
 * `/tmp`, `/run`, `/dev` and `/proc`, and volumes at their paths. Pure.
 *
 * A volume may be mounted where the node has nothing. Nothing can be made below a read-only bind,
 * so a directory that lacks the mount point is put together anew from binds of its entries.
 */
import { RuntimeError } from "../runtime.ts";

export type TreeEntry =
  | { readonly kind: "directory" | "file" | "other"; readonly name: string }
  | { readonly kind: "link"; readonly name: string; readonly target: string };

/** The node's files: entries of a directory; undefined if it is none. */
export type ReadTree = (path: string) => Promise<readonly TreeEntry[] | undefined>;

export type RootMount = {
  readonly hostPath: string;
  /** Absolute, links of the node resolved as far as it exists there. */
  readonly containerPath: string;
  readonly isReadOnly: boolean;
};

export type RootPlan = {
  readonly mounts: readonly RootMount[];
  /** Private, writable, kept on the node's disk. */
  readonly tmpPath: string;
  /** Directories of the node the container must not see into. */
  readonly hiddenPaths: readonly string[];
  /** Directories it must see although they are in a hidden or private place. */
  readonly shownPaths: readonly string[];
  /**
   * `own`: a device file system with pseudo-terminals. `borrowed`: the usual devices of the node.
   * For the first, bubblewrap without root needs a second user namespace, which nobody can enter to
   * run a command in the container.
   */
  readonly devices: "own" | "borrowed";
};

/** More entries than this are not bound one by one. */
export const EXPANDED_ENTRIES_MAX = 4_000;

/** Made anew for every container, whatever the node has there. */
const PRIVATE_PATHS: readonly string[] = ["/proc", "/dev", "/tmp", "/run"];

/** Arguments for bubblewrap that build the root. */
export async function rootArguments(plan: RootPlan, read: ReadTree): Promise<readonly string[]> {
  const mounts = plan.mounts.toSorted((a, b) => depthOf(a) - depthOf(b));
  const expanded = await directoriesToExpand(
    mounts.map((mount) => mount.containerPath),
    read,
  );
  const args = await bindRoot(expanded, read);
  args.push("--proc", "/proc", ...deviceArguments(plan.devices), "--tmpfs", "/run");
  args.push("--bind", plan.tmpPath, "/tmp");
  const hidden = plan.hiddenPaths.filter((path) => !isPrivate(path));
  for (const path of hidden) args.push("--tmpfs", path);
  for (const path of plan.shownPaths) {
    const isCovered = [...PRIVATE_PATHS, ...hidden].some((root) => isBelow(path, root));
    if (isCovered) args.push("--ro-bind", path, path);
  }
  for (const { hostPath, containerPath, isReadOnly } of mounts) {
    args.push(isReadOnly ? "--ro-bind" : "--bind", hostPath, containerPath);
  }
  args.push("--remount-ro", "/");
  return args;
}

const DEVICES: readonly string[] = ["null", "zero", "full", "random", "urandom", "tty"];

function deviceArguments(devices: RootPlan["devices"]): readonly string[] {
  if (devices === "own") return ["--dev", "/dev"];
  const files = DEVICES.flatMap((name) => ["--dev-bind", `/dev/${name}`, `/dev/${name}`]);
  const links = [
    ["--symlink", "/proc/self/fd", "/dev/fd"],
    ["--symlink", "/proc/self/fd/0", "/dev/stdin"],
    ["--symlink", "/proc/self/fd/1", "/dev/stdout"],
    ["--symlink", "/proc/self/fd/2", "/dev/stderr"],
  ];
  return ["--tmpfs", "/dev", ...files, ...links.flat(), "--tmpfs", "/dev/shm"];
}

async function bindRoot(expanded: ReadonlySet<string>, read: ReadTree): Promise<string[]> {
  const args: string[] = [];
  const pending = ["/"];
  let count = 0;
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    if (path !== "/") args.push("--dir", path);
    for (const entry of (await read(path)) ?? []) {
      const child = join(path, entry.name);
      if (PRIVATE_PATHS.includes(child)) continue;
      count += 1;
      if (count > EXPANDED_ENTRIES_MAX) throw tooLarge(path);
      if (expanded.has(child)) pending.push(child);
      else if (entry.kind === "link") args.push("--symlink", entry.target, child);
      else if (entry.kind !== "other") args.push("--ro-bind", child, child);
    }
  }
  return args;
}

/** Directories that exist and lack the way to a mount point, with all directories above them. */
async function directoriesToExpand(
  mountPaths: readonly string[],
  read: ReadTree,
): Promise<ReadonlySet<string>> {
  const expanded = new Set(["/"]);
  for (const path of mountPaths) {
    if (isPrivate(path)) continue;
    const above: string[] = [];
    let current = "/";
    for (const part of path.split("/").filter((name) => name !== "")) {
      const entries = await read(current);
      const entry = entries?.find(({ name }) => name === part);
      above.push(current);
      if (entry === undefined) {
        if (entries !== undefined) for (const directory of above) expanded.add(directory);
        break;
      }
      current = join(current, part);
    }
  }
  return expanded;
}

function isPrivate(path: string): boolean {
  return PRIVATE_PATHS.some((root) => isBelow(path, root));
}

/** Whether `path` is `root` or below it. */
function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

function join(path: string, name: string): string {
  return path === "/" ? `/${name}` : `${path}/${name}`;
}

function depthOf(mount: RootMount): number {
  return mount.containerPath.split("/").length;
}

function tooLarge(path: string): RuntimeError {
  const text = `a volume cannot be mounted below ${path}: the node has too many files there`;
  return new RuntimeError("bad-config", text);
}
