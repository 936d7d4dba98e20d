/**
 * Finds every known bug of the corpus anew and writes the table of docs/internals/simulation.md.
 * `--check` writes nothing and ends with 1 if one is not found within its budget; so does
 * `--guided`, which varies runs that came by something new.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { machineLine } from "../../bench/machine.ts";
import { SimulationError } from "../../src/sim/report/simulation-error.ts";
import { simulate } from "../../src/sim/simulate.ts";
import type { KnownBug } from "../../src/sim/testing/corpus/known-bug.ts";
import { KNOWN_BUGS } from "../../src/sim/testing/corpus/known-bugs.ts";

const RUNS_MAX = 6_000;
const IS_GUIDED = process.argv.includes("--guided");
const START = "<!-- corpus: start -->";
const END = "<!-- corpus: end -->";
const DOCUMENT = join(import.meta.dirname, "../../docs/internals/simulation.md");

type Found = {
  readonly runs: number;
  /** Of this process' CPU, until found, before it was made smaller, and all in all. */
  readonly seconds: number;
  readonly by: string;
  readonly faults: number;
  readonly operations: number;
};

async function find({ name, defect, from, ...options }: KnownBug): Promise<Found | undefined> {
  const before = process.cpuUsage();
  try {
    const explore = IS_GUIDED ? "guided" : "sampled";
    await simulate({ ...options, explore, runs: RUNS_MAX, tapes: "", seed: 1 });
    console.log(`${name}: NOT FOUND in ${RUNS_MAX} runs (${defect}; ${from})`);
    return undefined;
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    const { user, system } = process.cpuUsage(before);
    const found = {
      runs: error.runs,
      seconds: (user + system) / 1e6,
      by: error.invariant,
      faults: Object.keys(error.tape.taken).length,
      operations: error.tape.operations.length,
    };
    console.log(`${name}: run ${found.runs}, ${found.seconds.toFixed(2)} s, ${found.by}`);
    return found;
  }
}

const rows: string[] = [];
const times: number[] = [];
let missed = 0;
for (const bug of KNOWN_BUGS) {
  const found = await find(bug);
  if (found === undefined) missed += 1;
  else times.push(found.seconds);
  const cells =
    found === undefined
      ? [bug.name, bug.defect, bug.from, "not found", "", "", ""]
      : [
          bug.name,
          bug.defect,
          bug.from,
          found.by,
          String(found.runs),
          found.seconds.toFixed(1),
          `${found.faults} + ${found.operations}`,
        ];
  rows.push(`| ${cells.join(" | ")} |`);
}
const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
const summary =
  `${times.length} of ${KNOWN_BUGS.length} found; the median took ${median.toFixed(1)} s of CPU, ` +
  `shrinking included. ${machineLine()}`;
console.log(summary);

if (IS_GUIDED || process.argv.includes("--check")) process.exit(missed === 0 ? 0 : 1);

const table = [
  START,
  "",
  summary,
  "",
  "| name | defect | met in | found by | run | seconds | faults + operations left |",
  "| --- | --- | --- | --- | --: | --: | --- |",
  ...rows,
  "",
  END,
].join("\n");
const text = readFileSync(DOCUMENT, "utf8");
const whole =
  text.slice(0, text.indexOf(START)) + table + text.slice(text.indexOf(END) + END.length);
writeFileSync(DOCUMENT, await format(whole, { parser: "markdown", printWidth: 100 }));
