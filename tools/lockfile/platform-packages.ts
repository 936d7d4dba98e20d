/**
 * Optional packages for other platforms, in the lock file.
 *
 * `npm ci` refuses a lock file that does not list every optional dependency, those for other
 * platforms included; a registry mirror that lacks some of them makes `npm install` write such a
 * file. The missing entries are derived from the versions their parents ask for; npm fetches one
 * only on the platform it is for.
 */

/** An entry of `packages` in a lock file, as far as it matters here. */
export type LockEntry = {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly [field: string]: unknown;
};

export type LockFile = { readonly packages: Readonly<Record<string, LockEntry>> };

/** Words in package names, and the platforms they mean to npm. */
const SYSTEMS: Readonly<Record<string, string>> = {
  aix: "aix",
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  netbsd: "netbsd",
  openbsd: "openbsd",
  openharmony: "openharmony",
  sunos: "sunos",
  win32: "win32",
  windows: "win32",
};
const PROCESSORS: Readonly<Record<string, string>> = {
  arm: "arm",
  arm64: "arm64",
  armv6hf: "arm",
  ia32: "ia32",
  loong64: "loong64",
  mips64el: "mips64el",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  wasm32: "wasm32",
  x64: "x64",
};

/** Names of optional dependencies without an entry, and their versions. */
export function missingOptionals(lock: LockFile): ReadonlyMap<string, LockEntry> {
  const missing = new Map<string, LockEntry>();
  for (const parent of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      if (lock.packages[`node_modules/${name}`] !== undefined) continue;
      missing.set(name, entryFor(name, version.replace(/^[\^~]/, ""), parent.dev === true));
    }
  }
  return missing;
}

/** The lock file with entries for all of them, in npm's order. */
export function completeLockFile(lock: LockFile): LockFile {
  const added = [...missingOptionals(lock)].map(([name, entry]): readonly [string, LockEntry] => [
    `node_modules/${name}`,
    entry,
  ]);
  const entries = [...Object.entries(lock.packages), ...added];
  entries.sort(([a], [b]) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(entries) };
}

function entryFor(name: string, version: string, isDev: boolean): LockEntry {
  const words = name.split(/[/-]/);
  const find = (known: Readonly<Record<string, string>>): readonly string[] =>
    words.flatMap((word) => (Object.hasOwn(known, word) ? [known[word] ?? ""] : []));
  const cpu = find(PROCESSORS);
  const os = find(SYSTEMS);
  return {
    version,
    ...(cpu.length === 0 ? {} : { cpu }),
    ...(isDev ? { dev: true } : {}),
    optional: true,
    ...(os.length === 0 ? {} : { os }),
  };
}
