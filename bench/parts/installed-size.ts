/** What a package takes on disk, alone and with all that it depends on. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

export type PackedSize = {
  /** Of the archive that a registry keeps. */
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly files: number;
};

/** What `npm pack` would make of the package in `folder`. */
export function packedSize(folder: string): PackedSize {
  const words = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const told = execFileSync("npm", words, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(told) as readonly {
    readonly size: number;
    readonly unpackedSize: number;
    readonly entryCount: number;
  }[];
  if (packed === undefined) throw new Error(`npm has packed nothing in ${folder}`);
  return {
    packedBytes: packed.size,
    unpackedBytes: packed.unpackedSize,
    files: packed.entryCount,
  };
}

/** Folders of the packages that the one in `folder` needs, as they are installed here. */
export function dependenciesOf(folder: string): readonly string[] {
  const found = new Set<string>();
  const visit = (from: string): void => {
    const manifest = JSON.parse(readFileSync(join(from, "package.json"), "utf8")) as {
      readonly dependencies?: Readonly<Record<string, string>>;
      readonly optionalDependencies?: Readonly<Record<string, string>>;
    };
    const names = { ...manifest.dependencies, ...manifest.optionalDependencies };
    for (const name of Object.keys(names)) {
      const dependency = installed(name, from);
      if (dependency === undefined || found.has(dependency)) continue; // optional, for elsewhere
      found.add(dependency);
      visit(dependency);
    }
  };
  visit(folder);
  return [...found];
}

/** Bytes of all files below; packages inside are counted by themselves. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? folderBytes(path) : statSync(path).size;
  }
  return bytes;
}

function installed(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, "node_modules", name);
    if (existsSync(join(path, "package.json"))) return realpathSync(path);
    if (dirname(folder) === folder) return undefined;
  }
}
