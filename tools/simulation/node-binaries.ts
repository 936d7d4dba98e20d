/** Other versions of Node, from the npm registry, in a temporary folder. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A program to run scripts with. */
export type NodeBinary = { readonly path: string; readonly version: string; readonly v8: string };

export type Fetched = NodeBinary | { readonly missing: string };

/** What a program says of itself; undefined: it does not run here. */
export function nodeBinary(path: string): NodeBinary | undefined {
  const script = "console.log(process.version, process.versions.v8)";
  const { stdout, status } = spawnSync(path, ["-e", script], { encoding: "utf8" });
  if (status !== 0) return undefined;
  const [version = "", v8 = ""] = stdout.trim().split(" ");
  return { path, version, v8 };
}

/**
 * Installs the newest of that major into a folder below `folder`. The package `node` fetches its
 * program in an install script, which npm runs for packages that are named.
 */
export function fetchNode(major: number, folder: string): Fetched {
  const home = join(folder, `node-${major}`);
  mkdirSync(home, { recursive: true });
  const manifest = { private: true, allowScripts: { node: true } };
  writeFileSync(join(home, "package.json"), JSON.stringify(manifest));
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const args = ["install", ...quiet, "--prefix", home];
  const install = spawnSync("npm", [...args, `node@${major}`], {
    cwd: home,
    encoding: "utf8",
    timeout: INSTALL_MS_MAX,
  });
  if (install.status !== 0) return { missing: `npm cannot install it: ${reasonOf(install)}` };
  const binary = nodeBinary(join(home, "node_modules/node/bin/node"));
  if (binary === undefined) return { missing: "what npm has installed does not run here" };
  if (binary.version.startsWith(`v${major}.`)) return binary;
  return { missing: `npm has installed ${binary.version} instead` };
}

const INSTALL_MS_MAX = 180_000;

/** The first line that says what is wrong. */
function reasonOf({ stderr, error }: { readonly stderr: string; readonly error?: Error }): string {
  if (error !== undefined) return error.message;
  const lines = stderr.split("\n").filter((line) => line.startsWith("npm error "));
  const told = lines.map((line) => line.slice("npm error ".length));
  return told.find((line) => !line.startsWith("code ")) ?? "it does not say why";
}
