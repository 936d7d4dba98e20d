/** See the question below. What is measured is the build, as users install it, not the sources. */
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { dependenciesOf, folderBytes, packedSize } from "./parts/installed-size.ts";
import { figure, IS_SMOKE, printQuestion, printTable, spread } from "./parts/report.ts";
import { temporaryFolder } from "./parts/temporary-folder.ts";

const ROUNDS = IS_SMOKE ? 1 : 7;
const ROOT = join(import.meta.dirname, "..");
const OTHER = "@kubernetes/client-node";

/** What a new process prints of an import. */
type Import = {
  readonly ms: number;
  readonly cpuMs: number;
  readonly heapBytes: number;
  readonly modules: number;
  readonly bytes: number;
};

/** Only the import: hooks that count modules would slow it down. */
const TIMED = `
  const start = performance.now();
  const before = process.cpuUsage();
  await import(process.argv[1]);
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  gc();
  const heapBytes = process.memoryUsage().heapUsed;
  console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1_000, heapBytes }));
`;

const COUNTED = `
  const { registerHooks } = await import("node:module");
  const { statSync } = await import("node:fs");
  const { fileURLToPath } = await import("node:url");
  const seen = new Map();
  registerHooks({
    load(url, context, next) {
      if (url.startsWith("file:")) seen.set(url, statSync(fileURLToPath(url)).size);
      return next(url, context);
    },
  });
  await import(process.argv[1]);
  const bytes = [...seen.values()].reduce((sum, size) => sum + size, 0);
  console.log(JSON.stringify({ modules: seen.size, bytes }));
`;

/** Builds the package into `folder`, where it can import itself by its own name. */
function build(folder: string): void {
  const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  // Whether the types are right is asked elsewhere.
  const target = ["-p", "tsconfig.build.json", "--noCheck", "--outDir", join(folder, "dist")];
  execFileSync(process.execPath, [compiler, ...target], { cwd: ROOT, stdio: "inherit" });
  for (const name of ["package.json", "README.md", "LICENSE", "NOTICE", "CHANGELOG.md"]) {
    copyFileSync(join(ROOT, name), join(folder, name));
  }
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
}

function subpaths(): readonly string[] {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const names = Object.keys(Object(Object(manifest)["exports"]));
  return names.map((name) => name.replace(/^\./, "setpoint"));
}

function run(program: string, specifier: string, folder: string): Partial<Import> {
  const words = ["--expose-gc", "--input-type=module", "-e", program, specifier];
  const said = execFileSync(process.execPath, words, { cwd: folder, encoding: "utf8" });
  return JSON.parse(said) as Partial<Import>;
}

printQuestion("What does it cost to import a subpath of the package, or the official client?", [
  "The build, in a new process each time, the files of all in the system's cache. Modules and",
  `bytes: files that are loaded, dependencies included. ${ROUNDS} round(s), all by turns.`,
  "Heap: after garbage collection, with what Node takes for itself ('nothing').",
]);
await using folder = await temporaryFolder();
build(folder.path);
const specifiers = ["node:process", ...subpaths(), OTHER];
const results = specifiers.map((specifier) => ({
  name: specifier === "node:process" ? "nothing" : specifier,
  specifier,
  counted: run(COUNTED, specifier, folder.path), // and once for the cache
  ms: [] as number[],
  cpuMs: [] as number[],
  heapBytes: [] as number[],
}));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { specifier, ms, cpuMs, heapBytes } of results) {
    const timed = run(TIMED, specifier, folder.path);
    ms.push(timed.ms ?? Number.NaN);
    cpuMs.push(timed.cpuMs ?? Number.NaN);
    heapBytes.push((timed.heapBytes ?? Number.NaN) / 2 ** 20);
  }
}
printTable("Import", [
  ["", "ms", "CPU ms", "modules", "KiB loaded", "MiB heap"],
  ...results.map(({ name, counted, ms, cpuMs, heapBytes }) => [
    name,
    spread(ms, 0),
    spread(cpuMs, 0),
    figure(counted.modules ?? Number.NaN),
    figure((counted.bytes ?? Number.NaN) / 1_024),
    spread(heapBytes, 1),
  ]),
]);

const packages = [
  { name: "setpoint", path: folder.path },
  { name: OTHER, path: join(ROOT, "node_modules", OTHER) },
];
printTable("Package, and what it needs as it is installed on this machine", [
  ["", "KiB packed", "KiB unpacked", "files", "dependencies", "MiB of them"],
  ...packages.map(({ name, path }) => {
    const packed = packedSize(path);
    const dependencies = dependenciesOf(path);
    const bytes = dependencies.reduce((sum, each) => sum + folderBytes(each), 0);
    return [
      name,
      figure(packed.packedBytes / 1_024),
      figure(packed.unpackedBytes / 1_024),
      figure(packed.files),
      figure(dependencies.length),
      figure(bytes / 2 ** 20, 1),
    ];
  }),
]);
