/**
 * Whether a run is a function of its seed: the same seeds in two processes with different garbage
 * collection and other compilers, and under other versions of Node, must give the same hash of all
 * events. `audit.ts [SEEDS] [--nodes 22,26]`; versions that cannot be had are skipped and said so.
 * Ends with 1 if anything differs, and shows the first event that does.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fetchNode, nodeBinary, type NodeBinary } from "./node-binaries.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { nodes: { type: "string", default: "" } },
});
const seeds = Number(positionals[0] ?? 20);
const majors = values.nodes.split(",").filter((text) => text !== "");
if (!(Number.isSafeInteger(seeds) && seeds > 0) || majors.some((text) => !/^\d+$/.test(text))) {
  console.error("usage: audit.ts [SEEDS] [--nodes 22,26]");
  process.exit(2);
}

/** One way to run all of it. */
type Setting = { readonly binary: NodeBinary; readonly how: string; readonly flags: string[] };

const RUNS = join(import.meta.dirname, "audited-runs.ts");
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

function output({ binary, flags }: Setting, args: readonly string[]): readonly string[] {
  const all = [...process.execArgv, ...flags, RUNS, ...args];
  const options = { encoding: "utf8", maxBuffer: OUTPUT_BYTES_MAX } as const;
  const { stdout, stderr, status } = spawnSync(binary.path, all, options);
  if (status !== 0) throw new Error(`${binary.version} (${binary.path}) has failed: ${stderr}`);
  return stdout.split("\n").filter((line) => line !== "");
}

function nameOf({ binary, how }: Setting): string {
  return `node ${binary.version}, V8 ${binary.v8}, ${how} (${binary.path})`;
}

/** Where two runs of the same system and seed part. */
function showFirst(one: Setting, other: Setting, line: string): void {
  const [system = "", seed = ""] = line.split("\t");
  const [first, second] = [one, other].map((each) => output(each, ["events", system, seed]));
  const at = first?.findIndex((event, nth) => event !== second?.[nth]) ?? -1;
  console.log(`  ${system}, seed ${seed}, event ${at + 1}:`);
  console.log(`    ${first?.[at] ?? "(none)"}\n    ${second?.[at] ?? "(none)"}`);
}

const folder = mkdtempSync(join(tmpdir(), "setpoint-audit-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const own = nodeBinary(process.execPath);
if (own === undefined) throw new Error(`${process.execPath} does not run`);
const settings: Setting[] = [
  {
    binary: own,
    how: "a small heap, no optimizer",
    flags: ["--max-semi-space-size=1", "--no-opt"],
  },
  { binary: own, how: "a large heap, lazy", flags: ["--max-semi-space-size=64", "--max-lazy"] },
];
let skipped = 0;
for (const major of majors) {
  const fetched = fetchNode(Number(major), folder);
  if ("missing" in fetched) {
    skipped += 1;
    console.log(`SKIPPED node ${major}: ${fetched.missing}`);
  } else settings.push({ binary: fetched, how: "as it is", flags: [] });
}

const [first, ...others] = settings;
if (first === undefined) throw new Error("there is nothing to run");
const expected = output(first, [String(seeds)]);
console.log(`${nameOf(first)}: ${expected.length} runs, which the others are compared with`);
let differing = 0;
for (const setting of others) {
  const found = output(setting, [String(seeds)]);
  const different = expected.filter((line, nth) => line !== found[nth]);
  const count = found.length === expected.length ? different.length : expected.length;
  differing += count;
  console.log(`${nameOf(setting)}: ${count === 0 ? "the same" : `${count} DIFFER`}`);
  const [line] = different;
  if (line !== undefined) showFirst(first, setting, line);
}
const versions = new Set(settings.map(({ binary }) => binary.version));
console.log(
  `${expected.length} runs in ${settings.length} processes of ${versions.size} versions of Node: ` +
    `${differing} differ, ${skipped} of ${majors.length} other versions skipped`,
);
process.exit(differing === 0 && expected.length > 0 ? 0 : 1);
