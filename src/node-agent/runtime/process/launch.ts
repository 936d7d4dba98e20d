/** From a container's configuration to the command that its watcher runs. */
import { stat } from "node:fs/promises";
import { dirname, isAbsolute, normalize, resolve } from "node:path";
import { RuntimeError, type ContainerConfig, type EnvEntry, type Mount } from "../runtime.ts";
import { readHostTree, resolveExisting } from "./host-tree.ts";
import type { Image } from "./image-store.ts";
import { rootArguments, type RootMount } from "./sandbox-root.ts";
import { SHIM_FD } from "./shim.ts";
import { isExecutable, type Tier, type Tools } from "./tier.ts";

export type LaunchSettings = {
  readonly tier: Tier;
  readonly tools: Tools;
  /** Where programs are looked for if the container does not say. */
  readonly searchPath: string;
  /** Directories of the node that containers must not see into. */
  readonly hiddenPaths: readonly string[];
};

export type LaunchRequest = {
  readonly config: ContainerConfig;
  readonly image: Image;
  readonly hostname: string;
  /** Private and writable; `/tmp` of the container. */
  readonly tmpPath: string;
  readonly terminationMessageFile: string;
};

export type Launch = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Of the watcher; under bubblewrap the container's own is among `sandboxArgs`. */
  readonly cwd: string;
  /** For bubblewrap's `--args`; empty in the plain tier. */
  readonly sandboxArgs: readonly string[];
};

/** What containers may do that run as root: upstream's default set. */
const CAPABILITIES: readonly string[] = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_NET_BIND_SERVICE",
  "CAP_SETFCAP",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
  "CAP_SYS_CHROOT",
];

/** Says at creation what could never start. Throws `create-failed` or `bad-config`. */
export function checkConfig(config: ContainerConfig, image: Image, settings: LaunchSettings): void {
  if (argvOf(config, image).length === 0) {
    const text = `image "${config.image}" has no command of its own: the container must give one`;
    throw new RuntimeError("create-failed", text);
  }
  for (const mount of config.mounts) checkMount(mount, settings.tier);
  userArguments(config, settings.tools);
}

function checkMount(mount: Mount, tier: Tier): void {
  const path = mount.containerPath;
  const isPlace = isAbsolute(path) && !path.split("/").includes("..") && normalize(path) !== "/";
  if (!isPlace || path === "/proc" || path.startsWith("/proc/")) {
    throw new RuntimeError("bad-config", `nothing can be mounted at "${path}"`);
  }
  if (tier === "bubblewrap" || mount.isFoundByEnv || mount.hostPath === path) return;
  const name = `SETPOINT_VOLUME_${mount.volume.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
  throw new RuntimeError(
    "bad-config",
    `volume "${mount.volume}" cannot be mounted at ${path}: this node runs plain processes for ` +
      `want of bubblewrap; install it, or refer to the volume as $(${name})`,
  );
}

/** Variables of other names, `tls.crt` or `data-1`, are dropped by the watcher's shell. */
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Throws `start-failed` for a command that is not there. */
export async function planLaunch(
  request: LaunchRequest,
  settings: LaunchSettings,
): Promise<Launch> {
  const { config, image } = request;
  const { tier, tools } = settings;
  const env = environment(request, settings);
  const cwd = workingDirectory(request);
  const argv = argvOf(config, image);
  await checkDirectory(cwd, config.mounts, tier);
  await checkExecutable(argv[0] ?? "", cwd, env["PATH"] ?? "", config.mounts, tier);
  const command = [...userArguments(config, tools), ...argv];
  const unkept = Object.entries(env).filter(([name]) => !SHELL_NAME.test(name));
  if (tier === "plain") {
    const assigned = unkept.map(([name, value]) => `${name}=${value}`);
    const setter = assigned.length === 0 ? [] : ["/usr/bin/env", "--", ...assigned];
    return { argv: [...setter, ...command], env, cwd, sandboxArgs: [] };
  }

  const fds = ["--args", String(SHIM_FD.sandboxArgs)];
  const status = ["--json-status-fd", String(SHIM_FD.sandboxStatus)];
  return {
    argv: [tools.bwrap ?? "bwrap", ...fds, ...status, "--", ...command],
    env,
    cwd: "/",
    sandboxArgs: [
      ...(await sandboxArguments(request, settings, cwd)),
      ...unkept.flatMap(([name, value]) => ["--setenv", name, value]),
    ],
  };
}

async function sandboxArguments(
  request: LaunchRequest,
  settings: LaunchSettings,
  cwd: string,
): Promise<readonly string[]> {
  const { config, image, hostname, tmpPath, terminationMessageFile } = request;
  const mounts: RootMount[] = [];
  for (const { hostPath, containerPath, isReadOnly } of config.mounts) {
    mounts.push({ hostPath, containerPath: await resolveExisting(containerPath), isReadOnly });
  }
  const root = await rootArguments(
    {
      mounts: [
        ...mounts,
        {
          hostPath: terminationMessageFile,
          containerPath: config.terminationMessagePath,
          isReadOnly: false,
        },
      ],
      tmpPath,
      hiddenPaths: settings.hiddenPaths,
      shownPaths: [
        // Names are looked up as on the node, wherever it keeps its resolver's settings.
        dirname(await resolveExisting("/etc/resolv.conf")),
        ...(image.directory === undefined ? [] : [image.directory]),
      ],
      devices: isRoot() ? "own" : "borrowed",
    },
    readHostTree,
  );
  const namespaces = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", hostname];
  const capabilities = isRoot()
    ? ["--cap-drop", "ALL", ...CAPABILITIES.flatMap((name) => ["--cap-add", name])]
    : [];
  return [...root, ...namespaces, ...capabilities, "--chdir", cwd];
}

function argvOf(config: ContainerConfig, image: Image): readonly string[] {
  if (config.command.length > 0) return [...config.command, ...config.args];
  return [...image.entrypoint, ...(config.args.length > 0 ? config.args : image.cmd)];
}

/** Where the command is started, in the container's own view. */
export function workingDirectory({ config, image }: LaunchRequest): string {
  return resolve("/", config.workingDir === "" ? image.workingDir : config.workingDir);
}

/** Defaults, then the image's variables, then the container's. */
export function environment(
  request: LaunchRequest,
  settings: LaunchSettings,
): Readonly<Record<string, string>> {
  const { config, image, tmpPath, terminationMessageFile } = request;
  const isPlain = settings.tier === "plain";
  const own: readonly EnvEntry[] = [
    { name: "PATH", value: settings.searchPath },
    ...(isPlain ? [{ name: "TMPDIR", value: tmpPath }] : []),
    {
      name: "SETPOINT_TERMINATION_LOG",
      value: isPlain ? terminationMessageFile : config.terminationMessagePath,
    },
  ];
  const fromImage = Object.entries(image.env).map(([name, value]) => ({ name, value }));
  const entries = [...own, ...fromImage, ...config.env];
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}

/** The words that make a command run as another user; none if it runs as the agent does. */
export function userArguments(config: ContainerConfig, tools: Tools): readonly string[] {
  const { user, group, isNonRootRequired } = config.runAs;
  const ownUser = process.getuid?.() ?? 0;
  if (isNonRootRequired && (user ?? ownUser) === 0) {
    const text = "container has runAsNonRoot and image will run as root";
    throw new RuntimeError("bad-config", text);
  }
  if (user === undefined && group === undefined) return [];
  if (user === ownUser && group === undefined) return [];
  if (!isRoot() || tools.setpriv === undefined) {
    const text = "runAsUser and runAsGroup need a node agent that runs as root, and setpriv";
    throw new RuntimeError("bad-config", text);
  }
  const ids = [`--reuid=${user ?? ownUser}`, `--regid=${group ?? 0}`, "--clear-groups"];
  return [tools.setpriv, ...ids, "--no-new-privs", "--"];
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function checkDirectory(cwd: string, mounts: readonly Mount[], tier: Tier): Promise<void> {
  const path = tier === "plain" ? cwd : hostPathOf(cwd, mounts);
  const isThere = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  if (isThere) return;
  throw new RuntimeError("start-failed", `chdir to "${cwd}": no such directory`);
}

async function checkExecutable(
  name: string,
  cwd: string,
  searchPath: string,
  mounts: readonly Mount[],
  tier: Tier,
): Promise<void> {
  const onHost = (path: string): string => (tier === "plain" ? path : hostPathOf(path, mounts));
  if (name.includes("/")) {
    const path = resolve(cwd, name);
    if (await isExecutable(onHost(path))) return;
    throw new RuntimeError("start-failed", `exec: "${name}": no such file, or not executable`);
  }
  for (const directory of searchPath.split(":").filter((one) => one !== "")) {
    if (await isExecutable(onHost(resolve(cwd, directory, name)))) return;
  }
  throw new RuntimeError("start-failed", `exec: "${name}": executable file not found in $PATH`);
}

/** Where on the node the container's path is. */
function hostPathOf(path: string, mounts: readonly Mount[]): string {
  const mount = mounts
    .filter(({ containerPath }) => path === containerPath || path.startsWith(`${containerPath}/`))
    .toSorted((a, b) => b.containerPath.length - a.containerPath.length)[0];
  if (mount === undefined) return path;
  return mount.hostPath + path.slice(mount.containerPath.length);
}
